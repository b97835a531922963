"""An important matter: reported to one leader, whose words are kept and by which it is dispatched (Art. 11(2)3)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.models import Account, Assignment, Deadline, Instruction, Report, WorkOrder
from hotline_tui.rules.words import AssignmentType, Duty, OrderState
from hotline_tui.services import instruction
from tests.journeys.centre import Centre

pytestmark = pytest.mark.requirement("R-11.2.3")

MATTER = "小区地下车库渗水, 涉及几百户"
PROPOSED = "责任单位难定"
REPORTED = "涉及几百户, 责任单位难定"
WORDS = "请房产分局三日内查明原因"


def test_a_leader_instructs_and_it_is_dispatched_by_his_words(centre: Centre) -> None:
    with centre.desks() as desks:
        order = desks.register(MATTER)
        instruction.report(desks["agent01"], order.order_id, PROPOSED)
    number = order.number
    with centre.at_work("office01", "mayor01", "fangchan01") as at:
        leader = at("mayor01", "批示").wait_for("没有等候您批示的工单")
        office = at("office01", "批示").wait_for("[待呈报]", number, PROPOSED).send("f4").wait_for("呈报批示", PROPOSED)
        office.send("ctrl+u", REPORTED).wait_for(REPORTED).send("tab", "tab", "enter").wait_for("> 分管副主任")
        office.send("enter").wait_for("呈报 分管副主任").send("f4").wait_for("已呈报批示", "没有待呈报的工单")

        # Without his word nothing goes out.
        office.send("right").wait_for("[待批示]", number, "分管副主任").send("enter").wait_for("办理过程", REPORTED)
        office.send("f5").wait_for("现在可办").send("jiaoban").wait_for(
            "现在不能: 领导尚未批示, 不能交办(第十一条(二)3)"
        )
        office.send("esc").wait_gone("现在可办").send("f12").wait_for("[待批示]")

        leader.wait_for(number, REPORTED, "F4 批示").send("f4").wait_for("批示原文")
        leader.send(WORDS).wait_for(WORDS).send("tab", "fcfj").wait_for("> 城南新区房产管理分局").send("enter")
        leader.wait_for("牵头单位 房产分局").send("f4").wait_for(f"已记录批示 {number}", "没有等候您批示的工单")

        office = at("office01", "批示").wait_for("[待呈报]").send("left", "left").wait_for("[待交办]", number, WORDS)
        office.send("f4").wait_for("承办单位 房产分局", "5 个工作日").send("enter").wait_for("已按批示交办房产分局")

        seat = at("fangchan01", "承办").wait_for(number, "待签收").send("enter").wait_for("批示 分管副主任", WORDS)
        seat.send("f4").wait_for(f"已签收 {number}")

    with centre.reading() as session:
        stands = session.exec(select(WorkOrder)).one()
        share = session.exec(select(Assignment)).one()
        report = session.exec(select(Report)).one()
        given = session.exec(select(Instruction)).one()
        leader_id = session.exec(select(Account.id).where(Account.login == "mayor01")).one()
        clocks = {clock.duty: clock for clock in session.exec(select(Deadline))}
    assert (stands.state, share.type) == (OrderState.ASSIGNED, AssignmentType.TIMED)
    assert (report.leader_id, report.text, report.countersign) == (leader_id, REPORTED, False)
    assert (given.leader, given.text, given.recorded_by) == ("分管副主任", WORDS, leader_id)
    assert clocks[Duty.INSTRUCT].met_at == given.given_at
    assert clocks[Duty.REPLY].working_days == 5
    assert clocks[Duty.REPLY].met_at is None
    assert centre.is_sound()
