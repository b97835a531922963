"""A form whose answer is refused stays open with the words and the sentence; the list behind gets no key (R-D1)."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from hotline_tui.rules.words import AssignmentState
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.services import handling, notes
from hotline_tui.services.desk import Desk
from tests.builders import Town
from tests.screens.seats import app_of, go, on, painted, said, settled, sitting, text, until
from tests.screens.test_unit import stands
from tests.screens.test_unit_promise import promised
from tests.screens.test_unit_together import more
from tests.services.looks import share_of

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-D1")]


async def test_the_same_day_is_told_in_the_form_of_the_change(town: Town) -> None:
    order = promised(town)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f8")
        form = await on(pilot, "FieldsModal")
        await pilot.press(*"12-11", "enter", *"audit", "f4")
        await until(pilot, lambda: "承诺日期已是 2026-12-11" in painted(pilot))
        assert pilot.app.screen is form
        await pilot.press("x")
        assert "承诺日期已是" not in painted(pilot)
        assert form.values["reason"] == "auditx"
    assert stands(town, order).requests == ()


async def test_a_time_that_cannot_be_is_told_in_the_form_of_the_visit(town: Town) -> None:
    order = town.signed(urgent=True)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await more(pilot, "xccz")
        form = await on(pilot, "FieldsModal")
        await pilot.press(*"Li", "tab", "ctrl+u", *"23:50", "f4")
        await until(pilot, lambda: "时间不能晚于现在(第十一条(四))" in painted(pilot))
        await pilot.press("ctrl+u", *"09:05", "f4")
        await said(pilot, f"已记录派往现场 {order.number}")
        await more(pilot, "xccz")
        await on(pilot, "Picker")
        await pilot.press("enter")
        form = await on(pilot, "FieldsModal")
        await until(pilot, lambda: form.focused is form.query_one("#at"))
        await pilot.press("ctrl+u", *"09:01", "tab", *"gate", "f4")
        await until(pilot, lambda: "到达时间不能早于派出时间" in painted(pilot))
        assert pilot.app.screen is form
    assert stands(town, order).on_site[0].arrived_at is None


async def test_a_refused_answer_stays_in_its_form_and_the_list_gets_no_key(town: Town) -> None:
    order, other = town.assigned(), town.assigned()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f6")
        form = await on(pilot, "AskKept")
        at = form.kept.order_id
        notes.note(town.office, at, "somebody else was quicker")
        await pilot.press(*"not ours", "f4")
        await until(pilot, lambda: "按 Esc 看最新情况" in painted(pilot))
        await pilot.press("f4")
        await until(pilot, lambda: "按 Esc 看最新情况" in painted(pilot))
        assert pilot.app.screen is form
        assert "not ours" in painted(pilot)
        await pilot.press("escape")
        await on(pilot, "UnitScreen")
        await until(pilot, lambda: "somebody else was quicker" in text(pilot, "#look"))
        await pilot.press("f6")
        await on(pilot, "AskKept")
        assert "not ours" in painted(pilot)
    states = [stands(town, each).assignments[0].state for each in (order, other)]
    assert states == [AssignmentState.DISPATCHED] * 2


async def test_a_form_under_another_page_closes_once_that_is_left(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    order, go_on, progress = town.signed(), Event(), handling.progress
    before = stands(town, order).row.version

    def slowly(desk: Desk, *args: Any, **options: Any) -> None:
        assert go_on.wait(20)
        progress(desk, *args, **options)

    monkeypatch.setattr(handling, "progress", slowly)
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f7")
        await on(pilot, "AskKept")
        await pilot.press(*"asked", "f4")
        await pilot.press("f3")
        await on(pilot, "KnowledgeScreen")
        go_on.set()
        await until(pilot, lambda: stands(town, order).row.version > before)
        await settled(pilot)
        await on(pilot, "KnowledgeScreen")
        await pilot.press("escape")
        await on(pilot, "UnitScreen")
        await said(pilot, f"已续报 {order.number}")


async def test_words_that_mend_an_answer_take_the_sentence_away(town: Town) -> None:
    town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f7", "f4")
        await until(pilot, lambda: "请写明办理进展" in painted(pilot))
        await pilot.press("a")
        assert "请写明办理进展" not in painted(pilot)


async def test_today_is_not_next_year(town: Town) -> None:
    town.signed()
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f8")
        screen = await on(pilot, "PromiseScreen")
        await until(pilot, lambda: screen.seen is not None)
        await pilot.press(*"11-20")
        await until(pilot, lambda: "11-20 周五, 须晚于今天 11-20" in painted(pilot))
        assert isinstance(screen.focused, HotlineInput)


async def test_a_reply_that_was_sent_back_is_not_submitted_again_unchanged_without_a_word(town: Town) -> None:
    order = town.signed()
    handling.draft_reply(town.handler, share_of(order), "已办")
    handling.send_back(town.leader, share_of(order), "请写明金额")
    async with sitting(town, "handler") as pilot:
        await go(pilot, "unit")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.query_one("#reply").text == "已办")
        await pilot.press("f4")
        await on(pilot, "Confirm")
        assert "与退回的文本相同, 仍要提交?" in painted(pilot)
        await pilot.press("escape")
        await on(pilot, "ReplyScreen")
        await pilot.press("escape")
        await on(pilot, "UnitScreen")
        app_of(pilot).drafts.flush()
        assert not app_of(pilot).draft_box.of("handler")
        await pilot.press("f5")
        screen = await on(pilot, "ReplyScreen")
        await until(pilot, lambda: screen.query_one("#reply").text == "已办")
        await pilot.press("f4")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await on(pilot, "UnitScreen")
    assert stands(town, order).assignments[0].state is AssignmentState.REPLY_DRAFTED


async def test_the_leader_of_a_stale_list_reviews_what_was_drafted_meanwhile(town: Town) -> None:
    order = town.signed()
    async with sitting(town, "leader") as pilot:
        screen = await go(pilot, "unit")
        await pilot.press("right")
        await until(pilot, lambda: screen.at_cursor() is not None)
        handling.draft_reply(town.handler, share_of(order), "刚刚拟写")
        await pilot.press("f5")
        await on(pilot, "ReviewScreen")
        await until(pilot, lambda: "刚刚拟写" in text(pilot, "#reply"))
