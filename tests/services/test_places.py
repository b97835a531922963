"""地名: kept from lists; the same list again changes nothing, and what cannot be taken is said row by row."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from hotline_tui.data.imports.places import PlaceRow
from hotline_tui.data.suggest.advisor import Advisor
from hotline_tui.errors import NotAllowed
from hotline_tui.models import Event, Place
from hotline_tui.rules.words import OfficeAction
from hotline_tui.services.organisation import Taken
from hotline_tui.services.places import save_places
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = OWNERS


def row(number: int, name: str, region: str = "新河街道", unit: str = "", aliases: tuple[str, ...] = ()) -> PlaceRow:
    return PlaceRow(number, name, aliases, region, unit)


def counts(taken: Taken) -> tuple[int, int, int, int]:
    return taken.created, taken.existing, taken.updated, len(taken.rejected)


def places(town: Town) -> list[tuple[str, str]]:
    with town.store.read() as session:
        return [(each.name, each.aliases) for each in session.exec(select(Place).order_by(col(Place.name)))]


def events(town: Town) -> int:
    with town.store.read() as session:
        return len(session.exec(select(Event).where(Event.action == OfficeAction.SAVE_PLACES)).all())


def test_the_same_list_again_changes_nothing(town: Town) -> None:
    rows = [row(2, "锦绣花园", aliases=("锦绣", "老锦绣")), row(3, "东风路", unit="房产分局")]
    assert counts(save_places(town.office, rows)) == (2, 0, 0, 0)
    assert counts(save_places(town.admin, rows)) == (0, 2, 0, 0)
    assert events(town) == 1
    assert counts(save_places(town.office, [row(2, "锦绣花园")])) == (0, 1, 1, 0)
    assert places(town) == [("东风路", ""), ("锦绣花园", "")]


def test_what_the_file_says_nothing_of_stays(town: Town) -> None:
    save_places(town.office, [row(2, "锦绣花园", aliases=("锦绣",))])
    told = PlaceRow(2, "锦绣花园", (), "新河街道", "", frozenset({"aliases", "unit"}))
    assert counts(save_places(town.office, [told])) == (0, 1, 0, 0)
    assert places(town) == [("锦绣花园", "锦绣")]


def test_each_row_that_cannot_be_taken_is_named_and_the_others_are_taken(town: Town) -> None:
    rows = [row(2, "甲路", "没有的街道"), row(3, "乙路", unit="没有的局"), row(4, "丙路"), row(5, "丙路")]
    taken = save_places(town.office, rows)
    assert taken.created == 1
    assert [(number, why.partition(";")[0]) for number, why in taken.rejected] == [
        (2, "没有这个区域: 没有的街道"),
        (3, "没有这个承办单位: 没有的局"),
        (5, "地名 丙路 在本文件第 4 行已有"),
    ]


def test_a_list_put_in_the_place_of_all_takes_away_what_it_does_not_hold(town: Town) -> None:
    save_places(town.office, [row(2, "甲路"), row(3, "乙路")])
    save_places(town.office, [row(2, "乙路"), row(3, "丙路", "没有的街道")], replace=True)
    assert [name for name, _ in places(town)] == ["乙路", "甲路"]
    save_places(town.office, [row(2, "乙路")], replace=True)
    assert [name for name, _ in places(town)] == ["乙路"]


def test_others_than_the_office_and_the_administrator_keep_no_places(town: Town) -> None:
    for login in ("agent", "handler", "leader", "authority"):
        with pytest.raises(NotAllowed):
            save_places(town.desks[login], [row(2, "甲路")])


def test_a_place_in_the_text_suggests_its_region_and_its_unit(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotline_tui.data.suggest.advisor.STALE_SECONDS", 0.0)
    advisor = Advisor(town.store)
    with town.store.read() as session:
        assert advisor.advise(session, "锦绣花园门口积水").where is None
    save_places(town.office, [row(2, "锦绣花园", unit="房产分局", aliases=("老锦绣",))])
    for text in ("锦绣花园门口积水", "老锦绣门口积水"):
        with town.store.read() as session:
            where = advisor.advise(session, text).where
        assert where is not None
        assert (where.region_id, where.unit_id) == (town.region, town.a)
