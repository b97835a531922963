"""An urgent matter: first in the tray, somebody on the spot, who, when and what they found (Art. 11(4))."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from hotline_tui.models import OnSite, WorkOrder
from hotline_tui.rules.deadlines import SHANGHAI
from tests.journeys.centre import Centre

pytestmark = pytest.mark.requirement("R-11.4")

MORNING = datetime(2026, 11, 3, 10, tzinfo=SHANGHAI)
ORDINARY = "停车场照明不足"
URGENT = "小区水管爆裂, 车库进水"
STAFF = "王工、李工"
FOUND = "已关闭总阀, 抽水完毕"


def test_staff_are_sent_and_their_arrival_and_findings_stand_on_the_order(centre: Centre) -> None:
    with centre.desks(MORNING - timedelta(hours=1)) as desks:
        desks.assign(desks.register(ORDINARY), "fangchan01")
    with centre.desks(MORNING) as desks:
        order = desks.register(URGENT, urgent=True)
        desks.assign(order, "fangchan01")
    number = order.number
    with centre.at_work("fangchan01", "office01", moment=MORNING + timedelta(minutes=30)) as at:
        seat = at("fangchan01", "承办").wait_for(f"> {number}", f"急 {URGENT}", ORDINARY)
        seat.send("f4").wait_for(f"> {number} 投诉 急", " 已签收 ").send("f9").wait_for("转下属单位")
        seat.send("xccz").wait_for("> 现场处置").send("enter").wait_for("现场处置: 派出", "派出时间")
        seat.send(STAFF, "tab", "ctrl+u", "10:05").wait_for(STAFF, "10:05").send("f4")
        seat.wait_for(f"已记录派往现场 {number}")

        at("office01", "督办看板").wait_for("在办 2")
        office = at("office01", "查询").wait_for("编号", "结果 2 件").send(number, "enter").wait_for("紧急", "办理过程")
        office.wait_for(f"现场处置 {STAFF}", "11-03 10:05", "尚未记录到达")

        seat.send("f9").wait_for("转下属单位").send("xccz").wait_for("> 现场处置").send("enter")
        seat.wait_for(f"> 记录到达: {STAFF}").send("enter").wait_for("现场处置: 到达").send("f4")
        seat.wait_for("请写明现场情况和处置结果(第十一条(四))").send(FOUND).wait_for(FOUND)
        seat.send("backtab", "ctrl+u", "10:25").wait_for("10:25").send("f4").wait_for(f"已记录现场情况 {number}")

        office.wait_for(f"11-03 10:25 到达: {FOUND}")

    with centre.reading() as session:
        urgent = session.exec(select(WorkOrder).where(WorkOrder.number == number)).one()
        visit = session.exec(select(OnSite)).one()
    assert urgent.urgent
    assert (visit.order_id, visit.staff, visit.found) == (urgent.id, STAFF, FOUND)
    assert (visit.sent_at, visit.arrived_at) == (MORNING + timedelta(minutes=5), MORNING + timedelta(minutes=25))
    assert FOUND in centre.run("order", "show", number)
    assert centre.is_sound()
