"""网上公开: what all will read is checked as it is typed, and nothing personal goes out uncleared (Art. 14)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlmodel import select
from textual.pilot import Pilot

from hotline_tui.data.queries.detail import detail
from hotline_tui.models import Reply
from hotline_tui.rules.words import Kind, OrderState, Release
from hotline_tui.screens.widgets.marked import MarkedNarrative
from hotline_tui.services import handling, intake, release
from hotline_tui.services.clock import edges_now
from tests.builders import Built, Town
from tests.screens.seats import go, on, painted, rows, said, sitting, until
from tests.services.looks import share_of

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


async def test_what_accuses_a_unit_is_made_public_only_once_that_was_asked(town: Town) -> None:
    order = town.replied(town.b, kind=Kind.TIPOFF, accused=(town.a,))
    async with publishing(town) as pilot:
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        await pilot.press("f4")
        await on(pilot, "Confirm")
        assert "网上公开后对方也能看到(第十三条)" in painted(pilot)
        await pilot.press("escape")
        await on(pilot, "PublicationScreen")
        assert stands(town, order).row.state is OrderState.REPLIED
        await pilot.press("f4")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await said(pilot, f"已网上公开 {order.number}")


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
        await on(pilot, "ClearReason")
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
        await on(pilot, "ClearReason")
        await pilot.press(*"office phone", "f4")
        await until(pilot, lambda: "已说明理由" in painted(pilot))
        await pilot.press("shift+tab", "end", *"13800001234", "tab")
        await until(pilot, lambda: "2 处, 未处理 1 处" in painted(pilot))
        assert rows(pilot, "#found") == ["电话号码 0990-6234567 已说明", "电话号码 13800001234 未处理"]


async def test_a_reason_that_holds_what_it_speaks_of_is_refused_where_it_is_written(town: Town) -> None:
    told(town, SAYS)
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f8")
        await on(pilot, "ClearReason")
        assert "来电人信息 王小明; 电话号码 0990-6234567" in painted(pilot)
        await pilot.press(*"call 0990-6234567", "f4")
        await until(pilot, lambda: "理由中有电话号码 1 处" in painted(pilot))
        await pilot.press(*["backspace"] * 12, "f4")
        await until(pilot, lambda: "2 处, 已说明理由" in painted(pilot))
        assert entry(pilot).text == SAYS


async def test_f4_right_after_typing_publishes_nothing_that_was_not_cleared(town: Town) -> None:
    order = told(town, "费用已退, 详询0990-6234567。")
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f8")
        await on(pilot, "ClearReason")
        await pilot.press(*"office phone", "f4")
        await until(pilot, lambda: "已说明理由" in painted(pilot))
        await pilot.press("shift+tab", "end", *"13800001234", "f4")
        await until(pilot, lambda: "公开的内容中有电话号码 1 处" in painted(pilot))
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_f4_right_after_the_last_hit_was_deleted_publishes(town: Town) -> None:
    order = told(town, "费用已退, 详询0990-6234567")
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("shift+tab", "end", *["backspace"] * 12, "f4")
        await said(pilot, f"已网上公开 {order.number}")
    assert stands(town, order).replies[0].released_text == "费用已退, 详询"


async def test_what_is_typed_is_checked_while_the_cursor_stays_in_the_text(town: Town) -> None:
    told(town, "费用已退。")
    async with publishing(town) as pilot:
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        await pilot.press("shift+tab", "end", *"13800001234")
        await until(pilot, lambda: "电话号码   13800001234" in painted(pilot))
        assert "1 处, 未处理 1 处" in painted(pilot)
        await pilot.press("backspace")
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))


async def test_f7_right_after_typing_masks_the_place_that_was_seen_and_no_other(town: Town) -> None:
    told(town, SAYS)
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f6", "shift+tab", "home", *"13800001234 ", "f7")
        await until(pilot, lambda: "***" in entry(pilot).text)
        assert entry(pilot).text == f"13800001234 {SAYS.replace('0990-6234567', '***')}"
        await pilot.press("home", *["delete"] * 12, *["right"] * 3, "backspace", "f7")
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        assert entry(pilot).text == f"王小{SAYS[3:].replace('0990-6234567', '***')}"


async def test_f7_f7_masks_one_after_the_other(town: Town) -> None:
    told(town, SAYS)
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f7", "f7")
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        assert entry(pilot).text == "***您好, 费用已退, 详询***。"


async def test_the_title_is_the_offices_prefilled_with_the_topic_and_checked_like_the_text(town: Town) -> None:
    order = town.signed(subject="某某物业乱收费")
    assert order.assignment_id is not None
    handling.draft_reply(town.handler, order.assignment_id, "费用已退。")
    handling.approve(town.leader, order.assignment_id)
    async with publishing(town) as pilot:
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        assert "公开标题 停车收费" in painted(pilot)
        await pilot.press("shift+tab", "shift+tab", "end", *" 13800001234", "f4")
        await until(pilot, lambda: "公开的内容中有电话号码 1 处" in painted(pilot))
        await pilot.press("enter")
        assert rows(pilot, "#found") == ["电话号码 标题: 13800001234 未处理"]
        await pilot.press("escape")
        await on(pilot, "ReleaseScreen")
        await pilot.press("f5")
        await on(pilot, "PublicationScreen")
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f7", "f4")
        await said(pilot, f"已网上公开 {order.number}")
    with town.store.read() as session:
        reply = session.exec(select(Reply).where(Reply.order_id == order.order_id)).one()
    assert (reply.public_title, reply.released_text) == ("停车收费 ***", "费用已退。")


async def test_without_a_title_nothing_goes_out(town: Town) -> None:
    order = told(town, "费用已退。")
    async with publishing(town) as pilot:
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        await pilot.press("shift+tab", "shift+tab", "end", *["backspace"] * 4, "f4")
        await said(pilot, "公开标题不能是空的")
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_how_many_places_are_not_seen_is_told(town: Town) -> None:
    told(town, ", ".join(f"1380000123{last}" for last in range(9)))
    async with publishing(town) as pilot:
        await until(pilot, lambda: len(rows(pilot, "#found")) == 9)
        await until(pilot, lambda: "9 处, 未处理 9 处  更多: 下 3 行" in painted(pilot))
        await pilot.press("end")
        await until(pilot, lambda: "更多: 上 3 行" in painted(pilot))


async def test_a_text_kept_of_an_earlier_reply_is_not_taken_for_the_next(town: Town) -> None:
    order = told(town, "费用未退。")
    async with publishing(town) as pilot:
        await until(pilot, lambda: "没有发现个人信息" in painted(pilot))
        await pilot.press("shift+tab", "end", *" old", "escape")
        await on(pilot, "ReleaseScreen")
        release.reject_reply(town.office, order.order_id, "退费")
        handling.draft_reply(town.handler, share_of(order), "费用已退。")
        handling.approve(town.leader, share_of(order))
        await pilot.press("escape")
        await on(pilot, "HomeScreen")
        await go(pilot, "release")
        await pilot.press("f5")
        await on(pilot, "PublicationScreen")
        await until(pilot, lambda: entry(pilot).text == "费用已退。")


async def test_a_caller_who_is_merged_in_meanwhile_is_found_when_f4_is_pressed(town: Town) -> None:
    order = told(town, "赵大强所反映的已办结, 详询0990-6234567。")
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f8")
        await on(pilot, "ClearReason")
        await pilot.press(*"office phone", "f4")
        await until(pilot, lambda: "已说明理由" in painted(pilot))
        later = town.register(name="赵大强", phone="13700001234")
        intake.merge(town.agent, later.order_id, order.number)
        await pilot.press("f4")
        await until(pilot, lambda: "文字中有个人信息: 来电人信息 1 处" in painted(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "来电人信息 赵大强 未处理" in rows(pilot, "#found"))
    assert stands(town, order).row.state is OrderState.REPLIED


async def test_the_public_version_is_a_draft_until_it_is_released(town: Town) -> None:
    told(town, SAYS)
    async with publishing(town) as pilot:
        await until(pilot, lambda: rows(pilot, "#found"))
        await pilot.press("f7", "escape")
        await on(pilot, "ReleaseScreen")
        await pilot.press("f5")
        await on(pilot, "PublicationScreen")
        await until(pilot, lambda: entry(pilot).text.startswith("***您好"))
