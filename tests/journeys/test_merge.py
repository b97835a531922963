"""Two call about one matter: one order is handled, both are told and heard, by one agent at a time (R-8, R-11.6)."""

from __future__ import annotations

import re

from sqlmodel import col, select

from hotline_tui.models import Callback, WorkOrder
from hotline_tui.rules.words import OrderState, Verdict
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

MATTER = "小区停车收费没有公示"
REPLY = "物业公司已公示收费标准"


def take_the_call(seat: Terminal, phone: str, name: str) -> Terminal:
    """Everything that a complaint needs, up to the way out."""
    seat.wait_for("受理登记", "诉求")
    seat.send(phone, "tab", name, "tab", "3").wait_for("[3投诉]")
    seat.send("停车收费").wait_for("物业管理/停车收费", "上下键").send("enter").wait_gone("上下键")
    seat.send("xhjd").wait_for("> 城南新区/新河街道").send("enter").wait_gone("上下键")
    seat.send("荷花苑3栋", "tab", "新河纺织厂", "tab", "荷花苑3栋501", "pagedown", MATTER)
    return seat.wait_for("姓名:有", "电话:有", "单位:有", "住址:有", MATTER)


def numbered(seat: Terminal) -> str:
    """The number on the status line."""
    found = re.search(r"C01-\d{8}-\d{4}", seat.line(-1))
    assert found, seat.text()
    return found.group()


def test_a_duplicate_is_merged_and_both_callers_are_answered(centre: Centre) -> None:
    with centre.at_work("agent01", "agent02", "fangchan01", "fangchan-lead", "office01", "office02") as at:
        seat = take_the_call(at("agent01", "受理"), "13900007788", "王小明")
        seat.send("f5").wait_for("交办: 投诉", "房产管理分局 (建议)").send("enter").wait_for("已交办房产分局")
        living = numbered(seat)

        seat = take_the_call(at("agent01", "受理"), "13900005566", "李小红")
        seat.wait_for("相似工单 1 件").send("f7").wait_for("来电历史和相似工单", "相似", living).send("f7").wait_for(
            "并案后不能撤回"
        )
        seat.send("enter").wait_for(f"并入 {living}")

        seat = (
            at("fangchan01", "承办")
            .wait_for(living, MATTER, "待签收")
            .send("f4")
            .wait_for(f"已签收 {living}")
            .wait_for("签收      房产分局")
        )
        seat.send("f5").wait_for("提交审核", f" {living}   投诉").send(REPLY).wait_for(REPLY)
        seat.send("f4").wait_for(f"已交领导审核 {living}")
        seat = at("fangchan-lead", "承办").wait_for(living, REPLY, "F5 审核").send("f5").wait_for("审核通过", REPLY)
        seat.send("f4").wait_for(f"已审核通过 {living}")
        seat = at("office01", "审核发布").wait_for(living, REPLY).send("f4").wait_for("不公开")
        seat.send("enter").wait_for("已单独回复")

        # One agent rings; the other sees it and does not get it.
        first = at("agent02", "回访").wait_for(living, "2 人, 未回访").send("enter").wait_for("１３９ ０", "王小明")
        assert "李小红" not in first.text()
        other = at("office02", "回访").wait_for(living, "正在回访").send("enter").wait_for("按 F7 回访下一件")
        other.send("f7").wait_for("没有空闲的待回访工单")

        first.send("1").wait_for("第 1 位来电人: 满意。请回访第 2 位", "李小红").send("2")
        first.wait_for("现在归档").send("enter").wait_for("没有待回访的工单")

    with centre.reading() as session:
        orders = {order.number: order for order in session.exec(select(WorkOrder))}
        verdicts = list(session.exec(select(Callback.verdict).order_by(col(Callback.attempt))))
    assert orders.pop(living).state is OrderState.ARCHIVED
    (double,) = orders.values()
    assert double.state is OrderState.MERGED
    assert verdicts == [Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED]
    told = centre.run("order", "show", living)
    assert "第 1 位来电人 满意" in told
    assert "第 2 位来电人 基本满意" in told
    assert double.number in told
    assert centre.is_sound()
