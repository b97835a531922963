"""审核发布: the office reads a unit's reply and decides who may read it (Art. 11(5), 14)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlmodel import select
from textual.pilot import Pilot

from hotline_tui.data.queries.detail import detail
from hotline_tui.data.store import CHANGED
from hotline_tui.models import Reply
from hotline_tui.rules.words import OrderState, Release
from hotline_tui.screens.widgets.marked import MarkedNarrative
from hotline_tui.services import handling, release
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import app_of, go, keys, on, painted, rows, said, sitting, text, until

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-11.5", "R-14")]


def stands(town: Town, order: Built):
    with town.store.read() as session:
        return detail(session, town.office.viewer, edges_now(town.office, session), order.order_id)


SAYS = "王小明您好, 费用已退, 详询0990-6234567。"


def told(town: Town, text: str) -> Built:
    """A reply of these words waits for release."""
    order = town.signed()
    assert order.assignment_id is not None
    handling.draft_reply(town.handler, order.assignment_id, text)
    handling.approve(town.leader, order.assignment_id)
    return order


@asynccontextmanager
async def publishing(town: Town, **options: Any) -> AsyncIterator[Pilot[Any]]:
    """The office at the text of the first order that waits."""
    async with sitting(town, "office", **options) as pilot:
        await go(pilot, "release")
        await pilot.press("f5")
        screen = await on(pilot, "PublicationScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.pause()
        yield pilot


def entry(pilot: Pilot[Any]) -> MarkedNarrative:
    return pilot.app.screen.query_one("#public", MarkedNarrative)


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


async def test_f5_shows_the_text_that_will_be_public_to_be_corrected(town: Town) -> None:
    order = town.replied()
    async with publishing(town) as pilot:
        assert entry(pilot).text == "已责令物业停止收费并退还"
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        await pilot.press("shift+tab", "end", *" - done", "f4")
        await said(pilot, f"已网上公开 {order.number}")
    reply = stands(town, order).replies[0]
    assert (reply.release, reply.released_text) == (Release.PUBLIC, "已责令物业停止收费并退还 - done")
    assert reply.text == "已责令物业停止收费并退还"


async def test_personal_information_closes_publishing_with_the_article(town: Town) -> None:
    order = told(town, SAYS)
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        assert rows(pilot, "#found") == ["来电人信息 王小明 未处理", "电话号码 0990-6234567 未处理"]
        assert "2 处, 未处理 2 处" in painted(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: "第十四条" in painted(pilot))
        assert "来电人信息 1 处, 电话号码 1 处" in painted(pilot)
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_one_key_goes_to_the_next_hit_and_one_masks_it(town: Town) -> None:
    order = told(town, SAYS)
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f6")
        assert entry(pilot).cursor_location == (0, SAYS.index("0990"))
        await pilot.press("f7")
        await until(pilot, lambda: rows(pilot, "#found") == ["来电人信息 王小明 未处理"])
        await pilot.press("f7")
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        await pilot.press("f4")
        await said(pilot, f"已网上公开 {order.number}")
    reply = stands(town, order).replies[0]
    assert (reply.text, reply.released_text) == (SAYS, "***您好, 费用已退, 详询***。")


async def test_a_person_clears_with_a_reason_what_may_stand(town: Town) -> None:
    order = told(town, "费用已退, 详询0990-6234567。")
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f8")
        await on(pilot, "AskKept")
        await pilot.press("f4")
        assert "请写明可以公开的理由" in painted(pilot)
        await pilot.press(*"office phone", "f4")
        await until(pilot, lambda: "1 处, 已说明理由" in painted(pilot))
        await pilot.press("f4")
        await said(pilot, f"已网上公开 {order.number}")
    with town.store.read() as session:
        reply = session.exec(select(Reply).where(Reply.order_id == order.order_id)).one()
    assert (reply.clear_reason, reply.cleared_by) == ("office phone", town.accounts["office"])
    assert reply.released_text == reply.text


async def test_what_is_typed_after_a_reason_is_not_covered_by_it(town: Town) -> None:
    told(town, "费用已退, 详询0990-6234567。")
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f8")
        await on(pilot, "AskKept")
        await pilot.press(*"office phone", "f4")
        await until(pilot, lambda: "已说明理由" in painted(pilot))
        await pilot.press("shift+tab", "end", *"13800001234", "tab")
        await until(pilot, lambda: "2 处, 未处理 1 处" in painted(pilot))
        assert rows(pilot, "#found") == ["电话号码 0990-6234567 已说明", "电话号码 13800001234 未处理"]


async def test_a_refused_reason_and_the_text_stay(town: Town) -> None:
    order = told(town, SAYS)
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f8")
        await on(pilot, "AskKept")
        await pilot.press(*"call 0990-6234567", "f4")
        await until(pilot, lambda: "已说明理由" in painted(pilot))
        await pilot.press("f4")
        await until(pilot, lambda: "其中不要写出号码" in painted(pilot))
        await pilot.press("enter")
        assert entry(pilot).text == SAYS
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_the_public_version_is_a_draft_until_it_is_released(town: Town) -> None:
    told(town, SAYS)
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f7", "escape")
        await on(pilot, "ReleaseScreen")
        await pilot.press("f5")
        await on(pilot, "PublicationScreen")
        assert entry(pilot).text.startswith("***您好")


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
