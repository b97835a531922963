"""A complaint through every hand that it can pass through, each at a seat of its own (Art. 11)."""

from __future__ import annotations

import re

import pytest
from sqlmodel import col, select

from hotline_tui.models import Reply, WorkOrder
from hotline_tui.rules.words import OrderState, Release
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.requirement("R-11.2.2", "R-11.5", "R-11.6")

MATTER = "小区停车收费没有公示"
RETURNED = "公示不归我局管"
SENT_BACK = "没有写明退费的日期"
FIRST_REPLY = "已约谈物业公司"
SECOND_REPLY = "物业公司已公示收费标准"
NOT_SOLVED = "多收的钱还没有退"
AGAIN = "请督促退费"
LAST_REPLY = "多收的停车费已全部退还"
SIGNED = "签收      工商分局 施某勇"

STEPS = [
    "受理",
    "交办",
    "退件",
    "交办",
    "签收",
    "拟写回复",
    "退回修改",
    "拟写回复",
    "审核通过",
    "发布回复",
    "查看信息",
    "回访",
    "重新交办",
    "签收",
    "拟写回复",
    "审核通过",
    "发布回复",
    "查看信息",
    "回访",
    "归档",
]


def take_the_call(seat: Terminal) -> str:
    """Everything that a complaint needs (Art. 15), and the way to the suggested unit; gives its number."""
    seat.wait_for("受理登记", "诉求")
    seat.send("13900007788", "tab", "王小明", "tab", "3").wait_for("[3投诉]")
    seat.send("停车收费").wait_for("物业管理/停车收费", "上下键").send("enter").wait_gone("上下键")
    seat.send("xhjd").wait_for("> 城南新区/新河街道").send("enter").wait_gone("上下键")
    seat.send("荷花苑3栋", "tab", "新河纺织厂", "tab", "荷花苑3栋501", "pagedown", MATTER)
    seat.wait_for("姓名:有", "电话:有", "单位:有", "住址:有", MATTER)
    seat.send("f5").wait_for("交办: 投诉", "房产管理分局 (建议)", "个工作日")
    seat.send("enter").wait_for("已交办房产分局")
    found = re.search(r"C01-\d{8}-\d{4}", seat.line(-1))
    assert found, seat.text()
    return found.group()


def write(seat: Terminal, text: str, prompt: str, said: str) -> None:
    """Answer the question in the box."""
    seat.wait_for(prompt).send(text).wait_for(text).send("f4").wait_for(said)


def test_a_complaint_passes_through_every_hand_and_everything_stands_on_its_time_line(centre: Centre) -> None:
    people = ("agent01", "agent02", "fangchan01", "office01", "gongshang01", "gongshang-lead")
    with centre.at_work(*people) as at:
        number = take_the_call(at("agent01", "受理"))

        seat = at("fangchan01", "承办").wait_for(number, MATTER, "待签收")
        write(seat.send("f6"), RETURNED, "不属本单位职责", f"已退件 {number}")

        seat = at("office01", "派单").wait_for(number, RETURNED)
        seat.send("f5").wait_for("交办: 投诉").send("gsfj").wait_for("> 城南新区工商管理分局")
        seat.send("enter").wait_for("已交办工商分局", number)

        seat = at("gongshang01", "承办").wait_for(number, MATTER).send("f4").wait_for(f"已签收 {number}", SIGNED)
        seat.send("f5").wait_for("提交审核", f" {number}   投诉").send(FIRST_REPLY).wait_for(FIRST_REPLY)
        seat.send("f4").wait_for(f"已交领导审核 {number}")

        seat = at("gongshang-lead", "承办").wait_for(number, FIRST_REPLY, "F5 审核")
        seat.send("f5").wait_for("审核通过", f" {number}   投诉", FIRST_REPLY).send("f8")
        write(seat, SENT_BACK, "退回承办人修改", f"已退回修改 {number}")

        seat = (
            at("gongshang01", "承办")
            .wait_for(SENT_BACK)
            .send("f5")
            .wait_for("提交审核", f" {number}   投诉", FIRST_REPLY)
        )
        seat.send(SECOND_REPLY).wait_for(SECOND_REPLY).send("f4").wait_for(f"已交领导审核 {number}")

        at("gongshang-lead", "承办").wait_for(SECOND_REPLY, "F5 审核").send("f5").wait_for(
            "审核通过", SECOND_REPLY
        ).send("f4").wait_for(f"已审核通过 {number}")

        seat = at("office01", "审核发布").wait_for(number, SECOND_REPLY).send("f4").wait_for("不公开")
        seat.send("enter").wait_for("已单独回复")

        seat = at("agent02", "回访").wait_for(number, SECOND_REPLY).send("enter").wait_for("１３９ ０", "王小明")
        write(seat.send("3"), NOT_SOLVED, "哪些问题没有解决", "已交热线办复查")

        seat = at("office01", "回访").wait_for("[待回访]").send("left").wait_for(number, NOT_SOLVED)
        seat.send("f5").wait_for("重新交办", "城南新区工商管理分局").send("enter")
        write(seat, AGAIN, "请写明来电人不满意之处", "已重新交办工商分局")

        seat = at("gongshang01", "承办").wait_for(number, AGAIN).send("f4").wait_for(f"已签收 {number}", SIGNED)
        seat.send("f5").wait_for("提交审核", f" {number}   投诉").send(LAST_REPLY).wait_for(LAST_REPLY)
        seat.send("f4").wait_for(f"已交领导审核 {number}")

        seat = (
            at("gongshang-lead", "承办")
            .wait_for(LAST_REPLY, "F5 审核")
            .send("f5")
            .wait_for("审核通过", f" {number}   投诉", LAST_REPLY)
        )
        seat.send("f4").wait_for(f"已审核通过 {number}")

        seat = at("office01", "审核发布").wait_for(number, LAST_REPLY).send("f5").wait_for("人人可见", LAST_REPLY)
        seat.wait_for("没有发现个人信息").send("f4").wait_for("已网上公开")

        seat = at("agent02", "回访").wait_for(number, LAST_REPLY).send("enter").wait_for("１３９ ０", "王小明")
        seat.send("1").wait_for("现在归档").send("enter").wait_for("没有待回访的工单")

    with centre.reading() as session:
        order = session.exec(select(WorkOrder)).one()
        released = list(session.exec(select(Reply.release).order_by(col(Reply.position))))
    assert (order.number, order.state) == (number, OrderState.ARCHIVED)
    assert (order.dispatches, order.returns) == (3, 1)
    assert [each for each in released if each] == [Release.PRIVATE, Release.PUBLIC]
    shown = centre.json("order", "show", number)
    assert [step["label"] for step in shown["events"]] == STEPS
    told = centre.run("order", "show", number)
    for words in (RETURNED, SENT_BACK, NOT_SOLVED, AGAIN, "房产分局", "工商分局"):
        assert words in told
    assert "13900007788" not in told
    assert shown["replies"][-1]["text"] == LAST_REPLY
    assert centre.is_sound()
