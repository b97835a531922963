"""相似工单: the same matter, of the same number first; never what the viewer may not see, nor what is not alike."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from hotline_tui.data.search import alike
from hotline_tui.data.search.alike import AlikeIndex
from hotline_tui.data.search.similar import SPEAKS, Similar, similar_orders
from hotline_tui.rules.words import OrderState
from hotline_tui.services import intake
from hotline_tui.services.classify import classify
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from hotline_tui.services.restrict import restrict
from tests.builders import Town

PARKING = "小区物业对业主的私家车乱收停车费, 没有公示"
PETITION = "我们是南湖花园全体业主, 楼下搅拌站日夜施工, 噪音和粉尘使老人孩子无法休息, 请责令停工"
LIGHT = "人行道路灯不亮已经一周"


def similar(
    desk: Desk,
    text: str = PARKING,
    place: str = "某某花园",
    *,
    phone: str = "",
    limit: int = 5,
    index: AlikeIndex | None = None,
    names: tuple[str, ...] = (),
) -> list[Similar]:
    with desk.store.read() as session:
        edges = edges_now(desk, session)
        found = similar_orders(
            session, desk.viewer, edges, text=text, place=place, phone=phone, limit=limit, index=index, names=names
        )
        return list(found)


def numbers(found: list[Similar]) -> list[str]:
    return [each.order.number for each in found]


def test_the_same_matter_is_named_and_another_is_not(town: Town) -> None:
    same = town.assigned()
    town.register(narrative=LIGHT, address="南湖路口")
    (found,) = similar(town.agent2, place="某某花园5栋")
    assert (found.order.number, found.same_phone) == (same.number, False)
    assert 0 < found.alike <= 1


@pytest.mark.parametrize("text", ["小区停水", "我们小区停水", "我家没水", "家里停水了", "小区从昨天开始停水"])
def test_where_every_matter_is_tells_nothing(town: Town, text: str) -> None:
    """小区 stands in both, and 区停."""
    town.register(narrative="小区停车收费没有公示, 我家楼下的车位也收费", address="河头小区15栋")
    water = town.register(narrative="今早起一直停水, 没有通知", address="南湖路口")
    assert numbers(similar(town.agent, text, place="")) == [water.number]
    assert similar(town.agent, "小区", place="") == []


def test_what_is_hardly_alike_speaks_for_no_topic_and_unit(town: Town) -> None:
    town.register(narrative=LIGHT, address="南湖路口")
    (same,) = similar(town.agent, LIGHT, place="南湖路口")
    assert same.speaks
    assert not Similar(same.order, same.same_phone, SPEAKS - 0.001).speaks


def test_orders_of_the_same_number_come_first_among_those_alike_and_are_not_named_where_not(town: Town) -> None:
    same_matter = town.register(narrative=PARKING, phone="13700000000")
    both = town.register(phone="13812345678")
    town.register(narrative=LIGHT, address="南湖路口", phone="13812345678")
    found = similar(town.agent, phone="13812345678")
    assert numbers(found) == [both.number, same_matter.number]
    assert found[0].alike < found[1].alike
    assert numbers(similar(town.agent, phone="13812345678", limit=1)) == [both.number]
    assert numbers(similar(town.leader, phone="13812345678")) == []


def test_only_the_last_thirty_days_and_living_orders_are_compared(town: Town) -> None:
    town.refused(narrative=PARKING)
    town.bring(OrderState.MERGED)
    assert len(similar(town.agent)) == 1
    town.later(days=31)
    assert similar(town.agent) == []


def test_a_secret_order_is_not_named_to_another_agent(town: Town) -> None:
    town.register(secret=True)
    assert len(similar(town.agent)) == 1
    assert similar(town.agent2) == []


def test_of_two_alike_the_one_at_the_place_comes_first_and_of_the_topic(town: Town) -> None:
    town.register(address="东门口")
    near = town.register(narrative="小区物业从本月起对业主私家车按每天十元收费, 未公示", address="南湖花园3栋")
    assert numbers(similar(town.agent, "物业对业主私家车每天收费十元", place="南湖花园3栋"))[0] == near.number


def test_no_more_are_named_than_were_asked_for(town: Town) -> None:
    for place in ("东门", "西门", "南门", "北门"):
        town.register(address=place)
    assert len(similar(town.agent, limit=3)) == 3


# -- a few words


DARK = (
    "来电人反映文昌街道和平街与书院路路口约有十盏路灯连续一周不亮, 学生晚自习放学骑车看不清路面, "
    "前天有两辆电动车相撞, 请求尽快修复照明。"
)
COVER = (
    "来电人称南湖街道湖滨南路人行道上一个井盖丢失, 井深约两米, 天黑后没有照明, 附近有小学, "
    "自己先用树枝做了标记, 请求马上派人处理。"
)
TOILET = (
    "来电人反映文昌街道和平街与书院路路口公厕近一周没有水, 地面脏污, 臭味很大, 附近市场人员多, "
    "只好关门不让用, 要求尽快修复并加强保洁。"
)
WATER = "来电人反映新河街道河头小区2栋从昨晚起停水, 全楼老人多, 没有接到任何通知, 请求尽快恢复供水。"


def lived_in(town: Town) -> dict[str, str]:
    """The numbers of a few long orders, by their text."""
    crossing = "文昌街道和平街与书院路路口"
    told = {DARK: crossing, COVER: "南湖街道湖滨南路", TOILET: crossing, WATER: "新河街道河头小区2栋"}
    return {text: town.register(narrative=text, address=place).number for text, place in told.items()}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("路灯不亮了，晚上看不清路", DARK),
        ("井盖丢了，很危险", COVER),
        ("公厕很臭，没有水", TOILET),
        ("你好, 我想问一下停水什么时候恢复供水", WATER),
    ],
)
def test_the_matter_in_a_few_words_finds_the_long_orders_about_it_and_no_others(
    town: Town, said: str, meant: str
) -> None:
    known = lived_in(town)
    assert numbers(similar(town.agent, said, place="")) == [known[meant]]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("家里没水了", WATER),
        ("家里停水", "来电人称文昌街道书院里8栋从今天早上六点开始整栋楼没有水, 家里有老人和婴儿, 询问什么时候恢复。"),
        ("垃圾没人清理", "来电人反映新河街道荷花苑门口垃圾收集点装修垃圾堆了十几天, 蚊蝇很多, 要求清运并明确责任。"),
    ],
)
def test_what_callers_and_offices_call_by_two_words_is_one_thing(town: Town, said: str, meant: str) -> None:
    number = town.register(narrative=meant, address="").number
    for text in (DARK, COVER, "来电人反映电费余额显示没有更新, 家里没有电话, 请清理楼道杂物"):
        town.register(narrative=text, address="")
    assert numbers(similar(town.agent, said, place="")) == [number]


def test_what_the_narratives_alone_say_of_the_same_place_is_not_the_matter(town: Town) -> None:
    for text in (DARK, TOILET):
        town.register(narrative=text, address="")
    said, names = "文昌街道和平街与书院路路口有人打麻将", ("文昌街道", "和平街", "书院路")
    assert similar(town.agent, said, place="")
    assert similar(town.agent, said, place="", names=names) == []
    assert len(similar(town.agent, "文昌街道和平街与书院路路口的路灯不亮", place="", names=names)) == 1


def test_what_merely_lies_at_the_same_place_is_not_named(town: Town) -> None:
    known = lived_in(town)
    crossing = "文昌街道和平街与书院路路口"
    assert numbers(similar(town.agent, f"{crossing}路灯不亮", place="")) == [known[DARK]]
    assert numbers(similar(town.agent, "路灯不亮", place=crossing)) == [known[DARK]]
    assert similar(town.agent, f"{crossing}有人摆摊", place=crossing) == []


def test_how_one_speaks_to_an_office_is_no_likeness_and_one_word_in_passing_is_none(town: Town) -> None:
    lived_in(town)
    assert similar(town.agent, "来电人反映的问题请求尽快处理, 谢谢", place="") == []
    assert similar(town.agent, "小学开学时间有没有变动", place="") == []


def test_a_word_by_itself_counts_where_it_is_what_the_order_is_about(town: Town) -> None:
    named = town.register(subject="井盖管网求助", narrative=COVER, address="湖滨南路")
    town.register(subject="道路破损求助", narrative=f"{DARK}旁边的井盖是好的", address="和平街")
    assert numbers(similar(town.agent, "井盖翘起来了绊倒一个人", place="")) == [named.number]


# -- petitions


def test_orders_of_one_text_are_one_line_with_the_newest_living_one_on_top(town: Town) -> None:
    first = town.register(narrative=PETITION, address="1栋")
    living = town.register(narrative=f"{PETITION}!!", address="2栋")
    closed = town.bring(OrderState.ARCHIVED, narrative=PETITION, address="3栋")
    town.refused(narrative=PETITION)
    other = town.register(narrative="搅拌站日夜施工, 噪音很大", address="南湖花园")
    found = similar(town.agent, PETITION, place="")
    assert numbers(found) == [living.number, other.number]
    assert [each.copies for each in found] == [3, 1]
    assert [row.number for row in found[0].others] == [closed.number, first.number]


def test_the_callers_own_order_stands_for_the_others_of_its_text(town: Town) -> None:
    own = town.register(narrative=PETITION, phone="13812345678")
    town.register(narrative=PETITION, phone="13700000000")
    (found,) = similar(town.agent, PETITION, phone="13812345678")
    assert (found.order.number, found.same_phone, found.copies) == (own.number, True, 2)


def test_what_is_told_in_few_words_at_another_place_is_no_copy(town: Town) -> None:
    town.register(narrative=LIGHT, address="南湖路口")
    town.register(narrative=LIGHT, address="北湖路口")
    assert [each.copies for each in similar(town.agent, LIGHT, place="")] == [1, 1]


def test_of_a_petition_nobody_is_told_how_many_he_may_not_see(town: Town) -> None:
    town.register(narrative=PETITION)
    hidden = town.register(narrative=PETITION, secret=True)
    (told,) = similar(town.agent2, PETITION)
    assert (told.copies, told.others) == (1, ())
    assert hidden.number not in repr(told)
    assert similar(town.office, PETITION)[0].copies == 2


# -- the index of a seat


def test_what_another_seat_registers_is_found_with_the_next_search(town: Town) -> None:
    index = AlikeIndex()
    town.register(address="东门")
    assert len(similar(town.agent, index=index)) == 1
    new = town.register(town.agent2, address="西门")
    assert new.number in numbers(similar(town.agent, index=index))
    assert len(index) == 2


def test_what_became_of_an_order_is_read_anew_and_what_is_over_gives_its_place_away(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline_tui.data.search.similar.CANDIDATES", 2)
    index = AlikeIndex()
    orders = [town.register(address=place) for place in ("东门", "西门", "南门", "北门")]
    assert len(similar(town.agent, index=index, limit=2)) == 2
    for order in orders[1:]:
        intake.merge(town.agent, order.order_id, orders[0].number)
    assert numbers(similar(town.agent, index=index, limit=2)) == [orders[0].number]


def test_what_is_made_secret_is_gone_from_an_index_that_held_it(town: Town) -> None:
    index = AlikeIndex()
    order = town.register()
    assert numbers(similar(town.agent2, index=index)) == [order.number]
    restrict(town.office, order.order_id, "涉及举报人", secret=True)
    assert similar(town.agent2, index=index) == []
    assert len(index) == 0


def test_an_index_is_thrown_away_when_another_asks(town: Town) -> None:
    index = AlikeIndex()
    secret = town.register(secret=True)
    assert numbers(similar(town.agent, index=index)) == [secret.number]
    assert similar(town.agent2, index=index) == []
    assert len(index) == 0
    assert numbers(similar(town.office, index=index)) == [secret.number]


def test_what_is_corrected_is_found_by_its_new_place(town: Town) -> None:
    index = AlikeIndex()
    order = town.register(address="东门")
    town.register(narrative=LIGHT, address="东门口")
    (before,) = similar(town.agent, "玫瑰园西区二期十二栋物业收费", place="", index=index)
    classify(town.office, order.order_id, address="玫瑰园西区二期十二栋")
    (found,) = similar(town.agent, "玫瑰园西区二期十二栋物业收费", place="", index=index)
    assert found.order.number == order.number
    assert found.alike > before.alike
    assert len(index) == 2


def test_the_newest_answer_at_once_and_all_of_them_once_they_are_gathered(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "AT_ONCE", 2)
    index = AlikeIndex()
    old = town.register(narrative=PETITION)
    for _ in range(2):
        town.later(minutes=1).register(narrative=LIGHT)
    assert similar(town.agent, PETITION, place="", index=index) == []
    assert (len(index), index.wanting) == (2, True)
    assert gathered(index, town.agent)
    assert (len(index), index.wanting) == (3, False)
    assert numbers(similar(town.agent, PETITION, place="", index=index)) == [old.number]


def gathered(index: AlikeIndex, desk: Desk) -> bool:
    with desk.store.read() as session:
        return index.complete(session, desk.viewer, edges_now(desk, session).now)


def test_it_is_made_anew_after_many_changes_and_by_one_thread_at_a_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "CHANGED", 2)
    index = AlikeIndex()
    similar(town.agent, index=index)
    for place in ("东门", "西门", "南门"):
        town.register(address=place)
        similar(town.agent, index=index)
    assert index.wanting
    inside, go_on, second = threading.Event(), threading.Event(), list[bool]()

    def latest(session: Session, *_rest: object) -> object:
        inside.set()
        assert go_on.wait(20)
        return iter(())

    with monkeypatch.context() as slow:
        slow.setattr(alike, "latest", latest)
        first = threading.Thread(target=lambda: gathered(index, town.agent))
        first.start()
        assert inside.wait(20)
        second.append(gathered(index, town.agent))
        assert len(similar(town.agent, index=index)) == 3, "a search waits for nobody"
        go_on.set()
        first.join()
    assert second == [False]
    assert gathered(index, town.agent)
    assert not index.wanting
    assert len(index) == 3


def test_what_is_of_no_use_any_more_is_not_made(town: Town) -> None:
    index = AlikeIndex()
    town.register()
    index.close()
    assert not gathered(index, town.agent)


# -- whatever is typed


def test_little_or_senseless_text_names_nothing(town: Town) -> None:
    town.register()
    for text in ("", "停车", "!!!", "'; DROP TABLE work_order; --", "😀" * 100, "龘龘龘龘"):
        assert similar(town.agent, text, place="") == []
    assert len(similar(town.agent, PARKING * 250)) == 1
    assert similar(town.agent, PARKING + "x" * 5000) == []


ODD = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(categories=["P", "S", "Z", "C"]), max_size=80),
    st.lists(st.sampled_from(["OR", "AND", "NOT", "NEAR(", ")", '"', "*", "'", ";--", "停车", "\0", "%"])).map(
        " ".join
    ),
    st.sampled_from(["㍿㎡½", "e\u0301" * 40, "停" * 5000, "\U0002f800\U00030000" * 20, "👨‍👩‍👧" * 200]),
)


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_whatever_is_typed_is_answered(town: Town) -> None:
    index = AlikeIndex()
    town.register()
    town.register(narrative="e\u0301tage ㎡ 停车收费½ 👨‍👩‍👧")

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(ODD, ODD)
    def answered(text: str, place: str) -> None:
        for each in similar(town.agent, text, place, index=index):
            assert 0 < each.alike <= 1

    answered()
