"""Sites, regions, units and topics are kept from lists; the same list again changes nothing."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.data.imports.regions import RegionRow
from hotline_tui.data.imports.topics import TopicRow
from hotline_tui.data.imports.units import UnitRow
from hotline_tui.data.queries import picks
from hotline_tui.errors import NotAllowed, UsageError
from hotline_tui.models import Event, Region, Site, Topic, Unit
from hotline_tui.rules.words import OfficeAction
from hotline_tui.screens.directory import Directory
from hotline_tui.screens.widgets.picker import Picker
from hotline_tui.services import organisation
from hotline_tui.services.organisation import topic_names, unit_names
from hotline_tui.services.regions import save_regions
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = OWNERS


def unit(row: int, key: str, name: str, parent: str | None = None, **told) -> UnitRow:
    """A row of a list that says nothing of what is not given."""
    empty = {"short_name": "", "region": "", "duties": "", "aliases": (), "parent": ""}
    told |= {} if parent is None else {"parent": parent}
    return UnitRow(row=row, key=key, name=name, absent=frozenset(empty) - frozenset(told), **(empty | told))


def units(town: Town) -> dict[str, Unit]:
    with town.store.read() as session:
        return {each.key: each for each in session.exec(select(Unit))}


def counts(taken: organisation.Taken) -> tuple[int, int, int]:
    return taken.created, taken.existing, taken.updated


def test_units_come_with_spelling_parent_and_region_whatever_their_order(town: Town) -> None:
    rows = [
        unit(2, "gas-b", "燃气公司北站", "gas"),
        unit(3, "gas", "燃气公司", "city", aliases=("天然气", "煤气"), duties="燃气"),
        unit(4, "city", "城市管理局", region="新河街道"),
    ]
    assert counts(organisation.save_units(town.office, rows)) == (3, 0, 0)
    known = units(town)
    assert known["gas-b"].parent_id == known["gas"].id
    assert known["gas"].parent_id == known["city"].id
    assert known["city"].region_id == town.region
    assert known["gas"].spelling == "ran qi gong si"
    assert known["gas"].aliases == "天然气\n煤气"


def test_the_same_list_again_changes_nothing_and_leaves_no_event(town: Town) -> None:
    rows = [unit(2, "gas", "燃气公司", duties="燃气"), unit(3, "gas-b", "燃气公司北站", "gas")]
    organisation.save_units(town.office, rows)
    assert counts(organisation.save_units(town.office, rows)) == (0, 2, 0)
    with town.store.read() as session:
        assert len(session.exec(select(Event).where(Event.action == OfficeAction.SAVE_UNITS)).all()) == 1


def test_a_changed_row_is_an_update_and_what_the_list_says_nothing_of_stays(town: Town) -> None:
    organisation.save_units(town.office, [unit(2, "gas", "燃气公司", duties="燃气", short_name="燃气")])
    assert counts(organisation.save_units(town.office, [unit(2, "gas", "燃气集团")])) == (0, 1, 1)
    saved = units(town)["gas"]
    assert (saved.name, saved.short_name, saved.duties) == ("燃气集团", "燃气", "燃气")
    assert saved.spelling == "ran qi ji tuan"


def test_an_empty_cell_empties_the_field(town: Town) -> None:
    full = unit(2, "gas", "燃气公司", "estates", region="新河街道", duties="燃气", short_name="燃气", aliases=("煤气",))
    organisation.save_units(town.office, [full])
    assert units(town)["gas"].region_id == town.region
    cleared = unit(2, "gas", "燃气公司", "", region="", duties="", short_name="", aliases=())
    assert counts(organisation.save_units(town.office, [cleared])) == (0, 1, 1)
    saved = units(town)["gas"]
    assert (saved.parent_id, saved.region_id) == (None, None)
    assert (saved.duties, saved.short_name, saved.aliases) == ("", "", "")


def test_a_list_without_keys_goes_by_names(town: Town) -> None:
    rows = [unit(2, "", "水务局"), unit(3, "", "自来水公司", "水务局"), unit(4, "", "城南新区房产管理分局")]
    assert counts(organisation.save_units(town.office, rows)) == (2, 1, 0)
    assert counts(organisation.save_units(town.office, rows)) == (0, 3, 0)
    assert units(town)["自来水公司"].parent_id == units(town)["水务局"].id


@pytest.mark.parametrize(
    "rows",
    [
        [unit(2, "x", "甲", "x")],
        [unit(2, "x", "甲", "y"), unit(3, "y", "乙", "x")],
        [unit(2, "x", "甲", "z"), unit(3, "y", "乙", "x"), unit(4, "z", "丙", "y")],
        [unit(2, "housing", "城南新区房产管理分局", "estates")],
    ],
    ids=["itself", "two", "three", "one that is known already"],
)
def test_a_unit_cannot_stand_below_itself(town: Town, rows: list[UnitRow]) -> None:
    before = units(town)
    taken = organisation.save_units(town.office, rows)
    assert counts(taken) == (0, 0, 0)
    assert [row for row, _ in taken.rejected] == [each.row for each in rows]
    assert units(town) == before


def test_an_unknown_superior_rejects_the_row_and_what_stands_below_it_but_not_the_others(town: Town) -> None:
    rows = [unit(2, "a1", "甲", "nowhere"), unit(3, "a2", "乙", "a1"), unit(4, "a3", "丙")]
    taken = organisation.save_units(town.office, rows)
    assert taken.created == 1
    assert taken.rejected == [(2, "没有这个上级: nowhere"), (3, "没有这个上级: a1")]


def test_a_region_that_nobody_knows_is_made_with_its_unit(town: Town) -> None:
    organisation.save_units(town.office, [unit(2, "north", "北山街道办事处", region="北山街道")])
    with town.store.read() as session:
        region = session.exec(select(Region).where(Region.name == "北山街道")).one()
    assert units(town)["north"].region_id == region.id
    assert region.spelling == "bei shan jie dao"


def test_regions_form_a_tree(town: Town) -> None:
    rows = [RegionRow(2, "n.h", "荷花社区", "n"), RegionRow(3, "n", "北山街道")]
    assert counts(save_regions(town.admin, rows)) == (2, 0, 0)
    assert counts(save_regions(town.admin, rows)) == (0, 2, 0)
    with town.store.read() as session:
        known = {each.key: each for each in session.exec(select(Region))}
    assert known["n.h"].parent_id == known["n"].id


def test_topics_come_with_those_above_them_and_their_unit(town: Town) -> None:
    rows = [
        TopicRow(2, ("环保", "噪声", "施工噪声"), "房产分局", ("打桩",)),
        TopicRow(3, ("环保",), "工商分局"),
        TopicRow(4, ("物业管理", "停车收费"), "", absent=frozenset({"unit", "words"})),
    ]
    assert counts(organisation.save_topics(town.office, rows)) == (1, 2, 1)
    assert counts(organisation.save_topics(town.office, rows)) == (0, 3, 0)
    with town.store.read() as session:
        known = {each.path: each for each in session.exec(select(Topic))}
    noise = known["环保/噪声/施工噪声"]
    assert (noise.name, noise.unit_id, noise.words) == ("施工噪声", town.a, "打桩")
    assert noise.spelling == "huan bao zao sheng shi gong zao sheng"
    assert noise.parent_id == known["环保/噪声"].id
    assert known["环保"].unit_id == town.b
    assert known["物业管理/停车收费"].unit_id == town.a


def test_an_empty_cell_takes_the_unit_from_a_topic_and_the_words_stay(town: Town) -> None:
    path = ("环保", "噪声")
    organisation.save_topics(town.office, [TopicRow(2, path, "房产分局", ("打桩",))])
    cleared = TopicRow(2, path, "", absent=frozenset({"words"}))
    assert counts(organisation.save_topics(town.office, [cleared])) == (0, 1, 1)
    with town.store.read() as session:
        saved = session.exec(select(Topic).where(Topic.path == "环保/噪声")).one()
    assert (saved.unit_id, saved.words) == (None, "打桩")


def test_a_topic_of_an_unknown_unit_is_rejected(town: Town) -> None:
    taken = organisation.save_topics(town.office, [TopicRow(5, ("环保",), "气象局")])
    assert taken.rejected == [(5, "没有这个承办单位: 气象局")]
    assert taken.created == 0


def test_a_name_that_two_units_share_names_neither(town: Town) -> None:
    organisation.save_units(
        town.office, [unit(2, "u1", "一局", aliases=("热线", "甲")), unit(3, "u2", "二局", aliases=("热线",))]
    )
    with town.store.read() as session:
        names, topics = unit_names(session), topic_names(session)
    assert "热线" not in names
    assert names["甲"] == names["u1"] == names["一局"]
    assert topics["停车收费"] == topics["物业管理/停车收费"] == town.parking


def test_a_site_is_made_and_renamed(town: Town) -> None:
    organisation.save_site(town.admin, "N02", "新河便民点")
    organisation.save_site(town.admin, "N02", "新河便民服务点")
    with town.store.read() as session:
        assert session.get_one(Site, "N02").name == "新河便民服务点"
    with pytest.raises(UsageError, match="站点编号"):
        organisation.save_site(town.admin, "n 2", "新河")


@pytest.mark.parametrize("login", ["agent", "handler", "leader", "city_leader", "authority"])
def test_only_the_office_and_the_administrator_keep_the_organisation(town: Town, login: str) -> None:
    desk = town.desks[login]
    for attempt in (
        lambda: organisation.save_site(desk, "N02", "点"),
        lambda: save_regions(desk, [RegionRow(2, "n", "北山街道")]),
        lambda: organisation.save_units(desk, [unit(2, "gas", "燃气公司")]),
        lambda: organisation.save_topics(desk, [TopicRow(2, ("环保",), "")]),
    ):
        with pytest.raises(NotAllowed, match="热线办、系统管理员"):
            attempt()


def test_a_unit_is_chosen_by_any_of_its_names_in_characters_or_pinyin(town: Town) -> None:
    organisation.save_units(town.office, [unit(2, "gas", "燃气公司", "", aliases=("天然气", "煤气站"))])
    with town.store.read() as session:
        items = {unit.key: unit for unit in picks.units(session)}
        directory = Directory(tuple(items.values()))
    assert dict(items["gas"].aliases) == {"天然气": "tian ran qi", "煤气站": "mei qi zhan"}
    assert dict(items["housing"].aliases)["房产分局"] == "fang chan fen ju"
    gas = str(items["gas"].id)
    for typed in ("天然气", "tianranqi", "trq", "mqz"):
        assert Picker("承办单位", directory.unit_items).matches(typed)[0].key == gas


def test_a_key_that_stands_twice_in_a_list_does_not_rename_the_first(town: Town) -> None:
    rows = [unit(2, "U1", "甲局"), unit(3, "U1", "乙局"), unit(4, "", "甲局"), unit(5, "U2", "丙局")]
    taken = organisation.save_units(town.office, rows)
    assert counts(taken) == (2, 0, 0)
    assert taken.rejected == [(3, "编号 U1 在本文件第 2 行已有"), (4, "名称 甲局 在本文件第 2 行已有")]
    assert units(town)["U1"].name == "甲局"


def test_a_topic_that_stands_twice_in_a_list_keeps_the_unit_of_the_first(town: Town) -> None:
    rows = [TopicRow(2, ("环保", "噪声"), "房产分局"), TopicRow(3, ("环保", "噪声"), "工商分局")]
    taken = organisation.save_topics(town.office, rows)
    assert (taken.created, taken.rejected) == (1, [(3, "分类 环保/噪声 在本文件第 2 行已有")])
    with town.store.read() as session:
        assert session.exec(select(Topic).where(Topic.path == "环保/噪声")).one().unit_id == town.a


def test_a_superior_goes_by_short_name_or_alias_too_also_in_the_same_list_and_whatever_the_order(town: Town) -> None:
    rows = [
        unit(2, "b", "燃气公司北站", "煤气"),
        unit(3, "c", "燃气公司南站", "燃气"),
        unit(4, "a", "燃气公司", "城管", short_name="燃气", aliases=("煤气",)),
        unit(5, "x", "城市管理局", short_name="城管"),
        unit(6, "y", "东城管理处", aliases=("处",)),
        unit(7, "z", "西城管理处", aliases=("处",)),
        unit(8, "w", "某站", "处"),
    ]
    taken = organisation.save_units(town.office, rows)
    assert taken.rejected == [(8, "没有这个上级: 处")]
    known = units(town)
    assert known["b"].parent_id == known["c"].parent_id == known["a"].id
    assert known["a"].parent_id == known["x"].id


def test_a_name_that_two_units_have_names_neither(town: Town) -> None:
    organisation.save_units(town.office, [unit(2, "p", "城管所"), unit(3, "q", "城管所")])
    with town.store.read() as session:
        names = unit_names(session)
    assert "城管所" not in names
    assert names["p"] != names["q"]
