"""Beside the narrative as it is typed: answers and similar orders, painted calmly, whatever is typed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from hotline_tui.data.search import alike, similar
from hotline_tui.data.search.matters import Matter
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.screens import intake_lookup
from hotline_tui.screens.directory import NO_ADVICE
from hotline_tui.screens.intake_panels import IntakePanels
from hotline_tui.screens.widgets.display import MATCHED
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.screens.widgets.lines import Line
from tests.builders import Town
from tests.screens.front import Seat, seat
from tests.screens.intake_form import new_call

pytestmark = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)

PETITION = "我们是南湖花园全体业主, 楼下搅拌站日夜施工, 噪音和粉尘使老人孩子无法休息, 请责令停工"
ODD = (
    "龘",
    "!?。,;:、",
    "😀👨‍👩‍👧" * 40,
    "停车收费" * 1250,
    "\" OR 1=1 --'; DROP TABLE work_order; NEAR(停车 AND *) -收费 ^title:",
    "%_\\[red]停车[/red]",
    "x" * 5000,
)


async def telling(here: Seat) -> Narrative:
    """At the narrative of a new call."""
    await new_call(here)
    await here.press("pagedown")
    return here.app.screen.query_one(Narrative)


def line(here: Seat, name: str) -> Line:
    return here.app.screen.query_one(f"#{name}", Line)


def marked(shown: Any) -> list[str]:
    return [shown.plain[span.start : span.end] for span in shown.spans if span.style == MATCHED]


async def settled(here: Seat) -> None:
    """Everything that was looked up has come, and what was held is painted."""
    await here.until(lambda: here.app.screen._at_rest and not here.app.screen._held)
    await here.app.workers.wait_for_complete()
    await here.pilot.pause()


async def test_what_was_looked_for_is_marked_in_an_answer_and_its_text_is_no_markup(town: Town) -> None:
    town.write_article("[b]停车[/b]收费由谁定?", "看公示。")
    async with seat(town) as here:
        await telling(here)
        await here.type("停车收费")
        await here.sees("> [b]停车[/b]收费由谁定?")
        assert marked(line(here, "answer-0").left) == ["停车", "收费"]
        assert "bold" in MATCHED
        assert "underline" in MATCHED


async def test_a_slower_earlier_answer_never_takes_the_place_of_a_later_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, asked = threading.Event(), list[str]()

    def slow(session: Any, viewer: Any, edges: Any, *, text: str, **rest: Any) -> Any:
        asked.append(text)
        if len(asked) == 1:
            assert go_on.wait(20)
        return similar.similar_orders(session, viewer, edges, text=text, **rest)

    monkeypatch.setattr(intake_lookup, "similar_orders", slow)
    town.register(narrative=PETITION)
    async with seat(town) as here:
        narrative = await telling(here)
        narrative.load_text(PETITION)
        await here.until(lambda: len(asked) == 1)
        narrative.load_text("人行道的路灯不亮")
        await here.until(lambda: len(asked) == 2)
        go_on.set()
        await settled(here)
        assert here.app.screen.similar == ()


async def test_typing_goes_on_while_a_look_up_hangs(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def hangs(*_given: Any, **_more: Any) -> tuple[()]:
        assert go_on.wait(20)
        return ()

    monkeypatch.setattr(intake_lookup, "similar_orders", hangs)
    monkeypatch.setattr(intake_lookup, "find", lambda *_: (hangs(), ""))
    async with seat(town) as here:
        narrative = await telling(here)
        await here.type("停车")
        await here.until(lambda: here.app.screen._asked_alike)
        await here.type("收费")
        assert narrative.text == "停车收费"
        go_on.set()


async def test_a_pause_paints_once_and_the_same_again_paints_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = list[tuple[str, ...]]()
    for name in ("show_answers", "show_similar"):
        shows = getattr(IntakePanels, name)

        def counted(self: IntakePanels, *given: Any, shows: Any = shows, name: str = name, **more: Any) -> None:
            painted.append((name,))
            shows(self, *given, **more)

        monkeypatch.setattr(IntakePanels, name, counted)
    town.register(narrative=PETITION)
    async with seat(town) as here:
        await telling(here)
        await here.app.workers.wait_for_complete()
        painted.clear()
        await here.type("搅拌站日夜施工噪音和粉尘")
        await settled(here)
        assert sorted(painted) == [("show_answers",), ("show_similar",)]
        drawn = list[object]()
        monkeypatch.setattr(Line, "refresh", lambda self, *given, **more: drawn.append(self))
        here.app.screen.look_alike(again=True)
        await here.app.workers.wait_for_complete()
        await here.pilot.pause()
        assert [each for each in drawn if isinstance(each, Line) and str(each.id).startswith("similar")] == []


async def test_what_another_seat_registers_is_beside_the_narrative_with_the_next_pause(town: Town) -> None:
    async with seat(town) as here:
        narrative = await telling(here)
        narrative.load_text("搅拌站日夜施工")
        await settled(here)
        assert here.app.screen.similar == ()
        order = town.register(town.agent2, narrative=PETITION)
        narrative.load_text("搅拌站日夜施工, 噪音")
        await here.until(lambda: [row.number for row in here.app.screen.similar] == [order.number])
        await here.sees(order.number)


async def test_a_petition_is_one_line_with_day_place_and_state_and_opens_to_its_copies(town: Town) -> None:
    copies = [town.register(narrative=PETITION, address=f"{n}栋", phone=f"1370000000{n}") for n in range(3)]
    async with seat(town) as here:
        (await telling(here)).load_text(PETITION)
        await here.sees("同文 3 件")
        shown = str(line(here, "similar-0").left)
        assert shown.split()[:6] == [copies[2].number, "11-20", "同文", "3", "件", "投诉"]
        assert "2栋 我们是南湖花园" in shown
        assert "待处理" in str(line(here, "similar-0").right)
        await here.press("f7")
        await here.on("EarlierOrders")
        await here.sees(f"> 相似      {copies[2].number}")
        assert copies[0].number not in here.text()
        await here.press("space")
        await here.sees(f"同文    {copies[1].number}")
        await here.press("down", "down")
        await here.sees(f">   同文    {copies[0].number}")
        await here.press("space")
        await here.sees("该件没有同文的工单")
        await here.press("enter")
        await here.on("OrderScreen")
        await here.sees(copies[0].number)


@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:8])
async def test_whatever_is_typed_is_answered_at_once(town: Town, text: str) -> None:
    town.register()
    async with seat(town) as here:
        narrative = await telling(here)
        narrative.load_text(text)
        await settled(here)
        assert here.app.screen._asked_alike[0] == narrative.text
        assert "标准答案" in here.text()
        await here.press("f3")
        await here.on("KnowledgeScreen")


async def test_while_an_answer_is_under_way_it_is_said_so_and_then_that_there_is_none(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def hangs(*_given: Any, **_more: Any) -> tuple[()]:
        assert go_on.wait(20)
        return ()

    monkeypatch.setattr(intake_lookup, "similar_orders", hangs)
    monkeypatch.setattr(intake_lookup, "find", lambda *_: (hangs(), "", ""))
    monkeypatch.setattr(intake_lookup.LookedUp, "read_advice", lambda *_: hangs() or NO_ADVICE)
    async with seat(town) as here:
        narrative = await telling(here)
        try:
            narrative.load_text("龙龘")
            await here.until(lambda: here.text().count("正在查找…") == 3)
            assert "写入诉求后" not in here.text()
        finally:
            go_on.set()
        await here.until(lambda: "正在查找…" not in here.text())
        assert "没有相近的标准答案" in here.text()
        assert str(line(here, "similar-0").left).strip() == "没有"
        assert "分类建议: 没有" in here.text()


async def test_a_text_in_which_there_is_nothing_to_look_for_is_told_so_until_it_is_gone(town: Town) -> None:
    town.register()
    async with seat(town) as here:
        narrative = await telling(here)
        narrative.load_text("😀😀 ?!")
        await here.until(lambda: here.text().count("没有可用于查找的文字") == 3)
        narrative.load_text("")
        await here.until(lambda: here.text().count("写入诉求后") == 3)


async def test_an_answer_published_at_another_seat_is_beside_the_narrative_without_a_key(town: Town) -> None:
    async with seat(town) as here:
        (await telling(here)).load_text("路灯不亮")
        await here.sees("没有相近的标准答案")
        town.write_article("路灯不亮找谁?", "找城管局。")
        await here.sees("> 路灯不亮找谁?")


async def test_how_many_answers_there_are_is_said_as_the_knowledge_base_says_it(town: Town) -> None:
    for number in range(8):
        town.write_article(f"路灯不亮找谁{number}?", "找城管局。")
    async with seat(town) as here:
        (await telling(here)).load_text("路灯不亮")
        await here.sees("标准答案 8 篇")
        await here.press("f3")
        await here.on("KnowledgeScreen")
        await here.sees("标准答案: 有效 8 篇")


async def test_all_orders_of_late_are_gathered_while_the_call_goes_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline_tui.data.search.alike.AT_ONCE", 1)
    old = town.register(narrative=PETITION)
    town.later(minutes=1).register(narrative="人行道的路灯不亮")
    async with seat(town) as here:
        (await telling(here)).load_text(PETITION)
        await here.until(lambda: [row.number for row in here.app.screen.similar] == [old.number])
        assert not here.app.alike.wanting


async def test_what_was_typed_while_they_are_gathered_is_compared_with_all_of_them_too(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "AT_ONCE", 1)
    old = town.register(narrative=PETITION)
    town.later(minutes=1).register(narrative="人行道的路灯不亮")
    inside, go_on, latest = threading.Event(), threading.Event(), alike.latest
    asked, gather = list[str](), intake_lookup.LookedUp.gather

    def slow(session: Session, viewer: Viewer, since: datetime, most: int) -> Iterator[Matter]:
        if most == alike.MOST:
            inside.set()
            assert go_on.wait(20)
        return latest(session, viewer, since, most)

    def noted(page: intake_lookup.LookedUp) -> None:
        asked.append(page.form.intake.narrative)
        gather(page)

    monkeypatch.setattr(alike, "OVERLAP", timedelta(0))
    monkeypatch.setattr(alike, "latest", slow)
    monkeypatch.setattr(intake_lookup.LookedUp, "gather", noted)
    async with seat(town) as here:
        try:
            narrative = await telling(here)
            narrative.load_text("小区停车位被占")
            await here.until(inside.is_set)
            narrative.load_text(PETITION)
            await here.until(lambda: PETITION in asked)
            await here.until(lambda: sum(each.is_running for each in here.app.workers) == 1)
        finally:
            go_on.set()
        await here.until(lambda: [row.number for row in here.app.screen.similar] == [old.number])


async def test_a_place_that_the_narrative_begins_with_is_named_once(town: Town) -> None:
    town.register(narrative="新河街道河头小区停车位被占, 物业不管", address="新河街道河头小区5栋")
    async with seat(town) as here:
        (await telling(here)).load_text("河头小区停车位被占, 物业不管")
        await here.sees("投诉 河头小区5栋 停车位被占, 物业不管")


async def test_what_the_caller_brought_about_another_matter_is_history_and_decides_nothing(town: Town) -> None:
    other = town.assigned(narrative="从昨晚起停水, 全楼没有接到通知", address="北门", phone="13900004663")
    async with seat(town) as here:
        await new_call(here)
        await here.type("13900004663")
        await here.press("pagedown")
        here.app.screen.query_one(Narrative).load_text("路灯不亮了，晚上看不清路")
        await here.sees("历史 1 件")
        await settled(here)
        assert here.app.screen.similar == ()
        assert "相似工单 1 件" not in here.text()
        await here.press("f7")
        await here.on("EarlierOrders")
        await here.sees(f"> 历史      {other.number}")


async def test_beside_the_form_an_order_has_a_line_for_who_has_it_and_one_for_what_it_is(town: Town) -> None:
    order = town.assigned(narrative=PETITION, address="南湖花园3栋")
    async with seat(town, size=(132, 43)) as here:
        (await telling(here)).load_text(PETITION)
        await here.sees(order.number)
        shown = line(here, "similar-0")
        assert str(shown.left).split() == [order.number, "11-20"]
        assert str(shown.right).split()[:2] == ["办理中", "房产分局"]
        assert str(line(here, "matter-0").left).split()[:2] == ["投诉", "南湖花园3栋"]
