"""审核发布: the office reads a unit's reply and decides who may read it (Art. 11(5), 14)."""

from __future__ import annotations

import pytest

from hotline_tui.data.queries.detail import detail
from hotline_tui.data.store import CHANGED
from hotline_tui.rules.words import OrderState, Release
from hotline_tui.services import release
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import app_of, go, keys, on, painted, rows, said, sitting, text, until

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-11.5", "R-14")]


def stands(town: Town, order: Built):
    with town.store.read() as session:
        return detail(session, town.office.viewer, edges_now(town.office, session), order.order_id)


async def test_the_reply_and_the_matter_are_read_on_one_screen(town: Town) -> None:
    town.replied()
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        await until(pilot, lambda: "已责令物业停止收费并退还" in text(pilot, "#look"))
        assert "十元收费" in text(pilot, "#look")
        assert "房产分局" in rows(pilot)[0]


async def test_f4_releases_to_the_caller_alone(town: Town) -> None:
    order = town.replied()
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        await pilot.press("f4", "enter")
        await said(pilot, f"已单独回复 {order.number}")
        await until(pilot, lambda: rows(pilot) == [])
        assert "没有待审核发布的回复" in painted(pilot)
    found = stands(town, order)
    assert (found.row.state, found.replies[0].release) == (OrderState.AWAITING_CALLBACK, Release.PRIVATE)


async def test_esc_releases_nothing(town: Town) -> None:
    order = town.replied()
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        await pilot.press("f4", "escape")
        await on(pilot, "ReleaseScreen")
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_a_secret_order_is_never_public(town: Town) -> None:
    order = town.replied(secret=True)
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        await pilot.press("f5")
        await said(pilot, "本件须保密, 只能单独回复来电人(第十四条)")
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_f8_sends_it_back_to_the_unit_with_the_reason(town: Town) -> None:
    order = town.replied()
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        await pilot.press("f8", "f4")
        assert "请写明退回重办的理由" in painted(pilot)
        await pilot.press(*"too vague", "f4")
        await said(pilot, f"已退回重办 {order.number}")
    found = stands(town, order)
    assert (found.row.state, found.replies[0].sent_back_reason) == (OrderState.ASSIGNED, "too vague")


async def test_of_two_in_the_office_the_second_is_told(town: Town) -> None:
    order = town.replied()
    async with sitting(town, "office") as pilot:
        await go(pilot, "release")
        release.release(town.office, order.order_id, Release.PRIVATE)
        await pilot.press("f4", "enter")
        await said(pilot, CHANGED)
        await until(pilot, lambda: rows(pilot) == [])


async def test_the_front_desk_releases_nothing(town: Town) -> None:
    order = town.replied()
    async with sitting(town, "agent") as pilot:
        app_of(pilot).go("release")
        await said(pilot, "呼叫前台不使用审核发布")
        app_of(pilot).open_order(order.order_id)
        await on(pilot, "OrderScreen")
        await until(pilot, lambda: "F4 催办" in keys(pilot))
