"""Returned by two units: the front desk reads why, and the office determines the unit (R-11.3, R-D9)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlmodel import col, select

from hotline_tui.models import Assignment, Unit, WorkOrder
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import AssignmentState, OrderState
from tests.journeys.centre import Centre

pytestmark = pytest.mark.requirement("R-11.3", "R-D5", "R-D9")

MORNING = datetime(2026, 11, 3, 10, tzinfo=SHANGHAI)
MATTER = "小区门口长期占道停车"
FIRST = "门口道路不在小区范围内"
SECOND = "占道停车不归工商管理"
CLOSED = "已两次退件, 由热线办确定承办单位"


def test_the_second_return_is_the_offices_matter_and_the_front_desk_sees_why(centre: Centre) -> None:
    with centre.desks(MORNING) as desks:
        order = desks.register(MATTER)
        desks.assign(order, "fangchan01")
    number = order.number
    with centre.at_work("fangchan01", "gongshang01", "agent01", "office01", moment=MORNING) as at:
        seat = at("fangchan01", "承办").wait_for(number, MATTER, "待签收").send("f6")
        seat.wait_for("退件应在 11-03 18:00 以前").send("f4").wait_for("请写明退件理由(第十一条(三))")
        seat.send(FIRST).wait_for(FIRST).send("f4").wait_for(f"已退件 {number}", "没有在办的工单")

        front = at("agent01", "派单").wait_for(number, "退件 房产分局", FIRST).send("f5").wait_for("交办: 投诉")
        front.send("gsfj").wait_for("> 城南新区工商管理分局").send("enter").wait_for("已交办工商分局", "没有待派的工单")

        seat = at("gongshang01", "承办").wait_for(number, MATTER, "待签收").send("f6").wait_for("不属本单位职责")
        seat.send(SECOND).wait_for(SECOND).send("f4").wait_for(f"已退件 {number}")

        front = at("agent01", "派单").wait_for(number, "由热线办确定", CLOSED, FIRST, SECOND)
        front.send("f5").wait_for("已两次退件, 由热线办确定承办单位(第十一条(二)3)")
        assert "交办: 投诉" not in front.text()

        office = at("office01", "派单").wait_for(number, "由热线办确定", FIRST, SECOND).send("f5")
        office.wait_for("交办: 投诉").send("cgj").wait_for("> ", "城市管理").send("enter").wait_for("已交办城管局")

    with centre.reading() as session:
        stands = session.exec(select(WorkOrder)).one()
        shares = session.exec(select(Assignment).order_by(col(Assignment.position))).all()
        names = dict(session.exec(select(Unit.id, Unit.short_name)).all())
    assert (stands.state, stands.returns, stands.dispatches) == (OrderState.ASSIGNED, 2, 3)
    assert stands.first_unit_id is not None
    assert names[stands.first_unit_id] == "房产分局"
    assert [(names[each.unit_id], each.state, each.return_reason, each.return_late) for each in shares] == [
        ("房产分局", AssignmentState.RETURNED, FIRST, False),
        ("工商分局", AssignmentState.RETURNED, SECOND, False),
        ("城管局", AssignmentState.DISPATCHED, "", False),
    ]
    assert centre.is_sound()
