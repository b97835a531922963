"""The whole stock of standard answers: counted, gone through page by page, by how they stand, and none at all."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete

from hotline_tui.models import Article, ArticleVersion
from hotline_tui.rules.words import ArticleState
from hotline_tui.screens.widgets.row_list import RowList
from tests.builders import Town
from tests.screens.articles import on_shelf, opened
from tests.screens.seats import on, painted, rows, settled, sitting, until

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


@pytest.fixture
def empty(town: Town) -> Town:
    """The town before any standard answer was imported."""
    with town.store.write() as session:
        session.execute(delete(ArticleVersion))
        session.execute(delete(Article))
        session.commit()
    return town


@pytest.fixture
def stocked(town: Town) -> Town:
    """123 answers: more than two pages."""
    for number in range(1, 122):
        town.write_article(f"第{number:03}条怎么办?", "照章办理。")
    return town


@pytest.mark.parametrize(("words", "last"), [("", "住宅小区"), ("怎么办", "怎么办")], ids=["no words", "words"])
async def test_the_whole_stock_is_counted_and_gone_through_page_by_page(stocked: Town, words: str, last: str) -> None:
    async with sitting(stocked, "office") as pilot:
        screen = await opened(pilot, words)
        many = 121 if words else 123
        await until(pilot, lambda: f"标准答案: 全部 {many} 篇" in painted(pilot))
        found = screen.query_one("#found", RowList)
        assert len(found.rows) == 50
        await pilot.press("tab")
        assert screen.focused is found
        seen = {row.key for row in found.rows}
        while len(seen) < many:
            held = len(found.rows)
            await pilot.press("end")
            await until(pilot, lambda held=held: len(found.rows) > held)
            seen |= {row.key for row in found.rows}
        assert len(seen) == many
        await pilot.press("end")
        await until(pilot, lambda: screen._why_no_detail() is None)
        assert last in screen.detail.row.question


@pytest.mark.parametrize("words", ["", "公园几点开门"], ids=["no words", "words"])
async def test_an_agent_sees_what_is_in_force_before_what_is_over(town: Town, words: str) -> None:
    for minutes, (title, ends) in enumerate((("夏天公园几点开门?", None), ("公园几点开门?", date(2026, 3, 31))), 1):
        town.later(minutes=minutes).write_article(title, "六点。", valid_to=ends)
    town.later(minutes=3).write_article("公园几点关门?", "二十二点。", state=ArticleState.EXPIRED)
    async with sitting(town, "agent") as pilot:
        await opened(pilot, words)
        await until(pilot, lambda: len(rows(pilot, "#found")) >= 3)
        listed = [each.split()[0] for each in rows(pilot, "#found")]
        assert listed[0] == "夏天公园几点开门?"
        assert set(listed[-2:]) == {"公园几点开门?", "公园几点关门?"}


async def test_after_publishing_far_down_the_list_is_read_as_far_as_it_was_turned(stocked: Town) -> None:
    async with sitting(stocked, "office") as pilot:
        screen = await opened(pilot, "怎么办")
        found = screen.query_one("#found", RowList)
        await pilot.press("tab", "end")
        await until(pilot, lambda: len(found.rows) == 100)
        await pilot.press("end")
        await until(pilot, lambda: screen._why_no_detail() is None)
        key = found.key
        screen._kept("已保存")
        await settled(pilot)
        await pilot.pause()
        assert (found.key, len(found.rows) >= 100) == (key, True)


async def test_the_stock_is_looked_at_by_how_its_articles_stand(town: Town) -> None:
    town.write_article("暖气什么时候来?", "十月十五日。", valid_to=date(2026, 3, 31))
    town.write_article("草稿怎么写?", "未定", state=ArticleState.DRAFT)
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        for shelf, many in (
            ("有效", 2),
            ("待发布", 1),
            ("停用和过期", 1),
            ("即将到期", 1),
            ("从未使用", 2),
            ("全部", 4),
        ):
            assert await on_shelf(pilot, shelf) == f"{shelf} {many} 篇"
            assert f"标准答案: {shelf} {many} 篇" in painted(pilot)
            assert len(rows(pilot, "#found")) == many
    async with sitting(town, "agent") as pilot:
        await opened(pilot)
        await pilot.press("ctrl+o")
        await on(pilot, "Picker")
        assert rows(pilot, "#matches") == ["全部 3 篇", "有效 2 篇", "常用 0 篇", "从未使用 2 篇", "停用和过期 1 篇"]


async def test_an_empty_knowledge_base_says_so_also_when_something_is_looked_for(empty: Town) -> None:
    async with sitting(empty, "agent") as pilot:
        await pilot.press("f3")
        await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: "知识库还没有标准答案" in painted(pilot))
        await pilot.press(*"abc")
        await until(pilot, lambda: getattr(pilot.app.screen, "_shown", "") == "abc")
        assert "知识库还没有标准答案" in painted(pilot)
        assert "请换个说法" not in painted(pilot)
