"""知识库: standard answers found as one types and read in full (Art. 11(2)1)."""

from __future__ import annotations

import threading
from datetime import date
from uuid import UUID

import pytest
from textual.widgets import Input

from hotline_tui.screens import knowledge_finding
from hotline_tui.screens.knowledge import KnowledgeScreen
from hotline_tui.screens.stock_list import Stock
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import knowledge
from tests.builders import Town
from tests.screens.articles import opened
from tests.screens.seats import on, painted, rows, said, sitting, until

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


@pytest.mark.parametrize("words", ["停车", "机动车停放", "jdctf", "收费怎么定"])
async def test_an_answer_is_found_by_characters_and_by_initials_as_one_types(town: Town, words: str) -> None:
    async with sitting(town, "agent") as pilot:
        await opened(pilot, words)
        await until(pilot, lambda: "机动车停放" in rows(pilot, "#found")[0])
        await until(pilot, lambda: "按照价格主管部门公布的标准执行" in painted(pilot))


async def test_the_answer_stands_with_basis_unit_validity_and_version(town: Town) -> None:
    town.write_article("电动车可以进电梯吗?", "不可以。", basis="高层民用建筑消防安全管理规定第三十七条")
    async with sitting(town, "handler") as pilot:
        await opened(pilot, "电动车")
        await until(pilot, lambda: "依据 高层民用建筑消防安全管理规定第三十七条" in painted(pilot))
        assert "有效期 2026-01-01 至 2027-06-30  版本 1" in painted(pilot)
        assert "房产分局" in painted(pilot)


async def test_the_arrows_move_in_the_list_while_typing_goes_on(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        screen = await opened(pilot)
        first = screen.detail.row.id
        await pilot.press("down")
        await until(pilot, lambda: screen.detail.row.id != first)
        assert screen.focused.id == "words"


async def test_what_is_past_its_day_says_so_in_a_word(town: Town) -> None:
    town.write_article("暖气什么时候来?", "十月十五日。", valid_to=date(2026, 3, 31))
    async with sitting(town, "office") as pilot:
        await opened(pilot, "暖气")
        await until(pilot, lambda: "已过期" in rows(pilot, "#found")[0])
        await until(pilot, lambda: "已过期, 不能用来答复" in painted(pilot))


async def test_nothing_found_says_what_to_do(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await pilot.press("f3")
        screen = await on(pilot, "KnowledgeScreen")
        await pilot.press(*"外星人")
        await until(pilot, lambda: rows(pilot, "#found") == [] and screen._shown == "外星人")
        await until(pilot, lambda: "没有找到, 请换个说法" in painted(pilot))


async def test_what_holds_no_word_is_said_to_hold_none(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        screen = await opened(pilot)
        screen.query_one("#words", Input).value = "!?😀"
        await until(pilot, lambda: "没有可用于查找的文字" in painted(pilot))


async def test_what_another_seat_withdraws_or_publishes_shows_in_the_open_list_without_a_key(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        screen = await opened(pilot)
        await pilot.press("down")
        await until(pilot, lambda: screen._why_no_detail() is None)
        key = screen.key
        town.write_article("电动车可以进电梯吗?", "不可以。")
        await until(pilot, lambda: any("电动车" in row for row in rows(pilot, "#found")))
        knowledge.expire(town.office, UUID(key), "规定已变")
        await until(pilot, lambda: any("停用" in row for row in rows(pilot, "#found")))
        assert (screen.key, screen.focused.id) == (key, "words")
        await until(pilot, lambda: "停用" in painted(pilot).partition("答复内容")[2])


async def test_where_only_answers_in_force_are_listed_the_cursor_does_not_slip_to_another_one(town: Town) -> None:
    town.write_article("电动车可以进电梯吗?", "不可以。")
    async with sitting(town, "agent") as pilot:
        pilot.app.push_screen(KnowledgeScreen(pick=True))
        screen = await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: screen._why_no_detail() is None)
        gone = screen.key
        knowledge.expire(town.office, UUID(gone), "规定已变")
        await said(pilot, "光标所在的一条已不在其中")
        assert screen.key is None
        assert gone not in [row.key for row in screen.query_one("#found", RowList).rows]
        await pilot.press("f4")
        assert screen.is_active
        await said(pilot, "没有选中标准答案")


async def test_nothing_is_painted_where_nothing_changed_nor_while_somebody_types(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = Stock.first

    def first(self: Stock, made: UUID | None, limit: int) -> object:
        asked.append(self.words)
        return real(self, made, limit)

    monkeypatch.setattr(Stock, "first", first)
    monkeypatch.setattr(knowledge_finding, "REST_SECONDS", 3600)
    news: list[object] = []
    real_news = KnowledgeScreen._take_news
    monkeypatch.setattr(KnowledgeScreen, "_take_news", lambda self, now: (real_news(self, now), news.append(now)))
    async with sitting(town, "agent") as pilot:
        screen = await opened(pilot)
        looks = len(asked)
        town.register()
        screen.news(frozenset({"knowledge"}))
        await until(pilot, lambda: news)
        assert len(asked) == looks
        await pilot.press("停")
        await until(pilot, lambda: screen._shown == "停" and screen._why_no_detail() is None)
        looks, before = len(asked), news[-1]
        town.write_article("停车可以包月吗?", "可以。")
        await until(pilot, lambda: news[-1] != before)
        assert len(asked) == looks
        monkeypatch.setattr(knowledge_finding, "REST_SECONDS", 0)
        screen.news(frozenset({"knowledge"}))
        await until(pilot, lambda: any("包月" in row for row in rows(pilot, "#found")))


async def test_the_whole_stock_never_stands_under_words_that_were_typed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, real = threading.Event(), Stock.first

    def slow(self: Stock, made: UUID | None, limit: int) -> object:
        gate.wait(20)
        return real(self, made, limit)

    town.write_article("电动车可以进电梯吗?", "不可以。")
    async with sitting(town, "agent") as pilot:
        monkeypatch.setattr(Stock, "first", slow)
        await pilot.press("f3", "电", "动")
        screen = await on(pilot, "KnowledgeScreen")
        gate.set()
        shown: list[list[str]] = []
        await until(pilot, lambda: shown.append(rows(pilot, "#found")) or screen._shown == "电动")
        assert all(len(each) <= 1 for each in shown)
        gate.clear()
        await pilot.press("ctrl+u")
        gate.set()
        await until(pilot, lambda: screen._shown == "" and rows(pilot, "#found"))
        gate.clear()
        await pilot.press("电")
        assert rows(pilot, "#found") == []
        assert "正在查找" in painted(pilot)
        gate.set()
        await until(pilot, lambda: screen._shown == "电")
