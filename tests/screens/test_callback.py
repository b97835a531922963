"""回访: the caller is rung, says whether he is satisfied, and the order is closed or re-examined (Art. 11(6))."""

from __future__ import annotations

import pytest

from hotline_tui.data.queries.detail import detail
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.data.store import CHANGED
from hotline_tui.errors import Conflict
from hotline_tui.rules.words import Action, Kind, OrderState, Release, Verdict
from hotline_tui.screens.lock import LockScreen
from hotline_tui.services import callbacks, claims, intake, release, restrict
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import app_of, go, keys, on, painted, rows, said, settled, sitting, text, until

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-11.6")]


def stands(town: Town, order: Built):
    with town.store.read() as session:
        return detail(session, town.office.viewer, edges_now(town.office, session), order.order_id)


def looks(town: Town, order: Built) -> list[dict]:
    with town.store.read() as session:
        steps = timeline(session, town.office.viewer, order.order_id)
    return [step.facts for step in steps if step.action is Action.UNMASK]


async def ring(pilot):
    await go(pilot, "callback")
    await pilot.press("enter")
    screen = await on(pilot, "CallScreen")
    await until(pilot, lambda: screen.seen is not None)
    await pilot.pause()
    return screen


async def test_opening_a_call_shows_the_number_large_and_is_recorded_once(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        assert "１３９ ００００ ２２１１   王小明" in painted(pilot)
        assert "已责令物业停止收费并退还" in text(pilot, "#reply")
        await pilot.press("escape")
        await on(pilot, "CallbackScreen")
    assert looks(town, order) == [{"reason": "回访"}]


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("1", Verdict.SATISFIED),
        ("2", Verdict.MOSTLY_SATISFIED),
        ("１", Verdict.SATISFIED),
        ("down up enter", Verdict.SATISFIED),
    ],
)
async def test_a_satisfied_caller_is_one_key_and_archiving_one_more(town: Town, key: str, verdict: Verdict) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press(*key.split())
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await on(pilot, "CallbackScreen")
        await until(pilot, lambda: rows(pilot) == [])
    found = stands(town, order)
    assert (found.row.state, found.verdict) == (OrderState.ARCHIVED, verdict)


@pytest.mark.parametrize("key", ["enter", "f4"])
async def test_a_key_pressed_once_too_often_does_not_make_a_caller_satisfied(town: Town, key: str) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press(key)
        await said(pilot, "请先选定回访结果")
    assert stands(town, order).callbacks == ()


async def test_no_digit_is_needed(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press(*["down"] * 4, "enter")
        await on(pilot, "CallbackScreen")
        await said(pilot, "连续 1 次")
        await until(pilot, lambda: "未联系上 1 次" in rows(pilot)[0])
    assert stands(town, order).unreached == 1


async def test_an_unsatisfied_caller_is_asked_what_was_not_solved(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press("3", "f4")
        assert "请记下来电人认为没有解决的问题" in painted(pilot)
        await pilot.press(*"no refund", "f4")
        await on(pilot, "CallbackScreen")
        await said(pilot, "已交热线办复查")
        await until(pilot, lambda: rows(pilot) == [])
    found = stands(town, order)
    assert (found.row.state, found.callbacks[0].not_solved) == (OrderState.UNDER_REVIEW, "no refund")


async def test_what_was_taken_back_or_is_not_needed_any_more_leaves_no_draft(town: Town) -> None:
    town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)

        async def left(*typed: str) -> list[str]:
            await pilot.press("3")
            await on(pilot, "AskKept")
            await pilot.press(*typed, "escape")
            await on(pilot, "CallScreen")
            app_of(pilot).drafts.flush()
            return [str(draft.fields["text"]) for draft in app_of(pilot).draft_box.of("agent2")]

        assert await left("x", "backspace") == []
        assert await left(*"no refund") == ["no refund"]
        await pilot.press("1")
        await on(pilot, "Confirm")
        await pilot.press("escape")
        await on(pilot, "CallbackScreen")
        app_of(pilot).drafts.flush()
        assert app_of(pilot).draft_box.of("agent2") == []


async def test_digits_in_the_remark_are_the_remark(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press("tab", *"ring 123", "enter", "4")
        await on(pilot, "CallbackScreen")
        await said(pilot, "未联系上")
    assert stands(town, order).callbacks[0].remark == "ring 123"


async def test_the_cursor_stands_on_the_next_call(town: Town) -> None:
    town.bring(OrderState.AWAITING_CALLBACK)
    second = town.later(minutes=5).bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press("1")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        screen = await on(pilot, "CallbackScreen")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        assert screen.at_cursor().order.number == second.number


async def test_who_declines_to_archive_finds_the_order_in_the_second_list(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press("1")
        await on(pilot, "Confirm")
        await pilot.press("escape")
        await on(pilot, "CallbackScreen")
        await pilot.press("f6")
        await until(pilot, lambda: rows(pilot) and order.number in rows(pilot)[0])
        await pilot.press("f8", "enter")
        await said(pilot, f"已归档 {order.number}")
    assert stands(town, order).row.state is OrderState.ARCHIVED


async def test_after_three_calls_in_vain_a_reason_archives(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED)
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED)
    async with sitting(town, "agent2") as pilot:
        await go(pilot, "callback")
        await pilot.press("f8")
        await said(pilot, "连续三次未联系上也可归档(第十一条(六))")
        await pilot.press("enter")
        screen = await on(pilot, "CallScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press("4")
        await on(pilot, "CallbackScreen")
        await said(pilot, "连续 3 次, 可按 F8 归档")
        await until(pilot, lambda: "未联系上 3 次" in rows(pilot)[0])
        await pilot.press("f8", "f4")
        assert "归档须写明理由" in painted(pilot)
        await pilot.press(*"moved away", "f4")
        await said(pilot, "已归档")
    assert stands(town, order).archive_reason == "moved away"


async def test_the_office_dispatches_again_with_a_new_deadline(town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW)
    async with sitting(town, "office") as pilot:
        await go(pilot, "callback")
        await pilot.press("left")
        await until(pilot, lambda: rows(pilot) and order.number in rows(pilot)[0])
        await until(pilot, lambda: "未解决: 费用还没有退" in text(pilot, "#look"))
        await pilot.press("f5")
        await on(pilot, "UnitPicker")
        assert "2026-11-27" in painted(pilot)
        await pilot.press("enter")
        await on(pilot, "AskKept")
        await pilot.press(*"refund", "f4")
        await said(pilot, "已重新交办房产分局")
    found = stands(town, order)
    assert (found.row.state, found.assignments[-1].again, found.assignments[-1].remark) == (
        OrderState.ASSIGNED,
        True,
        "refund",
    )


async def test_the_office_archives_after_review_with_a_reason(town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW)
    async with sitting(town, "office") as pilot:
        await go(pilot, "callback")
        await pilot.press("left")
        await until(pilot, lambda: rows(pilot))
        await pilot.press("f8", *"done all", "f4")
        await said(pilot, "已归档")
    assert stands(town, order).archive_reason == "done all"


async def test_enter_says_what_it_does_in_each_list(town: Town) -> None:
    town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await go(pilot, "callback")
        assert "Enter 回访" in keys(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: "Enter 工单" in keys(pilot))


async def test_the_front_desk_has_no_list_to_review(town: Town) -> None:
    town.bring(OrderState.UNDER_REVIEW)
    async with sitting(town, "agent2") as pilot:
        await go(pilot, "callback")
        assert "待复查" not in painted(pilot)


async def test_of_two_who_ring_the_second_is_told_and_her_remark_is_kept(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press("tab", *"busy", "enter")
        town.later(minutes=16)  # the seat stood still, and lost its order
        callbacks.call_back(town.office2, order.order_id, Verdict.UNREACHED)
        await pilot.press("4")
        await said(pilot, CHANGED)
        app_of(pilot).drafts.flush()
        assert app_of(pilot).draft_box.of("agent2", Action.CALL_BACK.value)[0].fields["text"] == "busy"


async def test_what_another_has_is_shown_and_is_not_opened(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    free = town.later(minutes=5).bring(OrderState.AWAITING_CALLBACK)
    claims.claim(town.office2, order.order_id)
    async with sitting(town, "agent2") as pilot:
        await go(pilot, "callback")
        assert "热线办 陈某 正在" in rows(pilot)[0]
        await pilot.press("enter")
        await said(pilot, "热线办 陈某 正在回访本件, 按 F7 回访下一件")
        await pilot.press("f7")
        screen = await on(pilot, "CallScreen")
        assert screen.order_id == free.order_id
    assert looks(town, order) == []


async def test_who_opens_an_order_that_was_just_taken_is_told_and_sees_no_number(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await go(pilot, "callback")
        claims.claim(town.office2, order.order_id)
        await pilot.press("enter")
        await on(pilot, "CallbackScreen")
        await said(pilot, "热线办 陈某 正在回访本件, 请回访下一件")
    assert looks(town, order) == []


async def test_an_open_call_is_the_seats_own_and_is_free_when_it_is_left(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        with pytest.raises(Conflict, match="坐席04 正在回访本件"):
            claims.claim(town.office2, order.order_id)
        await pilot.press("escape")
        await on(pilot, "CallbackScreen")
        await settled(pilot)
        claims.claim(town.office2, order.order_id)


async def test_an_open_call_is_renewed_but_not_at_a_locked_seat(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        screen = await ring(pilot)
        town.later(minutes=2)
        screen._renew()
        await settled(pilot)
        town.later(minutes=2)
        with pytest.raises(Conflict):
            claims.claim(town.office2, order.order_id)
        await pilot.app.push_screen(LockScreen())
        screen._renew()
        await settled(pilot)
        town.later(minutes=6)
        claims.claim(town.office2, order.order_id)


async def test_the_next_order_gives_the_present_one_back(town: Town) -> None:
    first = town.bring(OrderState.AWAITING_CALLBACK)
    second = town.later(minutes=5).bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        screen = await ring(pilot)
        assert screen.order_id == first.order_id
        await pilot.press("f5")
        await until(pilot, lambda: getattr(pilot.app.screen, "order_id", None) == second.order_id)
        await until(pilot, lambda: getattr(pilot.app.screen, "seen", None) is not None)
        claims.claim(town.office2, first.order_id)
        with pytest.raises(Conflict):
            claims.claim(town.office2, second.order_id)
        await pilot.press("f5")
        await said(pilot, "没有其他空闲的待回访工单")
        await pilot.press("escape")
        await on(pilot, "CallbackScreen")


def merged(town: Town, *others: dict) -> Built:
    """Awaiting the callback of several callers."""
    order = town.replied()
    for told in others:
        intake.merge(town.agent, town.register(**told).order_id, order.number)
    release.release(town.office, order.order_id, Release.PRIVATE)
    return order


SECOND = {"name": "李小红", "phone": "13900003344"}
SILENT = {"kind": Kind.HELP, "name": "", "phone": "", "workplace": "", "home_address": ""}


async def test_of_several_callers_each_says_whether_he_is_satisfied(town: Town) -> None:
    order = merged(town, SECOND, SILENT)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        assert rows(pilot, "#callers") == [
            " 第 1 位 王**  139****2211 未回访",
            " 第 2 位 李**  139****3344 未回访",
            " 第 3 位 未留姓名   未留电话, 无需回访",
        ]
        assert "１３９ ００００ ２２１１   王小明" in painted(pilot)
        assert "3344" not in painted(pilot).replace("139****3344", "")
        await pilot.press("1")
        await said(pilot, "第 1 位来电人: 满意。请回访第 2 位")
        assert "１３９ ００００ ３３４４   李小红" in painted(pilot)
        assert " 第 1 位 王**  139****2211 满意" in rows(pilot, "#callers")
        await pilot.press("f4")
        await said(pilot, "请先选定回访结果")
        await pilot.press("tab", *"polite", "enter", "2")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await on(pilot, "CallbackScreen")
    found = stands(town, order)
    assert (found.row.state, found.verdict) == (OrderState.ARCHIVED, Verdict.MOSTLY_SATISFIED)
    assert [(call.caller, call.remark) for call in found.callbacks] == [(1, ""), (2, "polite")]


async def test_another_caller_is_rung_first_by_f6_and_one_without_a_number_not_at_all(town: Town) -> None:
    order = merged(town, SECOND, SILENT)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        assert "F6 换人" in keys(pilot)
        await pilot.press("f6", "f6", "4")
        await said(pilot, "这位来电人未留电话, 无需回访")
        await pilot.press("f6", "f6", "4")
        await said(pilot, "第 2 位来电人: 未联系上。请回访第 1 位")
        await pilot.press("4")
        await on(pilot, "CallbackScreen")
        await said(pilot, "未联系上, 连续 1 次")
        assert "3 人, 已打 2 次" in rows(pilot)[0]
    assert [call.caller for call in stands(town, order).callbacks] == [2, 1]


async def test_one_not_satisfied_waits_for_the_other_and_then_goes_to_the_office(town: Town) -> None:
    order = merged(town, SECOND)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press("3", *"no refund", "f4")
        await said(pilot, "第 1 位来电人: 不满意。请回访第 2 位")
        await pilot.press("1")
        await on(pilot, "CallbackScreen")
        await said(pilot, "不满意, 已交热线办复查")
    async with sitting(town, "office") as pilot:
        await go(pilot, "callback")
        await pilot.press("left")
        await until(pilot, lambda: "未解决: no refund" in text(pilot, "#look"))
        assert "第 2 位来电人  满意" in text(pilot, "#look")
    assert stands(town, order).row.state is OrderState.UNDER_REVIEW


async def test_an_order_hidden_during_its_call_is_left_and_the_words_stay_a_draft(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent2") as pilot:
        await ring(pilot)
        await pilot.press("3")
        await on(pilot, "AskKept")
        await pilot.press(*"still loud")
        restrict.restrict(town.office, order.order_id, "hidden", secret=True)
        await pilot.press("f4")
        await until(pilot, lambda: "没有这件工单" in painted(pilot))
        await pilot.press("escape")
        await on(pilot, "CallbackScreen")
        await said(pilot, "没有这件工单")
        app_of(pilot).drafts.flush()
        assert [draft.fields["text"] for draft in app_of(pilot).draft_box.of("agent2")] == ["still loud"]
