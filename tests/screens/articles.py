"""Standard answers at a seat of the test town: opened, written, read from the database."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from hotline_tui.models import Article
from tests.builders import Town
from tests.screens.seats import on, rows, said, settled, sitting, until


def article(town: Town, article_id: UUID) -> Article:
    with town.store.read() as session:
        found = session.get(Article, article_id)
    assert found is not None
    return found


def newest(town: Town) -> Article:
    with town.store.read() as session:
        return session.exec(select(Article).order_by(col(Article.revision).desc()).limit(1)).one()


async def opened(pilot, words: str = ""):
    await pilot.press("f3")
    screen = await on(pilot, "KnowledgeScreen")
    await pilot.press(*words)
    await until(pilot, lambda: screen._shown == words and screen._why_no_detail() is None)
    return screen


async def on_shelf(pilot, name: str) -> str:
    """Choose how the articles stand; gives the hint in the list of shelves."""
    await pilot.press("ctrl+o")
    await on(pilot, "Picker")
    await pilot.press(*name)
    await until(pilot, lambda: rows(pilot, "#matches") and rows(pilot, "#matches")[0].startswith(name))
    hint = rows(pilot, "#matches")[0]
    await pilot.press("enter")
    screen = await on(pilot, "KnowledgeScreen")
    await until(pilot, lambda: screen.stock.shelf.value == name)
    return hint


async def completed(pilot, form, town: Town) -> None:
    """Everything that it takes to be published, saved."""
    await until(pilot, lambda: form.query_one("#unit")._offered and form.query_one("#topic")._offered)
    form.query_one("#basis").value = "民法典"
    form.query_one("#unit").put(str(town.a))
    form.query_one("#topic").put(str(town.parking))
    await pilot.press("f4")
    await on(pilot, "KnowledgeScreen")
    await settled(pilot)
    await pilot.pause()


async def revised(town: Town, login: str, typed: str = "新规定") -> None:
    """A person of this login puts something before the answer in use."""
    async with sitting(town, login) as pilot:
        await opened(pilot, "机动车停放")
        await pilot.press("f6")
        form = await on(pilot, "ArticleForm")
        form.query_one("#basis").value = "价格法"
        form.query_one("#answer").focus()
        await pilot.press(*typed, "f4")
        who = "按 F8 发布" if login == "office" else "由热线办发布"
        await said(pilot, f"已存为修订稿, {who}; 发布前仍用原文")
