"""Three units on one matter: proposed, reported, instructed, signed and answered by each, told to the caller once."""

from __future__ import annotations

import re

import pytest
from sqlmodel import col, select

from hotline_tui.models import Assignment, Deadline, InstructedUnit, Reply, Unit, WorkOrder
from hotline_tui.rules.words import AssignmentState, AssignmentType, Duty, OrderState, Release, Share
from hotline_tui.services import handling
from tests.journeys.centre import Centre

pytestmark = pytest.mark.requirement("R-11.2.2c", "R-11.2.3", "R-11.5")

MATTER = "小区停车收费没有公示, 占用消防通道"
WHY = "涉及物业收费、价格公示和占道"
WORDS = "请房产分局牵头, 三家联合检查"
ANSWERS = {
    "fangchan01": "三家已联合检查, 物业公司已公示并退费",
    "gongshang01": "已责令补办价格公示",
    "chengguan01": "已清理占道停车",
}
ASSISTING = {"gongshang01": "工商分局", "chengguan01": "城管局"}
SIGNED = "已签收     剩"
"""State and time left in the tray: the key for the reply is open."""


def test_three_units_answer_and_the_caller_hears_once(centre: Centre) -> None:
    with centre.desks() as desks:
        number = desks.register(MATTER).number
    with centre.at_work("agent01", "office01", "mayor01", *ANSWERS) as at:
        seat = at("agent01", "派单").wait_for(number, MATTER).send("f6").wait_for("提请热线办呈报", "会签")
        seat.send(WHY, "tab", "space").wait_for("[X]").send("f4").wait_for("已提请会签, 由热线办呈报")

        office = at("office01", "批示").wait_for("[待呈报]", number, WHY).send("f4").wait_for("呈报批示", WHY, "[X]")
        office.send("f4").wait_for("已呈报批示", "没有待呈报的工单")

        leader = at("mayor01", "批示").wait_for(number, "会签", WHY).send("f4").wait_for("批示原文")
        leader.send(WORDS).wait_for(WORDS).send("tab", "fcfj").wait_for("> 城南新区房产管理分局").send("enter")
        leader.wait_for("牵头单位 房产分局").send("gsfj").wait_for("> 城南新区工商管理分局").send("enter").wait_for(
            "协办单位 工商分局"
        )
        leader.send("cgj").wait_for("> ", "城市管理").send("enter").wait_for("城管局").send("f4")
        leader.wait_for(f"已记录批示 {number}", "没有等候您批示的工单")

        office.send("left", "left").wait_for("[待交办]", number, WORDS).send("f4")
        office.wait_for("牵头单位 房产分局", "协办单位 ", "工商分局", "城管局", "会签件 5 个工作日").send("enter")
        office.wait_for("已按批示交办房产分局")

        for login, unit in ASSISTING.items():
            seat = at(login, "承办").wait_for(number, "协办", "待签收").send("f4").wait_for(f"已签收 {number}", SIGNED)
            seat.send("f5").wait_for("提交审核", "协办: 答复供牵头单位房产分局拟写联合回复").send(ANSWERS[login])
            seat.wait_for(ANSWERS[login]).send("f4").wait_for(f"已交领导审核 {number}")
            approve(centre, login)
            assert unit in centre.run("order", "show", number)

        seat = at("fangchan01", "承办").wait_for(number, "牵头").send("f4").wait_for(f"已签收 {number}", SIGNED)
        seat.wait_for("会签各单位", "2/3 已答复").send("f5")
        seat.wait_for("协办单位 2 个, 已答复 2 个", *(ANSWERS[login] for login in ASSISTING))
        seat.send("f6").wait_for(*(f"{unit}: {ANSWERS[login]}" for login, unit in ASSISTING.items()))
        seat.send(ANSWERS["fangchan01"]).wait_for(ANSWERS["fangchan01"]).send("f4")
        seat.wait_for(f"已交领导审核 {number}")
        approve(centre, "fangchan01")

        office = at("office01", "审核发布").wait_for(number, *ANSWERS.values()).send("f4").wait_for("不公开")
        office.send("enter").wait_for("已单独回复", "没有待审核发布的回复")

    with centre.reading() as session:
        order = session.exec(select(WorkOrder)).one()
        shares = session.exec(select(Assignment).order_by(col(Assignment.position))).all()
        names = dict(session.exec(select(Unit.id, Unit.short_name)).all())
        named = session.exec(select(InstructedUnit)).all()
        released = session.exec(select(Reply).where(col(Reply.released_at).is_not(None))).one()
        clocks = session.exec(select(Deadline.unit_id, Deadline.met_at).where(Deadline.duty == Duty.REPLY)).all()
    assert order.state is OrderState.AWAITING_CALLBACK
    assert {(names[each.unit_id], each.share) for each in named} == {
        ("房产分局", Share.LEAD),
        ("工商分局", Share.ASSIST),
        ("城管局", Share.ASSIST),
    }
    assert [each.type for each in shares] == [AssignmentType.COUNTERSIGNED] * 3
    assert [each.state for each in shares] == [AssignmentState.REPLY_APPROVED] * 3
    assert (released.assignment_id, released.release) == (shares[0].id, Release.PRIVATE)
    assert all(answer in released.text for answer in ANSWERS.values())
    assert {names[unit_id] for unit_id, met_at in clocks if unit_id and met_at} == {"房产分局", "工商分局", "城管局"}
    assert re.search("协办单位: (工商分局、城管局|城管局、工商分局)", centre.run("order", "show", number))
    assert centre.is_sound()


def approve(centre: Centre, login: str) -> None:
    """The leader in charge of this person's unit lets its answer go."""
    with centre.desks() as desks:
        with centre.reading() as session:
            of_unit = select(Assignment.id).where(Assignment.unit_id == desks.unit(login))
            share = session.exec(of_unit).one()
        handling.approve(desks[login.replace("01", "-lead")], share)
