"""Several units on one order, by keys: delegation, joint reply, staff on the spot (R-11.2.2c, R-11.4, R-S1)."""

from __future__ import annotations

import pytest

from hotline_tui.data.news import News
from hotline_tui.rules.words import Action, AssignmentState, OrderState, Role
from hotline_tui.screens.order_actions import why_closed
from hotline_tui.services import dispatch, handling, instruction
from tests.builders import Built, Town
from tests.screens.seats import go, keys, on, open_order, painted, rows, said, sitting, text, until
from tests.screens.test_unit import stands

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-11.2.2c", "R-11.4", "R-S1"),
]


def countersigned(town: Town) -> Built:
    """Unit a leads, unit b assists; both have signed."""
    order = town.register()
    instruction.propose(town.agent, order.order_id, "涉及物业收费和价格公示")
    instruction.report(town.office, order.order_id, "建议会签", countersign=True)
    instruction.instruct(town.city_leader, order.order_id, "房产分局牵头", lead=town.a, assists=[town.b])
    dispatch.assign(town.office, order.order_id, town.a, assists=[town.b])
    lead, assist = stands(town, order).assignments
    handling.sign(town.handler, lead.id)
    handling.sign(town.handler_b, assist.id)
    return Built(order.order_id, order.number, lead.id)


async def more(pilot, word: str) -> None:
    """F9, and the action of this name."""
    await pilot.press("f9")
    await on(pilot, "Picker")
    await pilot.press(*word, "enter")


async def test_f9_gives_an_order_to_a_unit_below_and_its_superior_answers_for_it(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await more(pilot, "zxsdw")
        await on(pilot, "Picker")
        await until(pilot, lambda: "房产分局对本件负责" in painted(pilot))
        assert "工商" not in painted(pilot)
        await pilot.press("enter")
        await on(pilot, "AskKept")
        await pilot.press(*"see the firm", "f4")
        await said(pilot, f"已转物业科办理 {order.number}")
        await until(pilot, lambda: "转物业科" in rows(pilot)[0])
        await until(pilot, lambda: "由房产分局负责答复" in text(pilot, "#look"))
    async with sitting(town, "handler_below") as pilot:
        await go(pilot, "unit")
        assert "房产分局转来" in rows(pilot)[0]
        assert "剩 5 日" in rows(pilot)[0]
        await pilot.press("f6")
        await said(pilot, "转来的工单由转办的上级单位退件")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "房产分局转来: 经其分管领导审核" in painted(pilot))
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press(*"paid back", "f4")
        await on(pilot, "UnitScreen")
        await until(pilot, lambda: "待领导审核" in rows(pilot)[0])
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "paid back" in text(pilot, "#reply"))
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_a_unit_without_units_below_is_told_so(town: Town) -> None:
    town.signed(town.b)
    async with sitting(town, "handler_b") as pilot:
        await go(pilot, "unit")
        await more(pilot, "zxsdw")
        await said(pilot, "本件由工商分局承办, 工商分局没有下属单位")


async def test_a_superior_is_told_whose_an_order_is_that_it_cannot_hand_on(town: Town) -> None:
    order = town.signed(town.a_below)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await more(pilot, "zxsdw")
        await said(pilot, "本件由物业科承办, 物业科没有下属单位, 不能转办")
        await open_order(pilot, order.order_id)
        await pilot.press("f5")
        await on(pilot, "Picker")
        await pilot.press(*"zxsdw")
        await until(pilot, lambda: "现在不能: 本件由物业科承办" in painted(pilot))


async def test_the_lead_promises_nothing_before_the_assisting_units_and_is_told_what_to_do(town: Town) -> None:
    order = countersigned(town)
    sentence = "协办单位尚未全部答复, 牵头单位的承诺须在其后提交; 此前请续报(第十一条(二)2(3))"
    async with sitting(town, "handler") as pilot:
        screen = await go(pilot, "unit")
        assert screen.why_not("promise") == sentence
        await pilot.press("f8")
        await on(pilot, "Notice")
        assert "牵头单位的承诺须在其后提交" in painted(pilot)
        await pilot.press("enter")
        page = await open_order(pilot, order.order_id)
        assert why_closed(page.seen, Role.HANDLER, Action.PROMISE) == sentence
    async with sitting(town, "handler_b") as pilot:
        screen = await go(pilot, "unit")
        assert screen.why_not("promise") == "会签件由牵头单位承诺(第十一条(二)2(2))"
    assist = stands(town, order).assignments[1]
    handling.draft_reply(town.handler_b, assist.id, "已检查")
    handling.approve(town.leader_b, assist.id)
    async with sitting(town, "handler") as pilot:
        screen = await go(pilot, "unit")
        assert screen.why_not("promise") is None


async def test_the_joint_reply_waits_for_the_assisting_units_and_is_not_passed_without_the_last_answer(
    town: Town,
) -> None:
    order = countersigned(town)
    lead, assist = stands(town, order).assignments
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press(*"joint", "f4")
        await on(pilot, "Notice")
        assert "协办单位尚未全部答复, 联合回复须在其后提交" in painted(pilot)
        await pilot.press("enter")
        await on(pilot, "ReplyScreen")
    handling.draft_reply(town.handler_b, assist.id, "已检查")
    handling.approve(town.leader_b, assist.id)
    handling.draft_reply(town.handler, lead.id, "联合回复")
    dispatch.add_assist(town.office, order.order_id, town.b, "路面也请查看")
    again = stands(town, order).assignments[-1]
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "联合回复" in text(pilot, "#reply"))
        await pilot.press("f4")
        await on(pilot, "Notice")
        assert "协办单位尚未全部答复, 联合回复须在其后审核" in painted(pilot)
        await pilot.press("enter")
        screen = await on(pilot, "ReviewScreen")
        town.later(minutes=30)
        handling.sign(town.handler_b, again.id)
        handling.draft_reply(town.handler_b, again.id, "路面已修复")
        handling.approve(town.leader_b, again.id)
        screen.reload()
        await until(pilot, lambda: "协办单位在拟稿之后又有答复, 请退回修改后再审核" in text(pilot, "#reply"))
        await pilot.press("f4")
        await said(pilot, "协办单位在拟稿之后又有答复")
        await pilot.press("f8")
        await on(pilot, "AskKept")
        await pilot.press(*"take it in", "f4")
        await on(pilot, "UnitScreen")
    assert stands(town, order).assignments[0].state is AssignmentState.SIGNED


async def test_an_answer_that_comes_while_the_joint_reply_is_written_is_not_left_out_unasked(town: Town) -> None:
    order = countersigned(town)
    assist = stands(town, order).assignments[1]
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press(*"joint")
        handling.draft_reply(town.handler_b, assist.id, "已检查价格公示")
        handling.approve(town.leader_b, assist.id)
        screen.reload()
        screen.news(frozenset({News.ORDERS}))  # overtakes it, and would wait for the next key
        await until(pilot, lambda: "已检查价格公示" in text(pilot, "#text"))
        await pilot.press("f4")
        await on(pilot, "Confirm")
        assert "工商分局的答复刚通过审核, 文中还没有" in painted(pilot)
        await pilot.press("escape")
        await on(pilot, "ReplyScreen")
        await pilot.press("f6")
        assert screen.query_one("#reply").text == "joint\n工商分局: 已检查价格公示\n"
        await pilot.press("f6")
        await said(pilot, "协办单位的答复都已在文中")
        assert screen.query_one("#reply").text == "joint\n工商分局: 已检查价格公示\n"
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
        await until(pilot, lambda: "待领导审核" in rows(pilot)[0])


async def test_a_unit_that_disagrees_proposes_to_countersign_with_a_reason(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await more(pilot, "tqhq")
        await on(pilot, "AskKept")
        await pilot.press("f4")
        assert "请写明提请会签的理由(第十一条(二)2(3))" in painted(pilot)
        await pilot.press(*"two units", "f4")
        await said(pilot, f"已提请会签 {order.number}")
        await until(pilot, lambda: rows(pilot) == [])
    assert stands(town, order).row.state is OrderState.AWAITING_INSTRUCTION


async def test_the_front_proposes_to_countersign_what_it_has_received(town: Town) -> None:
    order = town.register()
    async with sitting(town, "agent") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f5")
        await on(pilot, "Picker")
        await pilot.press(*"tqhq", "enter")
        await on(pilot, "AskKept")
        await pilot.press(*"two units", "f4")
        await said(pilot, f"已提请会签 {order.number}")
    assert stands(town, order).row.state is OrderState.AWAITING_INSTRUCTION


async def test_the_lead_sees_each_units_progress_and_takes_the_assisting_answer_in_by_one_key(town: Town) -> None:
    order = countersigned(town)
    async with sitting(town, "handler_b") as pilot:
        await go(pilot, "unit")
        assert "协办" in rows(pilot)[0]
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "协办: 答复供牵头单位房产分局拟写联合回复" in painted(pilot))
        assert "F6" not in keys(pilot)
        await pilot.press(*"prices checked", "f4")
        await on(pilot, "UnitScreen")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await until(pilot, lambda: "协办单位  工商分局  待领导审核" in text(pilot, "#look"))
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "协办单位 1 个, 已答复 0 个" in painted(pilot))
        await pilot.press("f6")
        await said(pilot, "协办单位的答复还没有经其分管领导审核")
        await pilot.press("escape")
        await on(pilot, "UnitScreen")
        async with sitting(town, "leader_b") as theirs:
            await go(theirs, "unit")
            await theirs.press("f5")
            await on(theirs, "ReviewScreen")
            await until(theirs, lambda: "不单独发布" in text(theirs, "#reply"))
            await theirs.press("f4")
            await on(theirs, "UnitScreen")
            await said(theirs, "供牵头单位拟写联合回复")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: "prices checked" in text(pilot, "#text"))
        await pilot.press("f6")
        await until(pilot, lambda: "工商分局: prices checked" in screen.query_one("#reply").text)
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
    async with sitting(town, "leader") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "工商分局: prices checked" in text(pilot, "#reply"))
        await pilot.press("f4")
        await on(pilot, "UnitScreen")
    found = stands(town, order)
    assert found.row.state is OrderState.REPLIED
    assert [each.state for each in found.assignments] == [AssignmentState.REPLY_APPROVED] * 2


async def test_who_was_sent_to_the_spot_when_they_arrived_and_what_they_found(town: Town) -> None:
    order = town.signed(urgent=True)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await more(pilot, "xccz")
        await on(pilot, "FieldsModal")
        await pilot.press(*"Li, two men", "tab", *"x", "f4")
        assert "时间请写成" in painted(pilot)
        await pilot.press("ctrl+u", *"09:05", "f4")
        await said(pilot, f"已记录派往现场 {order.number}")
        town.later(minutes=40)
        await more(pilot, "xccz")
        await until(pilot, lambda: "记录到达: Li, two men" in painted(pilot))
        await pilot.press("enter")
        await on(pilot, "FieldsModal")
        await pilot.press("f4")
        assert "请写明现场情况" in painted(pilot)
        await pilot.press(*"gate opened", "f4")
        await said(pilot, f"已记录现场情况 {order.number}")
    (visit,) = stands(town, order).on_site
    assert (visit.staff, visit.found) == ("Li, two men", "gate opened")
    assert visit.arrived_at is not None
    assert visit.arrived_at > visit.sent_at
