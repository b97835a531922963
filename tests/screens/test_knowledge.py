"""知识库: standard answers found as one types, read in full, kept by the office and the units (Art. 11(2)1)."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from hotline_tui.models import Article, ArticleVersion
from hotline_tui.rules.words import ArticleState
from hotline_tui.screens import knowledge_finding
from hotline_tui.screens.knowledge import KnowledgeScreen
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.stock_list import Stock
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import knowledge
from tests.builders import Town
from tests.screens.seats import on, painted, rows, said, settled, sitting, status, until

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


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


async def test_nothing_found_says_what_to_do(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await pilot.press("f3")
        screen = await on(pilot, "KnowledgeScreen")
        await pilot.press(*"外星人")
        await until(pilot, lambda: rows(pilot, "#found") == [] and screen._shown == "外星人")
        await until(pilot, lambda: "没有找到, 请换个说法" in painted(pilot))


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


async def test_a_date_that_is_none_is_one_sentence_and_nothing_is_lost(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("f5")
        form = await on(pilot, "ArticleForm")
        await pilot.press(*"问题", "enter", *"答复")
        form.query_one("#valid_to").focus()
        await pilot.press(*"2026-13-1", "f4")
        await said(pilot, "日期 2026-13-1 不对, 请写成 2026-01-01 的样子")
        assert form.query_one("#question").value == "问题"


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


@pytest.mark.parametrize("day", ["2027/3/1", "2027年3月1日", "20270301", "2027-3-1"])
async def test_days_are_taken_as_people_write_them(town: Town, day: str) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("f5")
        form = await on(pilot, "ArticleForm")
        await pilot.press(*"问题", "enter", *"答复")
        form.query_one("#valid_to").focus()
        await pilot.press(*day, "f4")
        await said(pilot, "已存为草稿")
    assert newest(town).valid_to == date(2027, 3, 1)


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


async def test_an_empty_knowledge_base_says_so_also_when_something_is_looked_for(empty: Town) -> None:
    async with sitting(empty, "agent") as pilot:
        await pilot.press("f3")
        await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: "知识库还没有标准答案" in painted(pilot))
        await pilot.press(*"abc")
        await until(pilot, lambda: getattr(pilot.app.screen, "_shown", "") == "abc")
        assert "知识库还没有标准答案" in painted(pilot)
        assert "请换个说法" not in painted(pilot)
