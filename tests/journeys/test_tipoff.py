"""A tip-off about a unit: nothing that this unit sees, counts or can ask for tells it of the order (R-13a, R-15)."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from hotline_tui.errors import Refused
from hotline_tui.models import OrderAccused, Unit, WorkOrder
from hotline_tui.rules.words import Kind, OrderState
from hotline_tui.services import dispatch
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.requirement("R-13a", "R-15")

ORDINARY = "路灯不亮已有一周"
SECRET = "街道人员上门收取回扣"
NOT_LISTED = "被反映单位及其下属不列出"


def take_the_call(seat: Terminal) -> str:
    """A tip-off needs a name, and says about whom; gives its number."""
    seat.wait_for("受理登记", "诉求")
    seat.send("13900009911", "tab", "赵大海", "tab", "4").wait_for("[4举报]")
    seat.send("停车收费").wait_for("物业管理/停车收费", "上下键").send("enter").wait_gone("上下键")
    seat.send("xhjd").wait_for("> 城南新区/新河街道").send("enter").wait_gone("上下键")
    seat.send("荷花苑", "tab", "新河纺织厂", "tab", "荷花苑3栋501", "tab", "xhjd")
    seat.wait_for("上下键", "> 新河街道").send("enter").wait_gone("上下键").wait_for("被反映单位 新河街道")
    seat.send("pagedown", SECRET).wait_for("姓名:有", "住址:有", SECRET).send("f5").wait_for("交办: 举报", NOT_LISTED)
    # Neither the unit nor one below it can be given the order.
    for accused in ("xhjd", "hhsq"):
        seat.send(accused).wait_for("没有符合的").send("ctrl+u").wait_gone("没有符合的")
    seat.send("cgj").wait_for("> ", "城市管理").send("enter").wait_for("已交办城管局")
    found = re.search(r"C01-\d{8}-\d{4}", seat.line(-1))
    assert found, seat.text()
    return found.group()


def test_an_accused_unit_finds_the_tip_off_nowhere(centre: Centre) -> None:
    with centre.desks() as desks:
        ordinary = desks.register(ORDINARY, kind=Kind.HELP)
        desks.assign(ordinary, "xinhe01")
    with centre.at_work("agent01", "chengguan01", "xinhe01") as at:
        number = take_the_call(at("agent01", "受理"))
        at("chengguan01", "承办").wait_for(number, SECRET, "待签收")

        seat = at("xinhe01", "承办").wait_for("1 件", ordinary.number, ORDINARY)
        hidden(seat, number)
        seat = at("xinhe01", "查询").wait_for("结果 1 件", ordinary.number)
        hidden(seat, number)
        seat.send(number, "enter").wait_for(f"没有编号为 {number} 的工单", "结果 0 件")
        assert SECRET not in seat.text()
        seat.send("f9").wait_for("结果 1 件").send("ctrl+f", "ctrl+f", "回扣", "enter").wait_for("结果 0 件")
        seat = at("xinhe01", "督办看板").wait_for("在办 1 ", "新河街道").wait_gone("正在读取")
        hidden(seat, number)
        assert "在办 2" not in seat.text()
        at("chengguan01", "督办看板").wait_for("城管局", "在办 1 ")

    with centre.reading() as session:
        order = session.exec(select(WorkOrder).where(WorkOrder.number == number)).one()
        accused = session.exec(select(Unit.key).join(OrderAccused).where(OrderAccused.order_id == order.id)).all()
    assert (order.kind, order.state, list(accused)) == (Kind.TIPOFF, OrderState.ASSIGNED, ["xinhe"])
    assert centre.is_sound()


def hidden(seat: Terminal, number: str) -> None:
    """Neither its number nor its words stand there."""
    assert number not in seat.text()
    assert SECRET not in seat.text()


def test_no_service_gives_it_to_that_unit_or_one_below_it(centre: Centre) -> None:
    with centre.desks() as desks:
        unit = desks.unit("xinhe01")
        order = desks.register(SECRET, kind=Kind.TIPOFF, accused=(unit,))
        with centre.reading() as session:
            below = session.exec(select(Unit.id).where(Unit.parent_id == unit)).all()
        assert below
        for each in (unit, *below):
            with pytest.raises(Refused, match="第十三条"):
                dispatch.assign(desks["office01"], order.order_id, each)
