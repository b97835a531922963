"""R-13b: each look at a caller's data can be looked up by those who watch over it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hotline_tui.data.queries.looks import EVERY_LOOK, Look, LookFilter, looks
from hotline_tui.data.queries.rows import Page
from hotline_tui.errors import Refused
from hotline_tui.models import OrderAccused
from hotline_tui.services import notes
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town

pytestmark = pytest.mark.requirement("R-13b")


def listed(desk: Desk, asked: LookFilter = EVERY_LOOK, **options: Any) -> Page[Look]:
    with desk.store.read() as session:
        return looks(session, desk.viewer, asked, **options)


def look(town: Town, desk: Desk, order: Built, reason: str) -> None:
    notes.unmask(desk, order.order_id, reason)
    town.later(minutes=1)


def test_who_looked_at_whose_order_when_and_why_newest_first(town: Town) -> None:
    first, second = town.assigned(), town.register()
    at = town.now
    look(town, town.handler, first, "上门核实前联系")
    look(town, town.agent, second, "补问地址")
    found = listed(town.authority)
    assert [(each.actor, each.number, each.order_id, each.reason) for each in found.rows] == [
        ("坐席03", second.number, second.order_id, "补问地址"),
        ("房产分局 李某", first.number, first.order_id, "上门核实前联系"),
    ]
    assert (found.rows[-1].at, found.next) == (at, None)
    assert listed(town.office) == found


def test_they_are_found_by_person_number_and_day(town: Town) -> None:
    first, second = town.assigned(), town.assigned()
    look(town, town.handler, first, "一")
    town.at("2026-11-23 09:00")
    look(town, town.office, second, "二")
    monday = town.now - timedelta(hours=1)
    for asked, reasons in (
        (LookFilter(person="李某"), ["一"]),
        (LookFilter(person="房产分局"), ["一"]),
        (LookFilter(person="%"), []),
        (LookFilter(number=first.number.lower().replace("-", "")), ["一"]),
        (LookFilter(number=second.number[-4:]), ["二"]),
        (LookFilter(since=monday), ["二"]),
        (LookFilter(until=monday), ["一"]),
        (LookFilter(person="李某", since=monday), []),
    ):
        assert [each.reason for each in listed(town.authority, asked).rows] == reasons, asked


def test_pages_follow_each_other_without_a_gap(town: Town) -> None:
    order = town.register()
    for number in range(7):
        notes.unmask(town.agent, order.order_id, str(number))
    found, after = [], None
    while True:
        page = listed(town.authority, after=after, limit=3)
        found += [each.reason for each in page.rows]
        if (after := page.next) is None:
            break
    assert found == ["6", "5", "4", "3", "2", "1", "0"]


def test_nobody_else_reads_them(town: Town) -> None:
    look(town, town.agent, town.register(), "补问地址")
    for login, desk in town.desks.items():
        if login in {"office", "office2", "authority"}:
            assert listed(desk).rows
        else:
            with pytest.raises(Refused, match="第十三条"):
                listed(desk)


def test_looks_at_an_order_that_accuses_the_own_unit_are_not_listed(town: Town) -> None:
    order = town.assigned()
    look(town, town.office, order, "核对")
    with town.store.write() as session:
        session.add(OrderAccused(order_id=order.order_id, unit_id=town.b))
        session.commit()
    from dataclasses import replace

    of_the_accused = replace(town.authority.viewer, unit_id=town.b, above_ids=frozenset({town.b}))
    with town.store.read() as session:
        assert looks(session, of_the_accused).rows == ()


def test_a_look_without_a_reason_shows_nothing_and_is_not_logged(town: Town) -> None:
    order = town.register()
    for desk, reason in ((town.agent, "  "), (town.city_leader, "想看"), (town.admin, "想看")):
        with pytest.raises(Refused):
            notes.unmask(desk, order.order_id, reason)
    assert listed(town.authority).rows == ()
