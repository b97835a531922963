"""The administrator at a seat of a database with roles: he looks, and is told where the rest is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import select

from hotline_tui.data.imports.regions import RegionRow
from hotline_tui.data.imports.topics import TopicRow
from hotline_tui.data.imports.units import UnitRow
from hotline_tui.errors import NotAllowed
from hotline_tui.models import Account, CalendarRow, Event, NoticedYear, Region, Site, Topic, Unit
from hotline_tui.rules.words import Role
from hotline_tui.services import accounts, calendar, organisation, regions
from hotline_tui.services.accounts import NewAccount
from hotline_tui.services.desk import Desk
from hotline_tui.services.passwords import hashed
from tests.builders import Town
from tests.engines import GUARDED
from tests.rules.notice.samples import MODERN

pytestmark = [
    pytest.mark.requirement("R-13a"),
    pytest.mark.parametrize("storage", [GUARDED], indirect=True),
]
PASSWORD = "correct horse battery 口令"
KEPT = (Account, CalendarRow, Event, NoticedYear, Region, Site, Topic, Unit)
UNIT = UnitRow(row=2, key="a", name="新名称", short_name="", region="", duties="", aliases=(), parent="")

DEEDS: dict[str, tuple[Callable[[Town, Desk], object], str]] = {
    "an account made": (
        lambda town, desk: accounts.create(desk, NewAccount("xinren", "新人", Role.AGENT, "C01"), PASSWORD),
        "以库主的地址用命令行",
    ),
    "an account closed": (lambda town, desk: accounts.close(desk, town.accounts["agent"]), "以库主的地址用命令行"),
    "an account reopened": (lambda town, desk: accounts.reopen(desk, town.accounts["agent"]), "以库主的地址用命令行"),
    "a password reset": (
        lambda town, desk: accounts.reset_password(desk, town.accounts["agent"], PASSWORD),
        "以库主的地址用命令行",
    ),
    "accounts listed": (lambda town, desk: accounts.listing(desk), "以库主的地址用命令行"),
    "a site renamed": (lambda town, desk: organisation.save_site(desk, "C01", "新站"), "以库主的地址用命令行"),
    "a unit renamed": (lambda town, desk: organisation.save_units(desk, [UNIT]), "以库主的地址用命令行"),
    "a region": (
        lambda town, desk: regions.save_regions(desk, [RegionRow(2, "x", "新区")]),
        "以库主的地址用命令行",
    ),
    "a topic": (
        lambda town, desk: organisation.save_topics(
            desk, [TopicRow(row=2, path=("新分类",), unit="", words=(), absent=frozenset())]
        ),
        "以库主的地址用命令行",
    ),
    "a notice previewed": (lambda town, desk: calendar.preview_notice(desk, MODERN), "工作日历由热线办在这里维护"),
    "a notice applied": (lambda town, desk: calendar.apply_notice(desk, MODERN), "工作日历由热线办在这里维护"),
    "a day changed": (
        lambda town, desk: calendar.add_days(desk, [date(2026, 11, 24)], "肉孜节", "自治区放假通知"),
        "工作日历由热线办在这里维护",
    ),
}


def kept(town: Town) -> list[str]:
    """Every row of what an administrator keeps."""
    with town.store.read() as session:
        return sorted(repr(row) for table in KEPT for row in session.exec(select(table)))


@pytest.mark.parametrize("deed", DEEDS)
def test_what_no_seat_keeps_is_refused_in_a_sentence_that_says_who_does_and_changes_nothing(
    town: Town, deed: str
) -> None:
    before = kept(town)
    do, sentence = DEEDS[deed]
    with pytest.raises(NotAllowed, match=sentence):
        do(town, town.admin)
    assert kept(town) == before


def test_he_sees_the_calendar_and_the_sources_of_its_days(town: Town) -> None:
    town.at("2026-11-20 10:00")
    calendar.add_days(town.office, [date(2026, 11, 24)], "肉孜节", "自治区放假通知")
    (row,) = calendar.sources(town.admin, date(2026, 11, 24))
    assert (row.works, row.source) == (False, "自治区放假通知")


def test_he_changes_his_own_password(town: Town) -> None:
    with town.store.write() as session:
        session.get_one(Account, town.accounts["admin"]).password_hash = hashed(PASSWORD)
        session.commit()
    accounts.change_password(town.admin, PASSWORD, "another horse 新口令")
    desk = accounts.sign_in(town.admin.store.seated(None), town.settings, "admin", "another horse 新口令")
    assert desk.role is Role.ADMIN
