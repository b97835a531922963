"""回访: the caller is rung, says whether he is satisfied, and the order is closed or re-examined (Art. 11(6))."""

from __future__ import annotations

import pytest

from hotline_tui.data.queries.detail import detail
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.data.store import CHANGED
from hotline_tui.rules.words import Action, OrderState, Verdict
from hotline_tui.services import callbacks
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import app_of, go, keys, on, painted, rows, said, sitting, text, until

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


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
    async with sitting(town, "agent") as pilot:
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
    async with sitting(town, "agent") as pilot:
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
    async with sitting(town, "agent") as pilot:
        await ring(pilot)
        await pilot.press(key)
        await said(pilot, "请先选定回访结果")
    assert stands(town, order).callbacks == ()


async def test_no_digit_is_needed(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent") as pilot:
        await ring(pilot)
        await pilot.press("down", "down", "down", "enter")
        await on(pilot, "CallbackScreen")
        await said(pilot, "连续 1 次")
        await until(pilot, lambda: "未联系上 1 次" in rows(pilot)[0])
    assert stands(town, order).unreached == 1


async def test_an_unsatisfied_caller_is_asked_what_was_not_solved(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent") as pilot:
        await ring(pilot)
        await pilot.press("3", "f4")
        assert "请记下来电人认为没有解决的问题" in painted(pilot)
        await pilot.press(*"no refund", "f4")
        await on(pilot, "CallbackScreen")
        await said(pilot, "已交热线办复查")
        await until(pilot, lambda: rows(pilot) == [])
    found = stands(town, order)
    assert (found.row.state, found.callbacks[0].not_solved) == (OrderState.UNDER_REVIEW, "no refund")


async def test_digits_in_the_remark_are_the_remark(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent") as pilot:
        await ring(pilot)
        await pilot.press("tab", *"ring 123", "enter", "4")
        await on(pilot, "CallbackScreen")
        await said(pilot, "未联系上")
    assert stands(town, order).callbacks[0].remark == "ring 123"


async def test_the_cursor_stands_on_the_next_call(town: Town) -> None:
    town.bring(OrderState.AWAITING_CALLBACK)
    second = town.later(minutes=5).bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent") as pilot:
        await ring(pilot)
        await pilot.press("1")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        screen = await on(pilot, "CallbackScreen")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        assert screen.at_cursor().order.number == second.number


async def test_who_declines_to_archive_finds_the_order_in_the_second_list(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent") as pilot:
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
    async with sitting(town, "agent") as pilot:
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
    async with sitting(town, "agent") as pilot:
        await go(pilot, "callback")
        assert "Enter 回访" in keys(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: "Enter 工单" in keys(pilot))


async def test_the_front_desk_has_no_list_to_review(town: Town) -> None:
    town.bring(OrderState.UNDER_REVIEW)
    async with sitting(town, "agent") as pilot:
        await go(pilot, "callback")
        assert "待复查" not in painted(pilot)


async def test_of_two_who_ring_the_second_is_told_and_her_remark_is_kept(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK)
    async with sitting(town, "agent") as pilot:
        await ring(pilot)
        await pilot.press("tab", *"busy", "enter")
        callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED)
        await pilot.press("4")
        await said(pilot, CHANGED)
        app_of(pilot).drafts.flush()
        assert app_of(pilot).draft_box.of("agent", Action.CALL_BACK.value)[0].fields["text"] == "busy"
