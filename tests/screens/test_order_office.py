"""工单, for the office: every deed of the regulation is on the order's own screen, and everything done stands on it."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_tui.data.queries.detail import detail
from hotline_tui.rules.words import AssignmentState, Fault, OrderState, Release, Share
from hotline_tui.services import conduct, consent, dispatch, handling, instruction, on_site, promise, release
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import WIDE, keys, on, open_order, painted, said, sitting, text, until
from tests.services.looks import share_of

pytestmark = [
    pytest.mark.parametrize("storage", ["sqlite"], indirect=True),
    pytest.mark.requirement("R-11.4", "R-16", "R-17", "R-18"),
]


def stands(town: Town, order: Built):
    with town.store.read() as session:
        return detail(session, town.office.viewer, edges_now(town.office, session), order.order_id)


def countersigned(town: Town) -> Built:
    """Unit a leads, unit b assists."""
    order = town.register()
    instruction.propose(town.agent, order.order_id, "涉及物业收费和价格公示")
    instruction.report(town.office, order.order_id, "建议会签", countersign=True)
    instruction.instruct(town.city_leader, order.order_id, "房产分局牵头", lead=town.a, assists=[town.b])
    made = dispatch.assign(town.office, order.order_id, town.a, assists=[town.b])
    return Built(order.order_id, order.number, made.assignment_id)


def promised(town: Town) -> Built:
    """First reply released on Friday, promised for Friday the week after next."""
    order = town.signed()
    promise.promise(town.handler, share_of(order), "已约谈物业, 正在核算", date(2026, 12, 4))
    handling.approve(town.leader, share_of(order))
    release.release(town.office, order.order_id, Release.PRIVATE)
    return order


async def choose(pilot, words: str) -> None:
    """An action from the list that F5 opens."""
    await pilot.press("f5")
    await on(pilot, "Picker")
    await pilot.press(*words, "enter")


async def test_a_promised_day_changes_with_the_offices_consent(town: Town) -> None:
    order = promised(town)
    consent.request_promise(town.handler, share_of(order), date(2026, 12, 11), "须等评审结果")
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        assert "F4 同意变更" in keys(pilot)
        await pilot.press("f4")
        await on(pilot, "AskKept")
        assert "2026-12-04 改为 2026-12-11" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, "已同意变更承诺")
        body = text(pilot, "#text")
    assert "2026-12-11" in body
    assert "2026-12-04" in body
    assert "须等评审结果" in body
    assert stands(town, order).assignments[0].promised_day == date(2026, 12, 11)


async def test_without_a_request_there_is_nothing_to_consent_to(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        await choose(pilot, "tytj")
        await said(pilot, "没有等候答复的申请, 不能同意退件(第十一条(三))")


async def test_a_countersigned_order_shows_how_far_each_unit_is_and_takes_one_more(town: Town) -> None:
    order = countersigned(town)
    _, assist = stands(town, order).assignments
    handling.return_(town.handler_b, assist.id, "不涉及我单位")
    async with sitting(town, "office", WIDE) as pilot:
        await open_order(pilot, order.order_id)
        body = text(pilot, "#text")
        for words in ("呈报 全体市领导, 拟作会签件", "批示 郑市长", "牵头单位: 房产分局; 协办单位: 工商分局"):
            assert words in body
        assert "F4 交办" not in keys(pilot)  # nothing presses
        for typed in ("zengjia", "zjxb"):
            await pilot.press("f5")
            await on(pilot, "Picker")
            await pilot.press(*typed)
            await until(pilot, lambda: "> 增加协办" in painted(pilot))
            await pilot.press("escape")
            await on(pilot, "OrderScreen")
        await choose(pilot, "zjxb")
        picker = await on(pilot, "UnitPicker")
        assert "城南新区房产管理分局" not in [item.label for item in picker.items]
        await pilot.press(*"gsfj", "enter")
        await on(pilot, "AskKept")
        await pilot.press(*"again", "enter")
        await said(pilot, "已增加协办单位工商分局")
        assert "协办单位  工商分局  待签收" in text(pilot, "#text")
    assert [each.state for each in stands(town, order).assignments if each.share is Share.ASSIST] == [
        AssignmentState.RETURNED,
        AssignmentState.DISPATCHED,
    ]


async def test_one_share_is_cancelled_with_a_reason_and_the_lead_goes_on(town: Town) -> None:
    order = countersigned(town)
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        await choose(pilot, "cxcb")
        await on(pilot, "Picker")
        await pilot.press("down", "enter")
        await on(pilot, "AskKept")
        assert "协办单位 工商分局" in painted(pilot)
        await pilot.press(*"asked by phone", "f4")
        await said(pilot, "已撤销协办单位 工商分局承办")
    assert [each.state for each in stands(town, order).assignments] == [
        AssignmentState.DISPATCHED,
        AssignmentState.CANCELLED,
    ]


async def test_supervision_makes_an_order_urgent(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        await choose(pilot, "duban")
        await on(pilot, "SuperviseForm")
        await pilot.press(*"go there", "tab", "space", "f4")
        await said(pilot, "已督办, 列为急件")
        assert "紧急" in painted(pilot)
    assert stands(town, order).row.urgent


async def test_an_urgent_matter_has_its_record_of_the_spot(town: Town) -> None:
    order = town.signed(urgent=True)
    record = on_site.send(town.office, order.order_id, "王工 李工", town.now)
    town.later(minutes=40)
    on_site.arrive(town.office, record, town.now, "井盖已复位")
    on_site.send(town.office, order.order_id, "抢修二队", town.now)
    async with sitting(town, "office", WIDE) as pilot:
        await open_order(pilot, order.order_id)
        body = text(pilot, "#text")
    assert "现场处置 王工 李工" in body
    assert "11-20 09:52 到达: 井盖已复位" in body
    assert "尚未记录到达" in body


async def test_a_malicious_matter_is_referred_and_says_to_whom(town: Town) -> None:
    order = town.register()
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        await choose(pilot, "ysga")
        await on(pilot, "AskKept")
        await pilot.press("f4")
        await until(pilot, lambda: "请写明移送的公安机关、时间和事由(第十六条)" in painted(pilot))
        await pilot.press(*"police", "f4")
        await said(pilot, "已记录移送公安")
        assert "恶意工单, 移送公安(第十六条)" in text(pilot, "#text")
    assert (stands(town, order).malicious, stands(town, order).referral) == (True, "police")


async def test_what_a_unit_did_wrong_is_recorded_of_the_unit_that_did_it(town: Town) -> None:
    order = town.signed(town.b)
    async with sitting(town, "authority") as pilot:
        await open_order(pilot, order.order_id)
        await choose(pilot, "zrzj")
        await on(pilot, "Picker")
        await until(pilot, lambda: "哪个单位" in painted(pilot))
        assert "工商" in painted(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "何种情形" in painted(pilot))
        await pilot.press("down", "down", "enter")
        await on(pilot, "AskKept")
        await pilot.press(*"never answered", "f4")
        await said(pilot, "已记录责任追究")
        assert "责任追究 工商分局  推诿不作为" in text(pilot, "#text")
    (fault,) = stands(town, order).faults
    assert (fault.unit, fault.fault, fault.text) == ("工商分局", Fault.INACTION, "never answered")


async def test_the_leader_instructs_on_the_orders_own_screen_too(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_INSTRUCTION)
    async with sitting(town, "city_leader") as pilot:
        await open_order(pilot, order.order_id)
        assert "F4 批示" in keys(pilot)
        await pilot.press("f4")
        await on(pilot, "InstructForm")
        await pilot.press(*"do it", "f4")
        await said(pilot, "已记录批示")
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        assert "F4 交办" in keys(pilot)
    assert [each.text for each in stands(town, order).instructions] == ["do it"]


async def test_who_works_for_the_unit_and_what_a_fault_said_stand_on_the_order(town: Town) -> None:
    order = town.signed()
    handling.delegate(town.handler, share_of(order), town.a_below, "请到现场")
    conduct.record_fault(town.office, order.order_id, town.a, Fault.FALSIFICATION, "回复与事实不符")
    async with sitting(town, "office", WIDE) as pilot:
        await open_order(pilot, order.order_id)
        assert "房产分局(转物业科)" in painted(pilot)
        assert "责任追究 房产分局  弄虚作假" in text(pilot, "#text")
        assert "转下属单位" in text(pilot, "#course")
        assert "请到现场" in text(pilot, "#course")
