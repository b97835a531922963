"""How often a standard answer is given, what the front desk says of it, and what was asked of it in vain."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from hotline_tui.data.queries.keeping import keeping, to_keep
from hotline_tui.data.queries.missed import missed
from hotline_tui.data.queries.stock import Shelf, stock
from hotline_tui.errors import NotAllowed, NotFound, Refused
from hotline_tui.models import ArticleUse, Event, MissedQuestion
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.missed import LONGEST
from hotline_tui.rules.words import ArticleState, Kind, MissedState, OfficeAction, OrderState
from hotline_tui.services import answer, knowledge, missing, opinions
from hotline_tui.services.missing import Asked
from hotline_tui.services.restrict import restrict
from tests.builders import Town
from tests.engines import OWNERS
from tests.services.test_knowledge import TEXT, article_of, complete

pytestmark = pytest.mark.requirement("R-11.2.1")


def beside(town: Town, desk, article_id=None):
    with town.store.read() as session:
        return keeping(session, desk.viewer, article_id or town.article, shanghai_day(town.now))


def answered(town: Town, **told) -> None:
    answer.answer(town.agent, town.register(**told).order_id, town.article)


def test_what_was_answered_is_counted_by_version_and_by_time(town: Town) -> None:
    assert beside(town, town.agent).use.ever == 0
    for _ in range(2):
        answered(town)
    knowledge.save(town.office, replace(complete(town), answer="新的。"), town.article)
    knowledge.publish(town.office, town.article)
    town.later(days=60)
    answered(town)
    use = beside(town, town.handler).use
    assert (use.month, use.year, use.ever, use.last) == (1, 3, 3, shanghai_day(town.now))
    assert use.by_version == ((2, 1), (1, 2))
    town.later(days=364)
    use = beside(town, town.agent).use
    assert (use.month, use.year, use.ever) == (0, 1, 3)


def test_what_is_hidden_from_somebody_is_not_counted_and_nothing_falls_when_it_is_hidden_later(town: Town) -> None:
    plain = town.register()
    answer.answer(town.agent, plain.order_id, town.article)
    for hidden in ({"secret": True}, {"kind": Kind.TIPOFF}, {"accused": (town.b,)}):
        answered(town, **hidden)
    assert beside(town, town.office).use.ever == 1
    restrict(town.office, plain.order_id, "来电人补充", secret=True)
    for desk in (town.office, town.agent, town.handler):
        assert beside(town, desk).use.ever == 1


def test_a_use_names_no_order(town: Town) -> None:
    assert {column.name for column in sa.inspect(ArticleUse).columns} == {"article_id", "version", "day", "many"}


def test_the_most_used_come_first_and_what_was_never_used_has_a_shelf(town: Town) -> None:
    third = town.write_article("电动车可以进电梯吗?", "不可以。")
    for _ in range(2):
        answered(town)
    answer.answer(town.agent, town.register(topic_id=town.licence).order_id, third)

    def shelf(which: Shelf, **page):
        with town.store.read() as session:
            return stock(session, town.office.viewer, which, shanghai_day(town.now), **page)

    assert [row.id for row in shelf(Shelf.OFTEN).rows] == [town.article, third]
    first = shelf(Shelf.OFTEN, limit=1)
    assert [row.id for row in shelf(Shelf.OFTEN, limit=1, after=first.next).rows] == [third]
    assert [row.id for row in shelf(Shelf.NEVER).rows] == [town.article_b]
    town.later(days=400)
    assert shelf(Shelf.OFTEN).rows == ()


def test_what_ends_soon_is_listed_for_those_who_keep_it_the_first_to_end_first(town: Town) -> None:
    soon = town.write_article("甲?", "甲", valid_to=date(2026, 12, 20))
    later = town.write_article("乙?", "乙", valid_to=date(2026, 12, 21))
    over = town.write_article("丙?", "丙", valid_to=date(2026, 11, 19), unit_id=town.b)
    town.write_article("丁?", "丁", valid_to=date(2026, 12, 1), state=ArticleState.EXPIRED)
    town.write_article("戊?", "戊", valid_to=date(2026, 12, 1), state=ArticleState.DRAFT)
    below = town.write_article("己?", "己", valid_to=date(2026, 11, 20), unit_id=town.a_below)

    def ending(desk, days=30, **page):
        with town.store.read() as session:
            today = shanghai_day(town.now)
            found = stock(session, desk.viewer, Shelf.ENDING, today, days=days, **page)
            waits = to_keep(session, desk.viewer, today, days)
        return [row.id for row in found.rows], (waits.over, waits.ending), found.next

    assert ending(town.office)[:2] == ([over, below, soon], (1, 2))
    assert ending(town.office, 31)[:2] == ([over, below, soon, later], (1, 3))
    assert ending(town.handler)[:2] == ([below, soon], (0, 2))
    assert ending(town.handler_below)[:2] == ([below], (0, 1))
    assert ending(town.handler_b)[:2] == ([over], (1, 0))
    assert ending(town.agent)[:2] == ([], (0, 0))
    page = ending(town.office, limit=2)
    assert ending(town.office, limit=2, after=page[2])[0] == [soon]


def test_validity_is_extended_by_a_revision_that_the_office_publishes(town: Town) -> None:
    ends = town.write_article("甲?", "甲", valid_to=date(2026, 11, 25), basis="民法典")
    text = replace(complete(town), question="甲?", answer="甲", valid_to=date(2027, 11, 25))
    knowledge.save(town.handler, text, ends)
    assert article_of(town, ends).valid_to == date(2026, 11, 25)
    knowledge.publish(town.office, ends)
    assert article_of(town, ends).valid_to == date(2027, 11, 25)


def test_a_version_is_said_to_help_or_not_and_the_last_word_counts(town: Town) -> None:
    opinions.say(town.agent, town.article, 1, helpful=True)
    opinions.say(town.agent, town.article, 1, helpful=False, remark=" 没有写\n到哪里办 ")
    opinions.say(town.agent2, town.article, 1, helpful=True)
    said = beside(town, town.office).opinions
    assert sorted((each.helpful, each.remark, each.by) for each in said) == [
        (False, "没有写 到哪里办", "坐席03"),
        (True, "", "坐席04"),
    ]


def test_opinions_are_for_those_who_keep_the_answer_and_a_unit_is_not_told_who_said_it(town: Town) -> None:
    opinions.say(town.agent, town.article, 1, helpful=False, remark="太长")
    assert [each.by for each in beside(town, town.handler).opinions] == [""]
    for desk in (town.agent, town.handler_b, town.city_leader, town.authority):
        assert beside(town, desk).opinions == ()


def test_who_answers_nobody_has_no_opinion_and_nothing_personal_is_in_one(town: Town) -> None:
    for desk in (town.handler, town.leader, town.city_leader, town.authority, town.admin):
        with pytest.raises(NotAllowed, match="呼叫前台"):
            opinions.say(desk, town.article, 1, helpful=True)
    with pytest.raises(Refused, match="电话号码 1 处"):
        opinions.say(town.agent, town.article, 1, helpful=False, remark="请回电13900002211")
    with pytest.raises(Refused, match="最多 200 字"):
        opinions.say(town.agent, town.article, 1, helpful=False, remark="长" * 201)
    with pytest.raises(NotFound):
        opinions.say(town.agent, town.article, 2, helpful=True)
    draft = knowledge.save(town.office, TEXT)
    with pytest.raises(NotFound):
        opinions.say(town.agent, draft, 1, helpful=True)


# -- what was asked in vain


def groups(town: Town, desk=None, state=MissedState.OPEN):
    with town.store.read() as session:
        return missed(session, (desk or town.office).viewer, state)


def test_the_same_question_is_one_row_however_often_and_by_whomever_it_is_asked(town: Town) -> None:
    missing.note(town.agent, [Asked("电动车 怎么上牌?", found=False)])
    town.later(minutes=5)
    missing.note(town.agent2, [Asked("电动车怎么上牌", found=True), Asked("", found=False), Asked("?", found=False)])
    (group,) = groups(town)
    (question,) = group.questions
    assert (question.words, question.empty, question.unused, question.dispatched) == ("电动车 怎么上牌?", 1, 1, 0)
    assert question.last_at == town.now
    assert question.first_at == town.now - timedelta(minutes=5)


def test_letters_that_an_input_method_left_are_no_question_unless_a_word_was_ended(town: Town) -> None:
    for words in ("nu", "nv", "lü", "sfz", "shenf", "shen fen", "dianh", "etc"):
        missing.note(town.agent, [Asked(words, found=False), Asked(words, found=True)])
    missing.note(town.agent, [Asked("nv", found=False, ended=True)])
    assert groups(town) == ()
    words = ("ETC", "wifi", "WiFi 6", "身份z", "vpn")
    missing.note(town.agent, [*(Asked(each, found=False) for each in words), Asked("sfzbb", found=False, ended=True)])
    assert {each.words for group in groups(town) for each in group.questions} == {*words, "sfzbb"}


def test_questions_alike_stand_together_the_most_asked_first(town: Town) -> None:
    for words, times in (("电动车怎么上牌", 2), ("电动车怎样上牌照", 1), ("公交卡丢了", 2), ("电动车上牌", 1)):
        for _ in range(times):
            missing.note(town.agent, [Asked(words, found=False)])
    assert [(group.times, [each.words for each in group.questions]) for group in groups(town)] == [
        (4, ["电动车怎么上牌", "电动车上牌", "电动车怎样上牌照"]),
        (2, ["公交卡丢了"]),
    ]


def test_nothing_personal_is_kept_of_a_question(town: Town) -> None:
    order = town.register()
    words = "王小明住某某花园3栋501, 电话13900002211, 身份证110101199003071234, 停车费"
    missing.note(town.agent, [Asked(words, found=True)], order.order_id)
    (group,) = groups(town)
    for fact in ("王小明", "501", "13900002211", "110101199003071234"):
        assert fact not in group.words
    assert "停车费" in group.words
    assert group.questions[0].dispatched == 1
    missing.note(town.agent, [Asked("电话13800001111怎么查" + "长" * 500, found=False)])
    assert all("13800001111" not in each.words and len(each.words) <= LONGEST for each in groups(town))


@pytest.mark.parametrize("hidden", [{"secret": True}, {"kind": Kind.TIPOFF}, {"accused": "a"}])
def test_of_what_is_hidden_from_somebody_nothing_is_kept(town: Town, hidden: dict[str, Any]) -> None:
    told: dict[str, Any] = {"accused": (town.a,)} if "accused" in hidden else hidden
    missing.note(town.agent, [Asked("收钱办事", found=True)], town.register(**told).order_id)
    assert groups(town) == ()


def test_the_office_sets_questions_aside_with_a_reason_and_they_stay_there(town: Town) -> None:
    missing.note(town.agent, [Asked("今天下雨吗", found=False)])
    ids = groups(town)[0].ids
    with pytest.raises(NotAllowed):
        missing.set_aside(town.handler, ids, "不是政务事项")
    with pytest.raises(Refused, match="请写明搁置的理由"):
        missing.set_aside(town.office, ids, " ")
    with pytest.raises(Refused, match="电话号码 1 处"):
        missing.set_aside(town.office, ids, "见13900002211")
    missing.set_aside(town.office, ids, "不是政务事项")
    with pytest.raises(NotFound, match="已由他人处理"):
        missing.set_aside(town.office2, ids, "不是政务事项")
    missing.note(town.agent, [Asked("今天下雨吗", found=False)])
    assert groups(town) == ()
    (group,) = groups(town, state=MissedState.ASIDE)
    assert (group.questions[0].reason, group.questions[0].by, group.times) == ("不是政务事项", "热线办 张某", 2)
    with town.store.read() as session:
        (event,) = session.exec(select(Event).where(Event.action == OfficeAction.SET_ASIDE)).all()
    assert event.payload["facts"] == {"question": "今天下雨吗", "questions": 1, "reason": "不是政务事项"}


def test_an_answer_is_written_to_questions_and_asked_again_they_are_open_again(town: Town) -> None:
    for words in ("电动车怎么上牌", "电动车上牌"):
        missing.note(town.agent, [Asked(words, found=False)])
    ids = groups(town)[0].ids
    with pytest.raises(NotAllowed):
        missing.write(town.handler, TEXT, ids)
    made = missing.write(town.office, TEXT, ids)
    assert article_of(town, made).state is ArticleState.DRAFT
    assert groups(town) == ()
    assert {each.article for each in groups(town, state=MissedState.WRITTEN)[0].questions} == {
        article_of(town, made).key
    }
    before = len(knowledge_events(town))
    with pytest.raises(NotFound):
        missing.write(town.office2, replace(TEXT, question="另一个"), ids)
    assert len(knowledge_events(town)) == before
    missing.note(town.agent, [Asked("电动车上牌", found=True)])
    assert [group.words for group in groups(town)] == ["电动车上牌"]


def knowledge_events(town: Town) -> list[Event]:
    with town.store.read() as session:
        return list(session.exec(select(Event).where(Event.action == OfficeAction.SAVE_ARTICLES)))


def test_only_the_office_reads_them(town: Town) -> None:
    missing.note(town.agent, [Asked("电动车怎么上牌", found=False)])
    for login, desk in town.desks.items():
        assert bool(groups(town, desk)) is (login in ("office", "office2", "admin")), login
    assert not [event for event in knowledge_events(town) if "电动车" in json.dumps(event.payload)]


@OWNERS
def test_they_do_not_grow_without_end(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "MOST", 3)
    for number in range(5):
        town.later(minutes=1)
        missing.note(town.agent, [Asked(f"第{number}号问题", found=False)])
    assert {group.words for group in groups(town)} <= {"第2号问题", "第3号问题", "第4号问题"}
    town.later(days=366)
    missing.note(town.agent, [Asked("新的问题", found=False)])
    with town.store.read() as session:
        assert [each.words for each in session.exec(select(MissedQuestion))] == ["新的问题"]


def test_five_thousand_questions_are_grouped_at_once(town: Town) -> None:
    import time

    with town.store.write() as session:
        for number in range(5000):
            words = f"{'甲乙丙丁戊己庚辛'[number % 8]}街{number}号的路灯坏了怎么办"
            session.add(
                MissedQuestion(
                    key=f"{number}", words=words, empty=1, first_at=town.now, last_at=town.now, state=MissedState.OPEN
                )
            )
        session.commit()
    begun = time.perf_counter()
    found = groups(town)
    assert sum(len(group.ids) for group in found) == 5000
    assert time.perf_counter() - begun < 5


def test_whoever_may_not_find_an_order_notes_nothing_of_it(town: Town) -> None:
    order = town.bring(OrderState.RECEIVED)
    with pytest.raises(NotFound):
        missing.note(town.handler_b, [Asked("停车费", found=True)], order.order_id)
    assert groups(town) == ()
