"""Letters to the mailbox, from a file: classified, dispatched, answered to their writers alone; never taken twice."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlmodel import col, select

from hotline_tui.models import Reply, WorkOrder
from hotline_tui.rules.words import Channel, OrderState, Release
from tests.journeys.centre import Centre

pytestmark = pytest.mark.requirement("R-10")

LETTERS = [
    ("1001", "A0001", "小区物业停车收费问题", "2026/11/20 9:08", "荷花苑的停车收费没有公示, 请核查。", "13900001111"),
    ("1002", "A0002", "路灯不亮", "2026-11-19 20:15:00", "文昌路东段路灯多日不亮, 夜间出行不便。", ""),
]
REPLY = "已责令物业公司公示停车收费标准"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """As the mailbox exports them, for Excel."""
    path = tmp_path / "来信.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "联系电话"))
        rows.writerows(LETTERS)
    return path


def test_a_letter_is_imported_classified_dispatched_and_answered_to_its_writer_alone(
    centre: Centre, file: Path
) -> None:
    imported = centre.json("import", "letters", str(file))
    assert (imported["read"], imported["created"], imported["rejected"]) == (2, 2, 0)
    numbers = {order["brief"][:4]: order["number"] for order in centre.json("order", "list")}
    number = numbers["小区物业"]

    with centre.at_work("agent01", "fangchan01", "fangchan-lead", "office01") as at:
        seat = at("agent01", "派单").wait_for(number, "路灯不亮", "信箱", "未分类")
        seat.send("home", "down").wait_for(f"> {number}", f"{number}  其他  未分类", "请核查")
        seat.send("f5").wait_for("类别").send("2", "停车收费").wait_for("物业管理/停车收费")
        seat.send("enter").wait_gone("上下键")
        seat.send("f4").wait_for("请先选区域", "分类(第九条)").send("xhjd").wait_for("> 城南新区/新河街道", "上下键")
        seat.send("enter").wait_gone("上下键")
        seat.send("f4").wait_for("交办: 求助", "房产管理分局").send("enter").wait_for("已交办房产分局", number)

        seat = at("fangchan01", "承办").wait_for(number, "荷花苑").send("f4")
        seat.wait_for(f"已签收 {number}", "签收      房产分局")
        seat.send("f5").wait_for("提交审核", f" {number}   求助").send(REPLY).wait_for(REPLY)
        seat.send("f4").wait_for(f"已交领导审核 {number}")

        seat = at("fangchan-lead", "承办").wait_for(REPLY, "F5 审核").send("f5")
        seat.wait_for("审核通过", f" {number}   求助", REPLY).send("f4").wait_for(f"已审核通过 {number}")

        seat = at("office01", "审核发布").wait_for(number, REPLY).send("f4").wait_for("不公开")
        seat.send("enter").wait_for("已单独回复")

    with centre.reading() as session:
        first, second = session.exec(select(WorkOrder).order_by(col(WorkOrder.external_number))).all()
        reply = session.exec(select(Reply)).one()
    assert (first.channel, first.state) == (Channel.MAILBOX, OrderState.AWAITING_CALLBACK)
    assert (reply.order_id, reply.release) == (first.id, Release.PRIVATE)
    assert second.state is OrderState.RECEIVED
    again = centre.json("import", "letters", str(file))
    assert (again["read"], again["created"], again["existing"]) == (2, 0, 2)
    assert len(centre.json("order", "list")) == 2
    assert centre.is_sound()
