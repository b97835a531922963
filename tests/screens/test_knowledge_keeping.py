"""Standard answers kept alive by keys: versions, ends, opinions, what was asked in vain, replies as answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hotline_tui.data.queries.keeping import keeping
from hotline_tui.data.queries.missed import missed
from hotline_tui.models import Article
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import ArticleState, Kind, MissedState, Release
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import answer, knowledge, missing, release
from hotline_tui.services.knowledge import ArticleText
from hotline_tui.services.missing import Asked
from tests.builders import Built, Town
from tests.screens.articles import newest, on_shelf, opened
from tests.screens.seats import keys, on, open_order, painted, rows, said, settled, sitting, status, text, until

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


def asked(town: Town, state: MissedState = MissedState.OPEN) -> list[str]:
    with town.store.read() as session:
        return [each.words for group in missed(session, town.office.viewer, state) for each in group.questions]


def three_versions(town: Town) -> None:
    told = ArticleText("住宅小区机动车停放收费如何确定?", "", basis="价格法", unit_id=town.a, topic_id=town.parking)
    for number, words in enumerate(("按照价格主管部门公布的标准执行, 并应公示。", "另有约定的从其约定。"), 1):
        text_ = replace(told, answer=words, valid_to=date(2027, 6, 30 - number))
        knowledge.save(town.handler, text_, town.article)
        if number == 1:
            knowledge.publish(town.office, town.article)


# -- versions


async def test_every_version_is_listed_and_held_against_the_one_before(town: Town) -> None:
    three_versions(town)
    async with sitting(town, "office") as pilot:
        await opened(pilot, "机动车停放")
        await pilot.press("ctrl+r")
        await on(pilot, "VersionsScreen")
        await until(pilot, lambda: len(rows(pilot, "#versions")) == 3)
        first, second, third = rows(pilot, "#versions")
        assert "未发布 待发布" in first
        assert "热线办 张某 现行" in second
        assert third.split()[0] == "1"
        await until(pilot, lambda: "版本 3 比版本 2" in painted(pilot))
        told = text(pilot, "#differences").replace("\n     ", "")
        assert "[-按照价格主管部门公布的标准执行, 并应公示。-][+另有约定的从其约定。+]" in told
        await pilot.press("end")
        await until(pilot, lambda: "版本 1, 没有更早的" in painted(pilot))
        await pilot.press("escape")
        await on(pilot, "KnowledgeScreen")


async def test_a_revision_that_was_dropped_reads_so_and_one_that_another_took_the_place_of_does_not(
    town: Town,
) -> None:
    three_versions(town)
    knowledge.discard(town.office, town.article, 3)
    for words in ("修订中的文字。", "再改的文字。"):
        knowledge.save(town.handler, ArticleText("停车怎么收费?", words), town.article)
    async with sitting(town, "office") as pilot:
        await opened(pilot, "机动车停放")
        await pilot.press("ctrl+r")
        await on(pilot, "VersionsScreen")
        await until(pilot, lambda: len(rows(pilot, "#versions")) == 5)
        waiting, replaced, dropped, *_ = rows(pilot, "#versions")
        assert "未发布 待发布" in waiting
        assert replaced.rstrip().endswith("未发布")
        assert dropped.rstrip().endswith("已丢弃")


async def test_any_two_versions_are_compared(town: Town) -> None:
    three_versions(town)
    async with sitting(town, "office") as pilot:
        await opened(pilot, "机动车停放")
        await pilot.press("ctrl+r")
        screen = await on(pilot, "VersionsScreen")
        await until(pilot, lambda: len(rows(pilot, "#versions")) == 3)
        await pilot.press("f5")
        assert status(pilot) == "已是与前一版比较"
        await pilot.press("end", "f4", "home")
        await until(pilot, lambda: "版本 3 比版本 1" in painted(pilot))
        assert rows(pilot, "#versions")[2].startswith("*1")
        assert "效期 [-2026-01-01-] 至 2027-06-[-30-][+28+]" in text(pilot, "#differences")
        await pilot.press("f5")
        await until(pilot, lambda: "版本 3 比版本 2" in painted(pilot))
        assert screen.against is None


async def test_the_front_desk_sees_no_version_that_never_came_into_use(town: Town) -> None:
    three_versions(town)
    async with sitting(town, "agent") as pilot:
        await opened(pilot, "机动车停放")
        assert "Ctrl+R 版本  Ctrl+G 评价" in keys(pilot)
        await pilot.press("ctrl+r")
        await on(pilot, "VersionsScreen")
        await until(pilot, lambda: len(rows(pilot, "#versions")) == 2)


# -- what ends soon


async def test_what_ends_is_counted_on_the_workbench_of_those_who_keep_it(town: Town) -> None:
    town.write_article("甲?", "甲", valid_to=date(2026, 11, 30))
    town.write_article("乙?", "乙", valid_to=date(2026, 11, 1), unit_id=town.b)
    missing.note(town.agent, [Asked("电动车上牌", found=False)])
    told = {
        "office": "标准答案: 已过期 1, 即将到期 1, 缺答 1",
        "handler": "标准答案: 即将到期 1",
        "handler_b": "标准答案: 已过期 1",
        "agent": "标准答案: 查找、阅读、修订",
    }
    for login, words in told.items():
        async with sitting(town, login) as pilot:
            await settled(pilot)
            await until(pilot, lambda words=words: words in painted(pilot))


async def test_what_ends_soon_is_a_shelf_and_f6_leads_to_its_last_day(town: Town) -> None:
    ends = town.write_article("甲?", "甲", valid_to=date(2026, 11, 30), basis="民法典")
    async with sitting(town, "handler") as pilot:
        screen = await opened(pilot)
        assert await on_shelf(pilot, "即将到期") == "即将到期 1 篇"
        await until(pilot, lambda: "至 2026-11-30" in rows(pilot, "#found")[0])
        await until(pilot, lambda: screen.why_not("revise") is None)
        await pilot.press("f6")
        form = await on(pilot, "ArticleForm")
        assert form.focused.id == "valid_to"
        form.query_one("#valid_to").value = ""
        await pilot.press(*"2027-11-30", "f4")
        await said(pilot, "已存为修订稿, 由热线办发布")
    with town.store.read() as session:
        assert session.get_one(Article, ends).pending == 2


async def test_the_most_used_come_first(town: Town) -> None:
    answer.answer(town.agent, town.register(topic_id=town.licence).order_id, town.article_b)
    async with sitting(town, "agent") as pilot:
        screen = await opened(pilot)
        assert await on_shelf(pilot, "常用") == "常用 1 篇"
        await until(pilot, lambda: screen._why_no_detail() is None)
        assert "使用 近30日 1 次, 近一年 1 次, 共 1 次, 最近 2026-11-20" in text(pilot, "#answer").replace(
            "\n     ", ""
        )


# -- opinions


async def test_two_keys_say_that_an_answer_did_not_help_and_what_was_asked_is_kept(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await opened(pilot, "机动车停放")
        await pilot.press("ctrl+g")
        await on(pilot, "OpinionForm")
        await pilot.press(*"电话13900002211", "f5")
        await until(pilot, lambda: "意见中有电话号码 1 处" in painted(pilot))
        pilot.app.screen.query_one("#answer", HotlineInput).value = "没写车位费"
        await pilot.press("f5")
        await on(pilot, "KnowledgeScreen")
        await said(pilot, "已记下: 没有用")
    assert asked(town) == ["机动车停放"]
    async with sitting(town, "handler") as pilot:
        await opened(pilot, "机动车停放")
        await until(pilot, lambda: "评价 版本 1 有用 0, 没有用 1" in text(pilot, "#answer"))
        assert "没有用: 没写车位费" in text(pilot, "#answer")
        assert "坐席" not in text(pilot, "#answer")
        await pilot.press("ctrl+g")
        assert status(pilot) == "评价由呼叫前台、热线办作出(第十一条(二)1)"


async def a_call(pilot: Any, words: str) -> Any:
    await pilot.press("f2")
    screen = await on(pilot, "IntakeScreen")
    await until(pilot, lambda: screen.directory.units)
    await pilot.press("tab", "tab")
    screen.form.query_one("#narrative").focus()
    await pilot.press(*words)
    screen.form.query_one("#address").value = "全区"
    return screen


async def test_after_a_direct_answer_a_key_says_whether_it_helped_and_nobody_has_to(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        screen = await a_call(pilot, "停车收费怎么定")
        await pilot.press("ctrl+g")
        assert "直接答复以后可以评价" in status(pilot)
        await pilot.press("f4")
        found = await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: found._why_no_detail() is None)
        await pilot.press("enter")
        await on(pilot, "ConfirmAnswer")
        await pilot.press("enter")
        await on(pilot, "IntakeScreen")
        await said(pilot, "已直接答复, Ctrl+G 可评价")
        assert screen.form.empty
        await pilot.press("ctrl+g")
        await on(pilot, "OpinionForm")
        await pilot.press("f4")
        await on(pilot, "IntakeScreen")
        await said(pilot, "已记下: 有用")
    assert asked(town) == []
    with town.store.read() as session:
        (opinion,) = keeping(session, town.office.viewer, town.article, shanghai_day(town.now)).opinions
    assert (opinion.helpful, opinion.by) == (True, "坐席03")


# -- what was asked in vain


async def test_what_found_nothing_is_kept_once_when_the_search_is_left(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await pilot.press("f3")
        screen = await on(pilot, "KnowledgeScreen")
        await pilot.press(*"量子纠缠")
        await until(pilot, lambda: screen._shown == "量子纠缠")
        await pilot.press("enter", "enter", "escape")
        await on(pilot, "HomeScreen")
        await settled(pilot)
        assert asked(town) == ["量子纠缠"]
        await opened(pilot, "停车")
        await pilot.press("escape")
        await on(pilot, "HomeScreen")
        await settled(pilot)
    assert asked(town) == ["量子纠缠"]
    with town.store.read() as session:
        ((group),) = missed(session, town.office.viewer)
    assert (group.times, group.empty) == (1, 1)


async def test_what_found_nothing_is_kept_when_a_call_is_taken(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        await pilot.press("f3")
        screen = await on(pilot, "KnowledgeScreen")
        await pilot.press(*"量子纠缠")
        await until(pilot, lambda: screen._shown == "量子纠缠")
        await pilot.press("f2")
        await on(pilot, "IntakeScreen")
        await settled(pilot)
        assert asked(town) == ["量子纠缠"]


async def test_the_list_follows_what_is_asked_at_other_seats(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("ctrl+n")
        await on(pilot, "MissedScreen")
        await until(pilot, lambda: "待处理 0 个" in painted(pilot))
        missing.note(town.agent, [Asked("电动车怎么上牌", found=False)])
        await until(pilot, lambda: rows(pilot, "#missed") == ["电动车怎么上牌 1 1 11-20 09:12"])


async def dispatched(pilot: Any, screen: Any) -> None:
    await pilot.press("f5")
    await on(pilot, "UnitPicker")
    await pilot.press(*"工商", "enter")
    await on(pilot, "IntakeScreen")
    await until(pilot, lambda: screen.form.empty)
    await settled(pilot)


@pytest.mark.parametrize("kind", [Kind.HELP, Kind.TIPOFF])
async def test_a_call_that_is_dispatched_after_a_search_is_kept_unless_it_is_a_tipoff(town: Town, kind: Kind) -> None:
    async with sitting(town, "agent") as pilot:
        screen = await a_call(pilot, "停车费王小明")
        screen.form.query_one("#name").value = "王小明"
        screen.form.query_one("#phone").value = "13900002211"
        screen.form.query_one("#workplace").value = "某某公司"
        screen.form.query_one("#home_address").value = "某某花园"
        screen.form.kind = kind
        screen.form.query_one("#topic").put(str(town.parking))
        await pilot.press("f4")
        found = await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: found._why_no_detail() is None)
        await pilot.press("escape")
        await on(pilot, "IntakeScreen")
        assert asked(town) == []
        await dispatched(pilot, screen)
    assert asked(town) == ([] if kind is Kind.TIPOFF else ["停车费***"])


async def test_the_office_writes_an_answer_from_what_was_asked(town: Town) -> None:
    for words in ("电动车怎么上牌", "电动车怎么上牌", "电动车上牌"):
        missing.note(town.agent, [Asked(words, found=False)])
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("ctrl+n")
        await on(pilot, "MissedScreen")
        await until(pilot, lambda: rows(pilot, "#missed") == ["电动车怎么上牌 (相近 2) 3 3 11-20 09:12"])
        assert "缺答的问题: 待处理 1 个" in painted(pilot)
        await pilot.press("f4")
        form = await on(pilot, "ArticleForm")
        assert form.query_one("#question").value == "电动车怎么上牌"
        assert form.query_one("#phrasings").text == "电动车上牌"
        form.query_one("#answer").focus()
        await pilot.press(*"到车管所", "f4")
        screen = await on(pilot, "KnowledgeScreen")
        await said(pilot, "已存为草稿, 由热线办发布")
        await until(pilot, lambda: screen._why_no_detail() is None)
        assert screen.detail.row.question == "电动车怎么上牌"
    assert (newest(town).question, newest(town).state) == ("电动车怎么上牌", ArticleState.DRAFT)
    assert asked(town) == []


async def test_a_draft_to_what_was_asked_is_opened_from_the_workbench_and_still_answers_it(town: Town) -> None:
    missing.note(town.agent, [Asked("电动车上牌", found=False)])
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("ctrl+n")
        await on(pilot, "MissedScreen")
        await until(pilot, lambda: rows(pilot, "#missed"))
        await pilot.press("f4")
        form = await on(pilot, "ArticleForm")
        form.query_one("#answer").focus()
        await pilot.press(*"到车管所", "escape")
        await on(pilot, "MissedScreen")
        form.seat.drafts.flush()
        await pilot.press("escape")
        await on(pilot, "KnowledgeScreen")
        await pilot.press("escape")
        await on(pilot, "HomeScreen")
        await until(pilot, lambda: rows(pilot, "#drafts"))
        await pilot.press("tab", "enter")
        form = await on(pilot, "ArticleForm")
        assert form.query_one("#answer").text == "到车管所"
        await pilot.press("f4")
        await said(pilot, "已存为草稿")
    assert asked(town, MissedState.WRITTEN) == ["电动车上牌"]


async def test_the_office_sets_aside_what_needs_no_answer(town: Town) -> None:
    missing.note(town.agent, [Asked("今天下雨吗", found=False)])
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("ctrl+n")
        await on(pilot, "MissedScreen")
        await until(pilot, lambda: rows(pilot, "#missed"))
        await pilot.press("f7")
        await on(pilot, "Ask")
        await pilot.press("enter")
        await until(pilot, lambda: "请写明搁置的理由" in painted(pilot))
        await pilot.press(*"不是政务", "enter")
        await on(pilot, "MissedScreen")
        await until(pilot, lambda: rows(pilot, "#missed") == [])
        assert pilot.app.screen.query_one("#missed", RowList).empty == "没有缺答的问题"
        await pilot.press("f4")
        assert status(pilot) == "没有选中问题"
        await pilot.press("ctrl+o", "ctrl+o")
        await until(pilot, lambda: "搁置: 不是政务 (热线办 张某)" in painted(pilot))
        await pilot.press("f7")
        assert status(pilot) == "这个问题已搁置"


async def test_a_look_for_a_question_from_the_list_is_not_asked_by_anybody(town: Town) -> None:
    missing.note(town.agent, [Asked("今天下雨吗", found=False)])
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pilot.press("ctrl+n")
        await on(pilot, "MissedScreen")
        await until(pilot, lambda: rows(pilot, "#missed"))
        await pilot.press("f5")
        screen = await on(pilot, "KnowledgeScreen")
        await until(pilot, lambda: screen._shown == "今天下雨吗")
        await pilot.press("escape")
        await on(pilot, "MissedScreen")
        await settled(pilot)
    with town.store.read() as session:
        assert missed(session, town.office.viewer)[0].times == 1


async def test_only_the_office_works_them_off(town: Town) -> None:
    async with sitting(town, "handler") as pilot:
        await opened(pilot)
        await pilot.press("ctrl+n")
        assert status(pilot) == "缺答的问题由热线办处理(第十一条(二)1)"


# -- a reply as an answer


def released(town: Town, **told: Any) -> Built:
    order = town.replied(**told)
    release.release(town.office, order.order_id, Release.PRIVATE)
    return order


async def test_one_key_makes_a_draft_of_a_released_reply(town: Town) -> None:
    order = released(town, subject="小区停车收费没有公示")
    async with sitting(town, "handler") as pilot:
        await open_order(pilot, order.order_id)
        assert "F8 转答案" in keys(pilot)
        await pilot.press("f8")
        form = await on(pilot, "ArticleForm")
        assert form.query_one("#question").value == "小区停车收费没有公示"
        assert form.query_one("#answer").text == "已责令物业停止收费并退还"
        await until(pilot, lambda: form.query_one("#topic")._offered and form.query_one("#unit")._offered)
        assert [each.keys for each in (form.query_one("#unit"), form.query_one("#topic"))] == [
            (str(town.a),),
            (str(town.parking),),
        ]
        await pilot.press("f4")
        await on(pilot, "OrderScreen")
        await said(pilot, "已存为草稿, 由热线办发布")
        await pilot.press("f8")
        await said(pilot, "已转为标准答案")
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot, "小区停车")
        await until(pilot, lambda: f"来源 {order.number}" in text(pilot, "#answer"))
        assert screen.detail.row.state is ArticleState.DRAFT


async def test_personal_data_are_changed_or_let_go_with_a_reason(town: Town) -> None:
    order = released(town, subject="王小明的停车费")
    async with sitting(town, "office") as pilot:
        await open_order(pilot, order.order_id)
        await pilot.press("f8")
        form = await on(pilot, "ArticleForm")
        form.query_one("#basis").value = "咨询 0990-6234567"
        await pilot.press("f4")
        await on(pilot, "ClearReason")
        assert "王小明" in painted(pilot)
        await pilot.press("escape")
        await on(pilot, "ArticleForm")
        assert "未核对" in status(pilot)
        form.query_one("#question").value = "停车费怎么退"
        await pilot.press("f4")
        await on(pilot, "ClearReason")
        assert "王小明" not in painted(pilot)
        await pilot.press(*"窗口的公开电话", "f4")
        await on(pilot, "OrderScreen")
        await said(pilot, "已存为草稿")
        form.seat.drafts.flush()
        assert form.seat.draft_box.of("office") == []
    async with sitting(town, "office") as pilot:
        await opened(pilot, "停车费怎么退")
        await until(pilot, lambda: "个人信息已核对: 窗口的公开电话" in text(pilot, "#answer").replace("\n     ", ""))


async def test_what_a_unit_could_not_be_told_the_office_lets_go_when_it_publishes(town: Town) -> None:
    order = released(town)
    from hotline_tui.services.promotion import promote

    told = ArticleText("停车费怎么退?", "王小明路口缴费点可退", basis="价格法", unit_id=town.a, topic_id=town.parking)
    promote(town.handler, order.order_id, told)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot, "停车费怎么退")
        await until(pilot, lambda: screen.keeping is not None and screen.keeping.source is not None)
        await pilot.press("f8")
        await on(pilot, "Confirm")
        await pilot.press("enter")
        await on(pilot, "ClearReason")
        await pilot.press(*"是路名", "f4")
        await on(pilot, "KnowledgeScreen")
        await said(pilot, "已发布")
    assert newest(town).state is ArticleState.PUBLISHED


async def test_a_closed_key_says_why_a_reply_becomes_no_answer(town: Town) -> None:
    plain, hidden = town.replied(), released(town, secret=True)
    async with sitting(town, "office") as pilot:
        await open_order(pilot, plain.order_id)
        assert "F8" not in keys(pilot)
        await pilot.press("f8")
        await said(pilot, "还没有发布的答复")
        await open_order(pilot, hidden.order_id)
        await pilot.press("f8")
        await said(pilot, "举报、保密和反映承办单位的工单不转为标准答案(第十三条)")
