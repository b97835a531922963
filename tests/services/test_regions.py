"""属地: a tree kept from lists of it; whoever points to a region goes on to do so when it is renamed or moved."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import col, select

from hotline_tui.data.imports.places import PlaceRow
from hotline_tui.data.imports.regions import RegionRow
from hotline_tui.data.imports.units import UnitRow
from hotline_tui.models import Event, Place, Region, Unit, WorkOrder
from hotline_tui.rules.words import OfficeAction
from hotline_tui.services.letters import import_letters
from hotline_tui.services.organisation import Taken, save_units
from hotline_tui.services.places import save_places
from hotline_tui.services.region_tree import tree_of
from hotline_tui.services.regions import save_regions
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = OWNERS

TREE = (
    RegionRow(2, "", "开福区/东风路街道/和平社区"),
    RegionRow(3, "", "开福区>东风路街道"),
    RegionRow(4, "430105", "开福区"),
    RegionRow(5, "", "和平社区", "望月湖街道"),
    RegionRow(6, "430104008", "望月湖街道", "岳麓区"),
    RegionRow(7, "430104", "岳麓区"),
)
"""Those above named later, by path, by name; 和平社区 in two streets."""


def counts(taken: Taken) -> tuple[int, int, int, int]:
    return taken.created, taken.existing, taken.updated, len(taken.rejected)


def paths(town: Town) -> dict[str, str]:
    """Keys and paths, but that of the town."""
    with town.store.read() as session:
        tree = tree_of(session)
        return {each.key: tree.path(each) for each in tree if each.id != town.region}


def unit(name: str, region: str, row: int = 2) -> UnitRow:
    return UnitRow(row=row, key=name, name=name, short_name="", parent="", region=region, duties="", aliases=())


def region_of(town: Town, name: str) -> str:
    """The path of a unit's region."""
    with town.store.read() as session:
        found = session.exec(select(Unit).where(Unit.name == name)).one().region_id
        tree = tree_of(session)
        return next((tree.path(each) for each in tree if each.id == found), "")


def test_a_tree_comes_in_whatever_the_order_of_its_rows_and_again_changes_nothing(town: Town) -> None:
    assert counts(save_regions(town.office, TREE)) == (6, 0, 0, 0)
    assert paths(town) == {
        "430105": "开福区",
        "开福区/东风路街道": "开福区/东风路街道",
        "开福区/东风路街道/和平社区": "开福区/东风路街道/和平社区",
        "430104": "岳麓区",
        "430104008": "岳麓区/望月湖街道",
        "岳麓区/望月湖街道/和平社区": "岳麓区/望月湖街道/和平社区",
    }
    assert counts(save_regions(town.admin, TREE)) == (0, 6, 0, 0)
    with town.store.read() as session:
        assert len(session.exec(select(Event).where(Event.action == OfficeAction.SAVE_REGIONS)).all()) == 1


def test_those_above_that_only_a_path_names_are_made_with_it(town: Town) -> None:
    assert counts(save_regions(town.office, [RegionRow(2, "c", "开福区/东风路街道/和平社区")])) == (1, 0, 0, 0)
    assert set(paths(town).values()) == {"开福区", "开福区/东风路街道", "开福区/东风路街道/和平社区"}


def test_a_region_is_renamed_and_moved_by_its_key_and_keeps_what_points_to_it(town: Town) -> None:
    save_regions(town.office, TREE)
    save_places(town.office, [PlaceRow(2, "锦绣花园", (), "岳麓区/望月湖街道", "")])
    save_units(town.office, [unit("望月湖办事处", "430104008")])
    renamed = RegionRow(2, "430104008", "望月湖新街道", "开福区")
    assert counts(save_regions(town.office, [renamed])) == (0, 1, 1, 0)
    assert paths(town)["430104008"] == "开福区/望月湖新街道"
    assert region_of(town, "望月湖办事处") == "开福区/望月湖新街道"
    with town.store.read() as session:
        place = session.exec(select(Place)).one()
        assert session.get_one(Region, place.region_id).spelling == "wang yue hu xin jie dao"
    told = RegionRow(2, "430104008", "望月湖街道", absent=frozenset({"parent"}))
    save_regions(town.office, [told])
    assert paths(town)["430104008"] == "开福区/望月湖街道"
    save_regions(town.office, [RegionRow(2, "430104008", "望月湖街道")])
    assert paths(town)["430104008"] == "望月湖街道"


def test_a_region_that_a_list_gives_a_new_key_stays_the_same_region(town: Town) -> None:
    save_units(town.office, [unit("开福局", "开福区"), unit("东风路办", "东风路街道", 3), unit("旧办", "旧区", 4)])
    rows = [RegionRow(2, "430105", "开福区"), RegionRow(3, "430105003", "东风路街道", "430105")]
    assert counts(save_regions(town.office, rows)) == (0, 2, 2, 0)
    assert paths(town) == {"430105": "开福区", "430105003": "开福区/东风路街道", "旧区": "旧区"}
    assert (region_of(town, "开福局"), region_of(town, "东风路办")) == ("开福区", "开福区/东风路街道")


def test_what_was_made_flat_under_the_name_of_a_path_takes_its_place_in_the_tree(town: Town) -> None:
    with town.store.write() as session:
        session.add(Region(key="开福区/东风路街道", name="开福区/东风路街道"))
        session.commit()
    save_units(town.office, [unit("东风路办", "开福区/东风路街道")])
    save_regions(town.office, [RegionRow(2, "", "开福区"), RegionRow(3, "", "东风路街道", "开福区")])
    assert set(paths(town).values()) == {"开福区", "开福区/东风路街道"}
    with town.store.read() as session:
        assert "东风路街道" in {each.name for each in session.exec(select(Region))}


def test_a_name_that_is_in_two_streets_takes_no_region_for_another(town: Town) -> None:
    save_units(town.office, [unit("和平居委会", "和平社区")])
    save_regions(town.office, TREE)
    assert region_of(town, "和平居委会") == "和平社区"
    assert len(paths(town)) == len(TREE) + 1


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([RegionRow(2, "", "甲社区", "没有的街道")], "没有这个上级: 没有的街道"),
        ([RegionRow(2, "x", "甲区", "x")], "没有这个上级: x"),
        ([RegionRow(2, "x", "甲区", "乙区"), RegionRow(3, "y", "乙区", "甲区")], "上级 乙区 是它自己或在它之下"),
        ([RegionRow(2, "430105", "开福区", "开福区/东风路街道")], "上级 开福区/东风路街道 是它自己或在它之下"),
        ([RegionRow(2, "430105", "开福区/甲街道/乙社区")], "上级 开福区/甲街道 是它自己或在它之下"),
        ([RegionRow(2, "", "甲社区", "和平社区")], "区域 和平社区 不止一个, 请写全称或编号, 如 "),
        ([RegionRow(2, "", "开福区/甲街道", "岳麓区")], "名称写的是全称, 与上级区域 岳麓区 不一致, 请只写一种"),
        ([RegionRow(1, "a", "甲区"), RegionRow(2, "a", "乙区")], "编号 a 在本文件第 1 行已有"),
        ([RegionRow(1, "", "甲/乙"), RegionRow(2, "b", "乙", "甲")], "区域 甲/乙 在本文件第 1 行已有"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(town: Town, rows: list[RegionRow], why: str) -> None:
    save_regions(town.office, TREE)
    before = paths(town)
    taken = save_regions(town.office, rows)
    assert dict(taken.rejected)[2].startswith(why)
    assert {key: path for key, path in paths(town).items() if key in before} == before
    assert "乙社区" not in str(paths(town).values())


def test_units_and_places_find_a_region_by_key_name_or_path_and_ask_where_two_bear_the_name(town: Town) -> None:
    save_regions(town.office, TREE)
    named = {
        "430104008": "岳麓区/望月湖街道",
        "望月湖街道": "岳麓区/望月湖街道",
        "岳麓区 > 望月湖街道": "岳麓区/望月湖街道",
        "岳麓区\uff0f望月湖街道": "岳麓区/望月湖街道",
        "望月湖街道/和平社区": "岳麓区/望月湖街道/和平社区",
        "430105/东风路街道": "开福区/东风路街道",
    }
    assert save_units(town.office, [unit(f"局{said}", said, at) for at, said in enumerate(named)]).rejected == []
    assert {said: region_of(town, f"局{said}") for said in named} == named
    assert len(paths(town)) == len(TREE)
    asked = "区域 和平社区 不止一个, 请写全称或编号, 如 开福区/东风路街道/和平社区、岳麓区/望月湖街道/和平社区"
    assert save_units(town.office, [unit("居委会", "和平社区")]).rejected == [(2, asked)]
    taken = save_places(
        town.office,
        [PlaceRow(2, "甲路", (), "和平社区", ""), PlaceRow(3, "乙路", (), "岳麓区>望月湖街道>和平社区", "")],
    )
    assert (taken.created, taken.rejected) == (1, [(2, asked)])


def test_a_path_that_nobody_knows_is_made_with_its_unit_under_what_is_known_of_it(town: Town) -> None:
    save_regions(town.office, TREE)
    taken = save_units(
        town.office, [unit("新办", "开福区/新街道"), unit("旧办", "天心区/旧街道", 3), unit("坏办", "天心区//旧", 4)]
    )
    assert (taken.created, taken.rejected) == (2, [(4, "区域的全称中有空的一级: 天心区//旧")])
    assert (region_of(town, "新办"), region_of(town, "旧办")) == ("开福区/新街道", "天心区/旧街道")
    assert paths(town)["天心区"] == "天心区"


def test_a_letter_takes_a_region_by_its_path_and_none_by_a_name_that_two_bear(town: Town, tmp_path: Path) -> None:
    save_regions(town.office, TREE)
    said = ("和平社区", "岳麓区/望月湖街道/和平社区", "430104", "没有的区")
    file = tmp_path / "letters.csv"
    rows = (f"A{at},甲{at},路灯,2026-11-01,路灯坏了,{region}\n" for at, region in enumerate(said))
    file.write_text(f"编号,姓名,主题,时间,内容,区域\n{''.join(rows)}", encoding="utf-8")
    assert import_letters(town.admin, file, {}, rejects_dir=tmp_path).created == len(said)
    with town.store.read() as session:
        tree = tree_of(session)
        found = {each.id: tree.path(each) for each in tree}
        orders = session.exec(select(WorkOrder).order_by(col(WorkOrder.number))).all()
    assert [found[order.region_id] if order.region_id else None for order in orders] == [None, said[1], "岳麓区", None]
