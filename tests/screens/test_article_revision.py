"""A standard answer is revised, compared, published or dropped, and taken out of use (Art. 11(2)1)."""

from __future__ import annotations

import pytest

from hotline_tui.rules.words import ArticleState
from hotline_tui.services import knowledge
from tests.builders import Town
from tests.screens.articles import article, opened, revised
from tests.screens.seats import on, painted, rows, said, sitting, status, until

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


async def test_a_revised_answer_waits_as_a_new_version(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot, "营业执照")
        await pilot.press("f6")
        form = await on(pilot, "ArticleForm")
        assert form.query_one("#question").value == "个体工商户怎样办理营业执照?"
        form.query_one("#answer").focus()
        await pilot.press(*"请先预约", "f4")
        await said(pilot, "已存为修订稿, 按 F8 发布")
    found = article(town, town.article_b)
    assert (found.version, found.pending, found.state) == (1, 2, ArticleState.PUBLISHED)
    assert "请先预约" not in found.answer


async def test_a_units_revision_is_compared_and_published_by_the_office_while_the_front_desk_answers(
    town: Town,
) -> None:
    await revised(town, "handler")
    async with sitting(town, "agent") as pilot:
        screen = await opened(pilot, "机动车停放")
        assert screen.detail.in_force(screen.today)
        assert "有修订稿" not in painted(pilot)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        assert screen.detail.row.id == town.article
        assert "有修订稿" in rows(pilot, "#found")[0]
        answer = screen.query_one("#answer").plain
        assert "修订稿: 版本 2" in answer
        assert "答复 [+新规定+]按照价格主管部门" in answer
        assert "依据 [+价格法+]" in answer
        assert "问题、效期不变" in answer
        await pilot.press("f8")
        await on(pilot, "Confirm")
        assert "代替版本 1" in painted(pilot)
        await pilot.press("enter")
        await said(pilot, "已发布")
    found = article(town, town.article)
    assert (found.version, found.pending, found.state) == (2, None, ArticleState.PUBLISHED)
    assert found.answer.startswith("新规定")


async def test_after_saving_the_cursor_stays_on_what_was_revised(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot, "办理停放")
        assert len(rows(pilot, "#found")) == 2
        await pilot.press("down")
        await until(pilot, lambda: screen._why_no_detail() is None)
        second = screen.key
        await pilot.press("f6")
        form = await on(pilot, "ArticleForm")
        form.query_one("#answer").focus()
        await pilot.press("先", "f4")
        await said(pilot, "已存为修订稿")
        await until(pilot, lambda: screen.why_not("publish") is None)
        assert screen.key == second


async def test_a_revision_is_dropped_and_the_answer_in_use_stays(town: Town) -> None:
    await revised(town, "office")
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        await pilot.press("f9")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await said(pilot, "已丢弃修订稿")
        await until(pilot, lambda: screen.why_not("discard") == "没有修订稿")
    found = article(town, town.article)
    assert (found.version, found.pending) == (1, None)


async def test_a_revision_that_changed_under_the_eyes_is_not_published(town: Town) -> None:
    await revised(town, "handler")
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        text = knowledge.ArticleText("停车怎么收费?", "又改了。", basis="价格法")
        knowledge.save(town.handler, text, town.article)
        await pilot.press("f8")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await said(pilot, "刚被他人修改")
        await until(pilot, lambda: screen.detail.row.pending == 3)
    assert article(town, town.article).version == 1


async def test_who_goes_on_with_a_revision_sees_it_and_not_the_text_in_use(town: Town) -> None:
    await revised(town, "handler")
    async with sitting(town, "handler") as pilot:
        await opened(pilot, "机动车停放")
        await pilot.press("f6")
        form = await on(pilot, "ArticleForm")
        assert form.query_one("#answer").text.startswith("新规定")


async def test_a_unit_keeps_its_own_answers_and_leaves_the_others_alone(town: Town) -> None:
    async with sitting(town, "handler") as pilot:
        screen = await opened(pilot, "营业执照")
        assert screen.why_not("revise") == "只有承办单位自己和热线办才能修订(第十一条(二)1)"
        assert screen.why_not("publish") == "发布标准答案由热线办进行(第十一条(二)1)"
        await pilot.press("f6")
        assert "只有承办单位自己" in status(pilot)


async def test_an_answer_taken_out_of_use_is_found_no_more_at_the_front(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot, "停车")
        await pilot.press("f7")
        await on(pilot, "Ask")
        await pilot.press("enter")
        await until(pilot, lambda: "请写明停用的理由" in painted(pilot))
        await pilot.press(*"标准已调整", "enter")
        await said(pilot, "已停用")
    assert article(town, town.article).state is ArticleState.EXPIRED
