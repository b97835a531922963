"""A public answer with telephone numbers: masked, or cleared by a person with the reason; nothing else goes online."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlmodel import select

from hotline_tui.models import Account, Reply, WorkOrder
from hotline_tui.rules.words import OrderState, Release
from hotline_tui.services import handling
from tests.journeys.centre import Centre

pytestmark = pytest.mark.requirement("R-14", "R-11.5")

MATTER = "小区停车收费没有公示"
CITIZEN = "13812345678"
SERVICE = "0551-63538899"
REPLY = f"已责令物业公司退费。经办人电话 {CITIZEN}, 服务热线 {SERVICE}"
WHY = "是物业公司对外公布的服务热线"
PUBLIC = f"已责令物业公司退费。经办人电话 ***, 服务热线 {SERVICE}"


def test_a_phone_number_blocks_the_release_until_a_person_decides(centre: Centre, tmp_path: Path) -> None:
    with centre.desks() as desks:
        order = desks.register(MATTER)
        share = desks.assign(order, "fangchan01")
        handling.sign(desks["fangchan01"], share)
        handling.draft_reply(desks["fangchan01"], share, REPLY)
        handling.approve(desks["fangchan-lead"], share)
    number = order.number
    with centre.at_work("office01") as at:
        seat = at("office01", "审核发布").wait_for(number, "已责令物业公司退费").send("f5")
        seat.wait_for("人人可见", "2 处, 未处理 2 处", CITIZEN, SERVICE, "电话号码")
        seat.send("f4").wait_for("公开的内容中有电话号码 2 处", "第十四条)", "知道了").send("enter").wait_gone("知道了")

        seat.send("f7").wait_for("经办人电话 ***", "1 处, 未处理 1 处").wait_gone(CITIZEN)
        seat.send("f4").wait_for("公开的内容中有电话号码 1 处", "知道了").send("enter").wait_gone("知道了")
        seat.send("f8").wait_for("可以公开的理由").send("f4").wait_for("请写明可以公开的理由(第十四条)")
        seat.send(WHY).wait_for(WHY).send("f4").wait_for("1 处, 已说明理由")
        seat.send("f4").wait_for(f"已网上公开 {number}", "没有待审核发布的回复")

    with centre.reading() as session:
        reply = session.exec(select(Reply)).one()
        office = session.exec(select(Account.id).where(Account.login == "office01")).one()
        assert session.exec(select(WorkOrder.state)).one() is OrderState.AWAITING_CALLBACK
    assert (reply.text, reply.released_text, reply.release) == (REPLY, PUBLIC, Release.PUBLIC)
    assert (reply.clear_reason, reply.cleared_by) == (WHY, office)

    site = tmp_path / "site"
    done = centre.json("publish", "--out", str(site))
    assert (done["published"], done["left_out"]) == (1, [])
    (item,) = json.loads((site / "feed.json").read_text("utf-8"))["items"]
    assert item["content_text"] == PUBLIC
    for file in ("feed.json", "answers.csv"):
        published = (site / file).read_text("utf-8")
        assert "***" in published
        for personal in (CITIZEN, "13900007788", "王小明", "新河纺织厂", "荷花苑3栋501"):
            assert personal not in published
    assert WHY in centre.run("order", "show", number)
    assert centre.is_sound()
