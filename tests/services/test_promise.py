"""承诺件 (R-11.2.2b, R-D8): first reply in time, a day promised, a second reply; the day changes by consent only."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import col, select

from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Assignment, Deadline, Reply, Request, WorkOrder
from hotline_tui.rules.words import AssignmentState, AssignmentType, Duty, OrderState, Release
from hotline_tui.services import calendar, consent, handling, promise, release
from tests.builders import SHANGHAI, Built, Town

pytestmark = pytest.mark.requirement("R-11.2.2b", "R-D8")

DAY = date(2026, 12, 11)


def clocks(town: Town, order: Built) -> list[tuple[Duty, str, bool, bool]]:
    with town.store.read() as session:
        query = select(Deadline).where(Deadline.order_id == order.order_id, Deadline.duty != Duty.RETURN)
        rows = session.exec(query.order_by(col(Deadline.id))).all()
    return [
        (row.duty, row.due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M"), bool(row.met_at), bool(row.void_at))
        for row in rows
    ]


def share(town: Town, order: Built) -> Assignment:
    assert order.assignment_id is not None
    with town.store.read() as session:
        return session.get_one(Assignment, order.assignment_id)


def promised(town: Town) -> tuple[Built, UUID]:
    order = town.signed()
    assert order.assignment_id is not None
    promise.promise(town.handler, order.assignment_id, "已责令停止收费, 正在清退", DAY)
    handling.approve(town.leader, order.assignment_id)
    release.release(town.office, order.order_id, Release.PRIVATE)
    return order, order.assignment_id


def test_both_deadlines_count_and_the_caller_is_answered_twice(town: Town) -> None:
    order, assignment = promised(town)
    assert share(town, order).state is AssignmentState.PROMISED
    assert share(town, order).type is AssignmentType.PROMISED
    assert share(town, order).completed_at is None
    assert clocks(town, order) == [
        (Duty.REPLY, "11-27 18:00", True, False),
        (Duty.PROMISE, "12-11 18:00", False, False),
    ]
    town.at("2026-12-10 10:00")
    handling.draft_reply(town.handler, assignment, "已全部清退")
    handling.approve(town.leader, assignment)
    assert share(town, order).completed_at == town.now
    assert clocks(town, order)[1] == (Duty.PROMISE, "12-11 18:00", True, False)
    release.release(town.office, order.order_id, Release.PRIVATE)
    with town.store.read() as session:
        assert session.get_one(WorkOrder, order.order_id).state is OrderState.AWAITING_CALLBACK
        replies = session.exec(select(Reply).order_by(col(Reply.position))).all()
    assert [(reply.promised_day, reply.release) for reply in replies] == [
        (DAY, Release.PRIVATE),
        (None, Release.PRIVATE),
    ]


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 11, 19), date(2026, 12, 12)])
def test_a_promised_day_is_a_working_day_to_come(town: Town, day: date) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    with pytest.raises(Refused, match="承诺办结日期"):
        promise.promise(town.handler, order.assignment_id, "正在办理", day)
    assert share(town, order).state is AssignmentState.SIGNED


def test_a_promise_that_the_leader_sends_back_has_promised_nothing(town: Town) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    promise.promise(town.handler, order.assignment_id, "正在办理", DAY)
    handling.send_back(town.leader, order.assignment_id, "期限过长")
    assert share(town, order).state is AssignmentState.SIGNED
    handling.draft_reply(town.handler, order.assignment_id, "已办结")
    handling.approve(town.leader, order.assignment_id)
    release.release(town.office, order.order_id, Release.PRIVATE)
    assert (share(town, order).type, share(town, order).state) == (
        AssignmentType.TIMED,
        AssignmentState.REPLY_APPROVED,
    )
    assert [duty for duty, *_ in clocks(town, order)] == [Duty.REPLY]


@pytest.mark.parametrize("released", ["2026-11-24 09:00", "2026-11-25 09:00"])
def test_a_promise_approved_before_its_day_leaves_on_that_day_and_after_it(town: Town, released: str) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    promise.promise(town.handler, order.assignment_id, "正在办理", date(2026, 11, 24))
    handling.approve(town.leader, order.assignment_id)
    town.at(released)
    release.release(town.office, order.order_id, Release.PRIVATE)
    assert (share(town, order).state, share(town, order).promised_day) == (
        AssignmentState.PROMISED,
        date(2026, 11, 24),
    )
    assert clocks(town, order) == [
        (Duty.REPLY, "11-27 18:00", True, False),
        (Duty.PROMISE, "11-24 18:00", False, False),
    ]
    town.at("2026-11-25 09:30")
    consent.request_promise(town.handler, order.assignment_id, date(2026, 12, 1), "须等评审")


def test_a_promised_day_made_a_day_off_before_the_release_is_due_on_the_next_working_day(town: Town) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    promise.promise(town.handler, order.assignment_id, "正在办理", DAY)
    handling.approve(town.leader, order.assignment_id)
    calendar.add_days(town.office, [DAY], "临时放假", "城南新区临时通知1号")
    release.release(town.office, order.order_id, Release.PRIVATE)
    assert share(town, order).promised_day == DAY
    assert clocks(town, order)[1] == (Duty.PROMISE, "12-14 18:00", False, False)


def test_another_day_is_a_working_day_to_come_also_when_it_is_consented_to(town: Town) -> None:
    _, assignment = promised(town)
    asked = consent.request_promise(town.handler, assignment, date(2026, 11, 24), "提前办结")
    town.at("2026-11-24 09:00")
    with pytest.raises(Refused, match="承诺办结日期须晚于今天"):
        consent.grant(town.office, asked)


def test_nothing_is_promised_once_the_time_for_the_first_reply_is_past(town: Town) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    town.at("2026-11-27 18:00")
    promise.promise(town.handler, order.assignment_id, "正在办理", DAY)
    handling.send_back(town.leader, order.assignment_id, "请写明方案")
    town.later(minutes=1)
    with pytest.raises(Refused, match=r"先行回复的时限 11-27 18:00 已过, 不能再承诺办结日期, 请尽快办结并回复"):
        promise.promise(town.handler, order.assignment_id, "正在办理", DAY)
    assert share(town, order).state is AssignmentState.SIGNED
    assert clocks(town, order) == [(Duty.REPLY, "11-27 18:00", False, False)]


def test_a_promise_drafted_in_time_goes_on_when_it_is_approved_and_released_late(town: Town) -> None:
    order = town.signed()
    assert order.assignment_id is not None
    town.at("2026-11-27 17:59")
    promise.promise(town.handler, order.assignment_id, "正在办理", DAY)
    town.at("2026-11-30 09:00")
    handling.approve(town.leader, order.assignment_id)
    release.release(town.office, order.order_id, Release.PRIVATE)
    assert share(town, order).state is AssignmentState.PROMISED
    assert clocks(town, order) == [
        (Duty.REPLY, "11-27 18:00", True, False),
        (Duty.PROMISE, "12-11 18:00", False, False),
    ]


def test_a_second_reply_that_the_office_rejects_owes_the_promise_again(town: Town) -> None:
    order, assignment = promised(town)
    handling.draft_reply(town.handler, assignment, "已办")
    handling.approve(town.leader, assignment)
    release.reject_reply(town.office, order.order_id, "未说明退费金额")
    assert share(town, order).state is AssignmentState.PROMISED
    assert clocks(town, order)[1] == (Duty.PROMISE, "12-11 18:00", False, False)


def test_the_promised_day_changes_only_with_the_offices_consent_and_every_change_is_kept(town: Town) -> None:
    order, assignment = promised(town)
    with pytest.raises(NotAllowed):
        promise.promise(town.handler, assignment, "再等等", date(2026, 12, 18))
    first = consent.request_promise(town.handler, assignment, date(2026, 12, 18), "须等审计结果")
    with pytest.raises(Refused, match="已有申请"):
        consent.request_promise(town.handler, assignment, date(2026, 12, 21), "再等等")
    with pytest.raises(NotAllowed, match="热线办"):
        consent.grant(town.leader, first)
    assert clocks(town, order)[1] == (Duty.PROMISE, "12-11 18:00", False, False)
    consent.decline(town.office, first, "来电人不同意")
    assert clocks(town, order)[1] == (Duty.PROMISE, "12-11 18:00", False, False)
    second = consent.request_promise(town.handler, assignment, date(2026, 12, 15), "审计提前")
    consent.grant(town.office, second, "已告知来电人")
    assert clocks(town, order)[1:] == [
        (Duty.PROMISE, "12-11 18:00", False, True),
        (Duty.PROMISE, "12-15 18:00", False, False),
    ]
    with pytest.raises(Refused, match="已同意"):
        consent.grant(town.office, second)
    with town.store.read() as session:
        kept = session.exec(select(Request).order_by(col(Request.id))).all()
    assert [(row.granted, row.before, row.day, row.remark) for row in kept] == [
        (False, DAY, date(2026, 12, 18), "来电人不同意"),
        (True, DAY, date(2026, 12, 15), "已告知来电人"),
    ]
