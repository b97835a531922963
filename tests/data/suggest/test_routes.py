"""Which units suggest themselves: what speaks for each, where it is, and who is never among them."""

from __future__ import annotations

from uuid import UUID

import pytest

from hotline_tui.data.queries.picks import RegionChoice, TopicChoice, UnitChoice
from hotline_tui.data.suggest.advice import Advice, Likely, Where
from hotline_tui.data.suggest.routes import Facts, Routes
from hotline_tui.data.suggest.topics import best_topics
from hotline_tui.models.columns import new_id

pytestmark = pytest.mark.requirement("R-13a")


def region(name: str, parent: RegionChoice | None = None) -> RegionChoice:
    return RegionChoice(new_id(), name, name, "", parent.id if parent else None, name)


def unit(name: str, of: RegionChoice | None = None, parent: UnitChoice | None = None, duties: str = "") -> UnitChoice:
    return UnitChoice(
        new_id(),
        name,
        name,
        name,
        "",
        (),
        duties,
        parent.id if parent else None,
        name,
        of.id if of else None,
        active=True,
    )


def topic(path: str, of: UnitChoice | None = None) -> TopicChoice:
    name = path.rpartition("/")[2]
    return TopicChoice(new_id(), name, path, "", "", of.id if of else None, of.name if of else "", leaf=True)


CITY = region("星城市")
NORTH, SOUTH = region("开福区", CITY), region("天心区", CITY)
STREET = region("东风路街道", NORTH)
PLANT = unit("市城管局", CITY, duties="夜间施工\n乱收费")
NORTHERN, SOUTHERN = unit("开福区城管局", NORTH), unit("天心区城管局", SOUTH)
OFFICE = unit("开福区东风路街道办事处", STREET)
TEAM = unit("城管大队", None, NORTHERN, duties="占道 摆摊")
UNITS = (PLANT, NORTHERN, SOUTHERN, OFFICE, TEAM)
NOISE, WASTE = topic("环保/噪声", PLANT), topic("环保/垃圾")
ROUTES = Routes(UNITS, (NOISE, WASTE, topic("环保", PLANT)), (CITY, NORTH, SOUTH, STREET))


def suggested(**facts: object) -> list[tuple[str, str]]:
    names = {each.id: each.name for each in UNITS}
    return [(names[each.unit_id], each.why) for each in ROUTES.units_for(Facts(**facts))]  # pyright: ignore[reportArgumentType]


def test_the_unit_of_the_topic_and_of_the_topic_above_where_it_has_none() -> None:
    assert suggested(topic_id=NOISE.id) == [("市城管局", "分类 噪声")]
    assert suggested(topic_id=WASTE.id) == [("市城管局", "分类 垃圾")]


def test_text_says_the_function_and_place_says_who() -> None:
    first, *others = suggested(topic_id=NOISE.id, region_id=STREET.id)
    assert first == ("开福区城管局", "分类 噪声; 属地 开福区 东风路街道")
    assert [name for name, _ in others] == ["市城管局", "开福区东风路街道办事处"]
    there = suggested(advice=Advice(where=Where(SOUTH.id, ("南门口",))), topic_id=NOISE.id)
    assert there[0] == ("天心区城管局", "分类 噪声; 属地 天心区")


def test_a_place_alone_is_behind_whoever_has_the_function_and_its_name_is_no_duty() -> None:
    duty, name = Likely(TEAM.id, 0.4, ("占道",)), Likely(OFFICE.id, 0.6, ("东风路街道", "街道"))
    where = Where(STREET.id, ("东风路街道",))
    first, *_, last = suggested(advice=Advice(units=(duty, name), where=where))
    assert (first[0], last) == ("城管大队", ("开福区东风路街道办事处", "属地 开福区 东风路街道"))
    assert ("开福区东风路街道办事处", "属地 开福区 东风路街道") in suggested(advice=Advice(where=where))


def test_a_reason_names_a_duty_as_it_stands_there_and_nothing_that_is_made_of_places() -> None:
    words = ("家中夜间施工", "夜间工地", "收费", "开福区东风路")
    assert suggested(advice=Advice(units=(Likely(PLANT.id, 0.4, words),))) == [("市城管局", "职责(夜间施工, 收费)")]
    assert suggested(advice=Advice(units=(Likely(TEAM.id, 0.4, ("开福区东风路",)),))) == []
    assert suggested(advice=Advice(units=(Likely(OFFICE.id, 0.4, ("福区东风",)),))) == []
    assert suggested(advice=Advice(units=(Likely(TEAM.id, 0.4, ("大队",)),))) == [("城管大队", "名称(大队)")]


def test_what_earlier_orders_of_the_topic_say_counts_more_than_the_tree() -> None:
    few, many = {NOISE.id: {OFFICE.id: 4}}, {NOISE.id: {OFFICE.id: 9, PLANT.id: 1}}
    assert suggested(topic_id=NOISE.id, advice=Advice(history=few))[0][0] == "市城管局"
    assert suggested(topic_id=NOISE.id, advice=Advice(history=many))[0] == ("开福区东风路街道办事处", "噪声 9/10 件")


def test_similar_orders_and_words_are_named_as_what_they_are() -> None:
    advice = Advice(units=(Likely(TEAM.id, 0.9, ("占道", "摆摊")),), learned=True)
    assert suggested(advice=advice) == [("城管大队", "用词(占道, 摆摊)")]
    assert suggested(similar=(OFFICE.id, OFFICE.id, PLANT.id, None)) == [
        ("开福区东风路街道办事处", "相似工单 2 件"),
        ("市城管局", "相似工单 1 件"),
    ]


def test_the_unit_that_looks_after_a_place_is_named_with_it() -> None:
    advice = Advice(where=Where(STREET.id, ("烈士公园",), TEAM.id))
    assert suggested(advice=advice)[0] == ("城管大队", "地名 烈士公园")


def test_an_accused_unit_and_those_below_it_are_never_suggested() -> None:
    facts = {"similar": (TEAM.id, TEAM.id, NORTHERN.id), "region_id": STREET.id, "topic_id": NOISE.id}
    assert {"城管大队", "开福区城管局"} & {name for name, _ in suggested(**facts)}
    names = {name for name, _ in suggested(**facts, accused=(NORTHERN.id,))}
    assert names == {"市城管局", "开福区东风路街道办事处"}


def test_a_unit_that_is_no_longer_there_is_not_suggested() -> None:
    gone = new_id()
    advice = Advice(units=(Likely(gone, 1.0, ("噪声",)),), history={NOISE.id: {gone: 50}}, learned=True)
    assert suggested(advice=advice, topic_id=NOISE.id, similar=(gone,)) == []


def test_there_are_three_at_most_and_each_has_a_reason() -> None:
    everybody = tuple(each.id for each in UNITS)
    found = suggested(similar=everybody, region_id=STREET.id, topic_id=NOISE.id)
    assert len(found) == 3
    assert all(why for _, why in found)


def test_the_strongest_reason_comes_first_and_of_topics_the_likeliest_is_named_alone() -> None:
    guessed = (Likely(WASTE.id, 0.2, ("渣土",)), Likely(NOISE.id, 0.7, ("噪音",)))
    duty = (Likely(PLANT.id, 0.1, ("夜间施工",)),)
    facts = {"advice": Advice(topics=guessed, units=duty), "similar": (PLANT.id,)}
    assert suggested(**facts)[0] == ("市城管局", "分类 噪声; 相似工单 1 件; 职责(夜间施工)")
    facts["similar"] = (PLANT.id,) * 8
    assert suggested(**facts)[0] == ("市城管局", "相似工单 8 件; 分类 噪声; 职责(夜间施工)")


# -- topics


def proposed(advice: Advice, *similar: UUID | None) -> list[tuple[UUID, str]]:
    return [(each.id, each.why) for each in best_topics(advice, similar)]


def test_topics_by_words_and_by_similar_orders() -> None:
    advice = Advice(topics=(Likely(NOISE.id, 0.5, ("噪音", "工地")), Likely(WASTE.id, 0.4, ("渣土",))))
    assert proposed(advice) == [(NOISE.id, "噪音, 工地"), (WASTE.id, "渣土")]
    assert proposed(advice, WASTE.id, WASTE.id, None) == [
        (WASTE.id, "渣土; 相似工单 2 件"),
        (NOISE.id, "噪音, 工地"),
    ]


def test_one_similar_order_counts_less_than_a_word_of_the_topic() -> None:
    advice = Advice(topics=(Likely(NOISE.id, 0.2, ("噪音",)),))
    assert [each for each, _ in proposed(advice, WASTE.id)] == [NOISE.id, WASTE.id]
    assert [each for each, _ in proposed(advice, *[WASTE.id] * 5)] == [WASTE.id, NOISE.id]


def test_a_topic_for_which_nothing_can_be_named_is_not_proposed() -> None:
    assert proposed(Advice(topics=(Likely(NOISE.id, 0.9),))) == []


MATTERS = topic("环保")
PATHS = {each.id: each.path for each in (MATTERS, NOISE, WASTE)}


def in_the_tree(*topics: Likely) -> list[UUID]:
    return [each.id for each in best_topics(Advice(topics=topics), (), PATHS)]


def test_a_topic_goes_behind_the_narrower_one_that_words_of_its_own_speak_for() -> None:
    wide = Likely(MATTERS.id, 0.5, ("环保",))
    assert in_the_tree(wide, Likely(NOISE.id, 0.3, ("噪声",)), Likely(WASTE.id, 0.4, ("渣土",))) == [
        WASTE.id,
        MATTERS.id,
        NOISE.id,
    ]
    assert in_the_tree(wide, Likely(NOISE.id, 0.3, ("噪声",))) == [NOISE.id, MATTERS.id]


def test_a_wide_topic_stays_first_where_the_words_say_no_more_or_the_narrower_is_far_behind() -> None:
    wide = Likely(MATTERS.id, 0.5, ("环保",))
    assert in_the_tree(wide, Likely(NOISE.id, 0.3, ("环保",))) == [MATTERS.id, NOISE.id]
    assert in_the_tree(wide, Likely(NOISE.id, 0.3, ("环保局",))) == [MATTERS.id, NOISE.id]
    assert in_the_tree(wide, Likely(NOISE.id, 0.1, ("噪声",))) == [MATTERS.id, NOISE.id]
