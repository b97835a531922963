"""A promised day: told to the caller in time, moved once by consent, and kept late (R-11.2.2b, R-D8)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest
from sqlmodel import col, select

from hotline_tui.models import Deadline, Request
from hotline_tui.rules.deadlines import SHANGHAI, closing_time
from hotline_tui.rules.words import Duty, OrderState, Release
from hotline_tui.services import handling, release
from hotline_tui.services.intake import Registered
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.requirement("R-11.2.2b", "R-D7", "R-D8")

MONDAY = datetime(2026, 11, 2, 10, tzinfo=SHANGHAI)
FRIDAY = datetime(2026, 11, 6, 10, tzinfo=SHANGHAI)
LATE = datetime(2026, 11, 17, 10, tzinfo=SHANGHAI)
MATTER = "小区停车收费没有公示"
PLAN = "已约谈物业公司, 正在核算退费"
TOO_LONG = "人手不够"
NO = "可以先退无争议的部分"
REASON = "须等审计结果"
DONE = "多收的停车费已全部退还"


def approve_and_release(centre: Centre, moment: datetime, order: Registered, share: UUID) -> None:
    """The leader lets it go, the office tells the caller."""
    with centre.desks(moment) as desks:
        handling.approve(desks["fangchan-lead"], share)
        release.release(desks["office01"], order.order_id, Release.PRIVATE)


def test_a_promise_is_told_in_time_moved_once_and_kept_late(centre: Centre) -> None:
    with centre.desks(MONDAY) as desks:
        order = desks.register(MATTER)
        share = desks.assign(order, "fangchan01")
        handling.sign(desks["fangchan01"], share)
    number = order.number

    with centre.at_work("fangchan01", moment=MONDAY) as at:
        seat = at("fangchan01", "承办").wait_for(number, "应回复 11-09 18:00").send("f8").wait_for("承诺办结日期")
        seat.send("11-07").wait_for("周六 不是工作日, 其后工作日 11-09").send("down").wait_for("11-09 周一 工作日")
        seat.send("enter", PLAN).wait_for(PLAN).send("f4").wait_for(f"已交领导审核 {number}")
    approve_and_release(centre, MONDAY, order, share)

    with centre.at_work("fangchan01", "office01", moment=FRIDAY) as at:
        seat = at("fangchan01", "承办").wait_for(number, "已承诺", "应办结 11-09 18:00", "F8 申请变更")
        seat.wait_for("先行回复 11-09 18:00, 11-02 10:00 已回复")
        ask(seat, "11-20", TOO_LONG)
        seat.wait_for(f"已申请变更承诺 {number}", "等候同意")

        office = at("office01", "批示").wait_for("[待呈报]").send("left").wait_for("[申请]", number, TOO_LONG)
        office.wait_for("承诺日期 2026-11-09 周一 改为 2026-11-20 周五").send("f5").wait_for("不予同意的理由")
        office.send(NO).wait_for(NO).send("f4").wait_for(f"已答复不予同意 {number}")

        seat = at("fangchan01", "承办").wait_for(number, "应办结 11-09 18:00", NO)
        ask(seat, "11-13", REASON)
        seat.wait_for(f"已申请变更承诺 {number}")
        office.wait_for(number, REASON, "改为 2026-11-13 周五").send("f4").wait_for("答复(可不填)")
        office.send("enter").wait_for(f"已同意变更承诺 {number}")
        at("fangchan01", "承办").wait_for(number, "应办结 11-13 18:00", "原承诺办结 11-09 18:00")

    with centre.at_work("office01", "fangchan01", moment=LATE) as at:
        board = at("office01", "督办看板").wait_for("超期 1 ", "房产分局", number, "! 超期", "11-13")
        board.send("tab", "f4").wait_for("催办的话").send("enter").wait_for(f"已催办 {number}", "催办 1")
        seat = at("fangchan01", "承办").wait_for(number, "超期", "承诺办结 11-13 18:00, 超期")
        seat.send("f5").wait_for("提交审核", f" {number}   投诉").send(DONE).wait_for(DONE)
        seat.send("f4").wait_for(f"已交领导审核 {number}")
        approve_and_release(centre, LATE, order, share)
        board = at("office01", "督办看板").wait_for("没有超期工单", "待回访 1")

    with centre.reading() as session:
        clocks = list(session.exec(select(Deadline).where(Deadline.duty != Duty.RETURN).order_by(col(Deadline.due_at))))
        asked = list(session.exec(select(Request).order_by(col(Request.asked_at))))
    by_duty = [(clock.duty, clock.due_at, clock.met_at, clock.void_at is not None) for clock in clocks]
    assert sorted(by_duty, key=lambda each: (each[1], each[0].value)) == [
        (Duty.PROMISE, closing_time(date(2026, 11, 9)), None, True),
        (Duty.REPLY, closing_time(date(2026, 11, 9)), MONDAY, False),
        (Duty.PROMISE, closing_time(date(2026, 11, 13)), LATE, False),
    ]
    assert [(each.day, each.granted, each.reason) for each in asked] == [
        (date(2026, 11, 20), False, TOO_LONG),
        (date(2026, 11, 13), True, REASON),
    ]
    shown = centre.json("order", "show", number)
    assert shown["state"] == OrderState.AWAITING_CALLBACK.value
    assert [reply["text"] for reply in shown["replies"]] == [PLAN, DONE]
    told = centre.run("order", "show", number)
    for words in ("2026-11-20", "2026-11-13", TOO_LONG, NO, REASON):
        assert words in told
    assert centre.is_sound()


def ask(seat: Terminal, day: str, reason: str) -> None:
    """申请变更承诺 by keys."""
    seat.send("f8").wait_for("现承诺", "上下键选工作日").send(day).wait_for("工作日后").send("enter", reason)
    seat.wait_for(reason).send("f4")
