"""A standard answer is written: its form, its days, its draft, its spelling (Art. 11(2)1)."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot

from hotline_tui.rules.words import ArticleState
from hotline_tui.screens.profile import Profile
from tests.builders import Town
from tests.screens.articles import completed, newest, opened
from tests.screens.seats import on, painted, rows, said, sitting, status, until

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


async def test_a_unit_that_is_chosen_in_the_form_leaves_the_cursor_where_it_is(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("f5")
        form = await on(pilot, "ArticleForm")
        await until(pilot, lambda: form.query_one("#unit")._offered)
        form.query_one("#unit").focus()
        await pilot.press("enter")
        await on(pilot, "FieldPicker")
        await pilot.press("enter")
        await until(pilot, lambda: form.query_one("#unit").keys and form.is_active)
        await pilot.pause()
        assert form.focused.id == "unit"


async def test_the_office_writes_one_and_publishes_it(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("f5")
        await on(pilot, "ArticleForm")
        await pilot.press(*"电动车可以进电梯吗", "enter", *"不可以")
        await pilot.press("f4")
        await said(pilot, "已存为草稿, 由热线办发布")
        assert newest(town).state is ArticleState.DRAFT
        await pilot.press(*"电动车")
        screen = await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: screen.why_not("publish") is None and "电动车" in screen.detail.row.question)
        await pilot.press("f8")
        form = await on(pilot, "ArticleForm")
        assert form.focused.id == "basis"
        assert status(pilot) == "发布前请写明依据、承办单位、诉求分类, 按 F4 保存后再按 F8"
        await completed(pilot, form, town)
        await until(pilot, lambda: screen.why_not("publish") is None)
        await pilot.press("f8")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await said(pilot, "已发布")
    made = newest(town)
    assert (made.state, made.question, made.answer) == (ArticleState.PUBLISHED, "电动车可以进电梯吗", "不可以")


@pytest.mark.parametrize("words", ["停车", "营业执照"])
async def test_a_new_answer_stands_under_the_cursor_whatever_was_looked_for_and_f8_publishes_it(
    town: Town, words: str
) -> None:
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot, words)
        await pilot.press("f5")
        await on(pilot, "ArticleForm")
        form = pilot.app.screen
        await pilot.press(*"停车场几点开门", "enter", *"六点")
        await completed(pilot, form, town)
        await until(pilot, lambda: screen._why_no_detail() is None)
        assert screen.detail.row.question == "停车场几点开门"
        assert screen._words == ("停车" if words == "停车" else "")
        await pilot.press("f8")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await said(pilot, "已发布")
    assert (newest(town).question, newest(town).state) == ("停车场几点开门", ArticleState.PUBLISHED)


async def test_the_form_is_one_ground_and_an_empty_day_says_what_it_means(town: Town) -> None:
    async with sitting(town, "office", profile=Profile.RICH) as pilot:
        await opened(pilot)
        await pilot.press("f5")
        form = await on(pilot, "ArticleForm")
        for row in form.query(".row"):
            assert row.styles.background == form.query_one("#basis").styles.background
        assert "生效 空着为即日起   失效 空着为长期" in painted(pilot)


async def test_what_was_typed_and_not_saved_is_there_the_next_time(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("f5")
        form = await on(pilot, "ArticleForm")
        await pilot.press(*"没写完的问题")
        await pilot.press("escape")
        await on(pilot, "KnowledgeScreen")
        form.seat.drafts.flush()
        await pilot.press("f5")
        form = await on(pilot, "ArticleForm")
        assert form.query_one("#question").value == "没写完的问题"
        assert status(pilot) == "接着上次未保存的草稿"


async def at_its_end(pilot: Pilot[Any]) -> Any:
    """A new answer, up to the day until which it holds."""
    await opened(pilot)
    await pilot.press("f5")
    form = await on(pilot, "ArticleForm")
    await pilot.press(*"问题", "enter", *"答复")
    form.query_one("#valid_to").focus()
    return form


async def test_a_date_that_is_none_is_one_sentence_and_nothing_is_lost(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        form = await at_its_end(pilot)
        await pilot.press(*"2026-13-1", "f4")
        await said(pilot, "日期 2026-13-1 不对, 请写成 2026-01-01 的样子")
        assert form.query_one("#question").value == "问题"


@pytest.mark.parametrize("day", ["2027/3/1", "2027年3月1日", "20270301", "2027-3-1"])
async def test_days_are_taken_as_people_write_them(town: Town, day: str) -> None:
    async with sitting(town, "office") as pilot:
        await at_its_end(pilot)
        await pilot.press(*day, "f4")
        await said(pilot, "已存为草稿")
    assert newest(town).valid_to == date(2027, 3, 1)


@pytest.mark.parametrize("words", ["", "机动车停放"])
async def test_a_draft_of_an_answer_stands_on_the_workbench_and_is_opened_from_there(town: Town, words: str) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot, words)
        await pilot.press("f6" if words else "f5")
        form = await on(pilot, "ArticleForm")
        form.query_one("#question").focus()
        await pilot.press("home", *"没写完", "escape")
        await on(pilot, "KnowledgeScreen")
        form.seat.drafts.flush()
        await pilot.press("escape")
        await on(pilot, "HomeScreen")
        await until(pilot, lambda: rows(pilot, "#drafts") and "没写完" in rows(pilot, "#drafts")[0])
        await pilot.press("tab", "enter")
        form = await on(pilot, "ArticleForm")
        assert form.query_one("#question").value.startswith("没写完")
        assert (form.detail.row.id if form.detail else None) == (town.article if words else None)
        await pilot.press("f4") if words else await pilot.press("enter", *"答", "f4")
        await said(pilot, "已存为修订稿" if words else "已存为草稿")
        form.seat.drafts.flush()
        assert form.seat.draft_box.of("office") == []


async def test_what_was_typed_and_taken_back_leaves_no_draft(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot, "机动车停放")
        await pilot.press("f6")
        form = await on(pilot, "ArticleForm")
        await pilot.press("end", "甲", "backspace", "escape")
        await on(pilot, "KnowledgeScreen")
        form.seat.drafts.flush()
        assert form.seat.draft_box.of("office") == []


SEAT = """
import asyncio, pickle, sys
from tests.screens.seats import on, said, settled
from hotline_tui.app import HotlineApp

settings, account = pickle.loads(bytes.fromhex(sys.stdin.read()))

async def main():
    app = HotlineApp(settings, account_id=account)
    async with app.run_test(size=(80, 24)) as pilot:
        await on(pilot, "HomeScreen")
        await pilot.press("f3")
        await on(pilot, "KnowledgeScreen")
        await pilot.press("f5")
        await on(pilot, "ArticleForm")
        await pilot.press(*"重庆路在哪里", "enter", *"在城东", "f4")
        await said(pilot, "已存为草稿")
        await settled(pilot)

asyncio.run(main())
print("pypinyin" in sys.modules)
"""


def test_saving_an_answer_at_a_seat_spells_it_and_never_loads_the_dictionary(town: Town) -> None:
    told = pickle.dumps((town.settings, town.accounts["office"])).hex()
    done = subprocess.run(
        [sys.executable, "-c", SEAT], check=False, input=told, capture_output=True, encoding="utf-8", timeout=120
    )
    assert (done.stdout.strip(), done.stderr) == ("False", "")
    assert newest(town).spelling == "chong qing lu zai na li"
