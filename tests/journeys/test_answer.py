"""A call answered on the spot from the knowledge base, and archived (Art. 11(2)1)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.models import Article, WorkOrder
from hotline_tui.rules.words import OrderState, Route
from tests.journeys.centre import Centre

pytestmark = pytest.mark.requirement("R-11.2.1")


def test_a_call_is_answered_from_the_knowledge_base_and_archived(centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        seat.send("f2").wait_for("受理登记", "诉求")
        seat.send("13900002211", "pagedown", "单位拖欠工资怎么办")
        seat.wait_for("历史 0 件", "> 单位拖欠工资怎么办")
        seat.send("f4").wait_for("选一条答复来电人", "工资应当以货币形式按月支付")
        seat.send("enter").wait_for("读给来电人", "wage-arrears  版本 ", "按标准答案归入: 劳动社保/")
        seat.send("enter").wait_for("已直接答复", "C01-")
        seat.send("esc").wait_for("去处", "没有未完成的草稿")
        seat.send("3").wait_for("没有待回访的工单").send("f6").wait_for("单位拖欠工资怎么办")
        seat.send("f8").wait_for("现在归档").send("enter").wait_for("已归档", "没有可以归档的工单")
    with centre.reading() as session:
        order = session.exec(select(WorkOrder)).one()
        article = session.get_one(Article, order.article_id)
    assert (order.state, order.route) == (OrderState.ARCHIVED, Route.DIRECT)
    assert (article.key, order.article_version) == ("wage-arrears", article.version)
    steps = [step["label"] for step in centre.json("order", "show", order.number)["events"]]
    assert steps == ["受理", "直接答复", "归档"]
    assert centre.is_sound()
