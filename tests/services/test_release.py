"""Art. 11(5), 14: private or public, or back to the unit."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hotline_tui.data.queries.publication import hits
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import Step, timeline
from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Assignment, Event, Reply
from hotline_tui.rules.personal import Personal
from hotline_tui.rules.words import Action, AssignmentState, Duty, OrderState, Release
from hotline_tui.services import calendar, handling, intake, release
from tests.builders import Built, Town
from tests.services.looks import clocks, order_of, row, rows, share_of

pytestmark = pytest.mark.requirement("R-11.5", "R-14")


@pytest.mark.parametrize("how", Release)
def test_the_office_lets_a_reply_go(town: Town, how: Release) -> None:
    order = town.replied()
    with pytest.raises(NotAllowed, match="热线办"):
        release.release(town.agent, order.order_id, how)
    release.release(town.office, order.order_id, how)
    (reply,) = rows(town, Reply, order)
    assert (reply.release, reply.released_at, reply.released_text) == (how, town.now, reply.text)
    assert order_of(town, order).state is OrderState.AWAITING_CALLBACK


def test_the_public_may_read_less_than_the_caller(town: Town) -> None:
    order = town.replied()
    release.release(town.office, order.order_id, Release.PUBLIC, text="已责令退费")
    (reply,) = rows(town, Reply, order)
    assert reply.released_text == "已责令退费"
    assert reply.text != reply.released_text


def test_a_secret_matter_is_answered_to_the_caller_alone(town: Town) -> None:
    order = town.replied(secret=True)
    with pytest.raises(Refused, match="第十四条"):
        release.release(town.office, order.order_id, Release.PUBLIC)
    release.release(town.office, order.order_id, Release.PRIVATE)


def test_a_rejected_reply_goes_back_and_its_first_clock_runs_on(town: Town) -> None:
    order = town.replied()
    with pytest.raises(Refused, match="理由"):
        release.reject_reply(town.office, order.order_id, "")
    release.reject_reply(town.office, order.order_id, "未答复退费问题")
    assert order_of(town, order).state is OrderState.ASSIGNED
    assert row(town, Assignment, share_of(order)).state is AssignmentState.SIGNED
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.met_at is None
    handling.draft_reply(town.handler, share_of(order), "三日内退费")
    handling.approve(town.leader, share_of(order))
    release.release(town.office, order.order_id, Release.PRIVATE)
    first, second = sorted(rows(town, Reply, order), key=lambda reply: reply.position)
    assert (first.release, second.release) == (None, Release.PRIVATE)


@pytest.mark.requirement("R-D4")
def test_a_clock_that_runs_again_stands_where_the_calendar_puts_it_by_then(town: Town) -> None:
    order = town.replied()
    monday = date(2026, 11, 23)
    calendar.add_days(town.office, [monday], "临时放假", "城南新区临时通知")
    release.reject_reply(town.office, order.order_id, "未答复退费问题")
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.due_at == datetime(2026, 11, 30, 10, tzinfo=UTC)


def test_nothing_is_released_twice(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    with pytest.raises((NotAllowed, Refused)):
        release.release(town.office, order.order_id, Release.PRIVATE)


def last_step(town: Town, order: Built) -> Step:
    with town.store.read() as session:
        return timeline(session, town.office.viewer, order.order_id)[-1]


PERSONAL = {
    "13900002211": "来电人信息 1 处",
    "王小明": "来电人信息 1 处",
    "某某公司": "来电人信息 1 处",
    "某某花园3栋501": "来电人信息 1 处",
    "0990-6234567": "电话号码 1 处",
    "新J12345": "车牌号 1 处",
    "11010519491231002X": "身份证号 1 处",
    "4111 1111 1111 1111": "银行卡号 1 处",
    "7栋2单元302室": "门牌住址 1 处",
}


@pytest.mark.parametrize(("word", "told"), PERSONAL.items())
def test_a_public_text_with_personal_information_is_refused(town: Town, word: str, told: str) -> None:
    order = town.replied()
    for reason in ("", "  \n"):
        with pytest.raises(Refused, match=rf"{told}.*第十四条") as refused:
            release.release(
                town.office, order.order_id, Release.PUBLIC, text=f"已退费, 详询{word}。", clear_reason=reason
            )
        assert word not in str(refused.value)
    assert order_of(town, order).state is OrderState.REPLIED
    release.release(town.office, order.order_id, Release.PUBLIC, text="已退费, 详询***。")


OFFICE_PHONE = (Personal.PHONE, "0990-6234567")
NAME = (Personal.CALLER, "王小明")


def test_a_reason_lets_only_those_words_go_that_were_cleared(town: Town) -> None:
    order = town.replied()
    for text, told in (
        ("详询0990-6234567, 13812345678。", "电话号码 1 处;"),
        ("详询0990-6234567, 0990-6234567。", "电话号码 1 处;"),
        ("王小明您好, 详询0990-6234567。", "来电人信息 1 处;"),
    ):
        with pytest.raises(Refused, match=told):
            release.release(
                town.office,
                order.order_id,
                Release.PUBLIC,
                text=text,
                cleared=[OFFICE_PHONE],
                clear_reason="对外公布的办公电话",
            )
    assert order_of(town, order).state is OrderState.REPLIED


def test_what_was_cleared_without_a_reason_stays_in(town: Town) -> None:
    order = town.replied()
    with pytest.raises(Refused, match="写明可以公开的理由"):
        release.release(town.office, order.order_id, Release.PUBLIC, text="详询0990-6234567。", cleared=[OFFICE_PHONE])


def test_the_title_is_the_offices_and_is_checked_with_the_text(town: Town) -> None:
    order = town.replied(subject="王小明反映停车收费")
    with pytest.raises(Refused, match=r"来电人信息 1 处.*第十四条"):
        release.release(town.office, order.order_id, Release.PUBLIC, title="答复王小明", text="已退费")
    release.release(town.office, order.order_id, Release.PUBLIC, title=" 停车\n收费 ", text="已退费")
    (reply,) = rows(town, Reply, order)
    assert (reply.public_title, reply.cleared) == ("停车 收费", [])


def test_a_person_clears_what_may_stand_and_who_and_why_is_recorded(town: Town) -> None:
    order = town.replied()
    reason = "是房产分局对外公布的办公电话"
    release.release(
        town.office,
        order.order_id,
        Release.PUBLIC,
        text="详询0990-6234567。",
        cleared=[OFFICE_PHONE],
        clear_reason=f" {reason} \n",
    )
    (reply,) = rows(town, Reply, order)
    assert (reply.clear_reason, reply.cleared_by) == (reason, town.accounts["office"])
    assert reply.cleared == [["phone", "0990-6234567"]]
    step = last_step(town, order)
    assert (step.facts["cleared"], step.facts["reason"]) == ({"phone": 1}, reason)
    assert sentence(step) == f"网上公开, 公开内容有改动; 个人信息核对后公开: 电话号码 1 处; 理由: {reason}"
    (event,) = [each for each in rows(town, Event, order) if each.action is Action.RELEASE]
    assert "6234567" not in str(event.payload["facts"])


def test_the_reason_does_not_repeat_what_was_found(town: Town) -> None:
    order = town.replied()
    with pytest.raises(Refused, match="第十四条"):
        release.release(
            town.office,
            order.order_id,
            Release.PUBLIC,
            text="王小明已退费",
            cleared=[NAME],
            clear_reason="王小明本人同意公开",
        )
    release.release(
        town.office,
        order.order_id,
        Release.PUBLIC,
        text="王小明已退费",
        cleared=[NAME],
        clear_reason="本人书面同意公开",
    )


def test_a_reason_where_nothing_was_found_is_not_kept(town: Town) -> None:
    order = town.replied()
    release.release(town.office, order.order_id, Release.PUBLIC, clear_reason="已核对")
    (reply,) = rows(town, Reply, order)
    assert (reply.clear_reason, reply.cleared_by) == ("", None)
    assert "cleared" not in last_step(town, order).facts


def test_what_goes_to_the_caller_alone_is_not_checked(town: Town) -> None:
    order = town.replied()
    release.release(town.office, order.order_id, Release.PRIVATE, text="王小明您好, 详询13900002211")
    (reply,) = rows(town, Reply, order)
    assert (reply.released_text, reply.clear_reason) == ("王小明您好, 详询13900002211", "")


def test_the_callers_of_merged_orders_are_looked_for_and_reached_by_the_same_reply(town: Town) -> None:
    order = town.replied()
    other = town.register(name="赵大强", phone="13700001234", workplace="宏达商贸公司", home_address="锦绣花园12号")
    intake.merge(town.agent, other.order_id, order.number)
    for text in ("赵大强", "13700001234", "宏达商贸公司", "锦绣花园12号"):
        with pytest.raises(Refused, match="来电人信息 1 处"):
            release.release(town.office, order.order_id, Release.PUBLIC, text=f"{text}所反映的已办结")
    release.release(town.office, order.order_id, Release.PUBLIC)
    step = last_step(town, order)
    assert step.facts["callers"] == 2
    assert sentence(step) == "网上公开; 告知来电人 2 位"


def test_only_the_office_may_ask_whether_a_text_names_the_caller(town: Town) -> None:
    order = town.replied()
    for desk in town.desks.values():
        with desk.store.read() as session:
            if desk in (town.office, town.office2):
                assert hits(session, desk.viewer, order.order_id, "王小明")
            else:
                with pytest.raises(Refused, match="第十四条"):
                    hits(session, desk.viewer, order.order_id, "王小明")
