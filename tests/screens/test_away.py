"""When the server goes away: the status line says so, typing goes on, nothing is lost, what waits is sent once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from hotline_tui.data import store as store_module
from hotline_tui.data.drafts import DraftBox
from hotline_tui.screens import connected
from hotline_tui.screens.desk_screen import WAITING
from hotline_tui.screens.knowledge_finding import LOOKING
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.screens.widgets.lines import Link
from tests.builders import Town
from tests.lines import Line, line_to
from tests.screens.front import Seat, seat
from tests.screens.intake_form import PARKING, complaint, form, new_call

pytestmark = [pytest.mark.parametrize("storage", ["postgres"], indirect=True), pytest.mark.requirement("R-6d", "R-D1")]


@asynccontextmanager
async def seat_on_a_line(town: Town, login: str = "agent") -> AsyncIterator[tuple[Line, Seat]]:
    """A seat whose line to the server can be cut; the town has its own."""
    url, settings = town.settings.database_url, town.settings
    with line_to(url) as (line, near):
        town.settings = replace(settings, database_url=near)
        async with seat(town, login) as here:
            town.settings = settings
            yield line, here
            line.speak()


async def report(here: Seat) -> None:
    """A complaint that F4 would register and report."""
    await complaint(here)
    await here.press("f6")
    await here.on("ReportForm")
    await here.type("several units")


async def test_typing_goes_on_and_the_draft_is_on_the_local_disk(town: Town) -> None:
    async with seat_on_a_line(town) as (line, here):
        await complaint(here)
        line.cut()
        here.app.count()
        await here.until(lambda: not here.app.status_facts.online)
        await here.type(", 共三十户")
        await here.sees("离线")
        assert here.app.screen.query_one(Narrative).text == PARKING + ", 共三十户"
        here.app.drafts.flush()
        [draft] = DraftBox(town.settings.drafts).of("agent", "intake")
        assert draft.fields["narrative"] == PARKING + ", 共三十户"


async def test_what_is_registered_meanwhile_is_sent_once_when_the_server_is_back(town: Town) -> None:
    async with seat_on_a_line(town) as (line, here):
        await report(here)
        line.cut()
        await here.press("f4")
        await here.sees(WAITING)
        assert here.orders() == []
        line.join()
        await here.until(lambda: len(here.orders()) == 1)
        await here.sees("由热线办呈报")
        await here.until(lambda: here.app.status_facts.online)
        assert len(here.orders()) == 1


async def test_a_server_that_stays_away_refuses_in_a_sentence_and_the_form_stays(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "PATIENCE_SECONDS", 0)
    async with seat_on_a_line(town) as (line, here):
        await report(here)
        line.cut()
        await here.press("f4")
        await here.told("数据库连接不上")
        await here.on("ReportForm")
        assert here.orders() == []
        here.app.drafts.flush()
        assert DraftBox(town.settings.drafts).of("agent", "intake")


async def test_an_order_opened_while_the_server_is_away_is_read_when_it_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected, "AWAY_SECONDS", 0.1)
    order = town.register()
    async with seat_on_a_line(town) as (line, here):
        line.cut()
        here.app.open_order(order.order_id)
        await here.sees("数据库连接中断, 正在重新连接; 可以继续录入")
        await here.until(lambda: not here.app.status_facts.online)
        line.join()
        await here.sees(order.number)
        await here.until(lambda: here.app.status_facts.online)


async def test_what_is_looked_for_meanwhile_is_found_when_it_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected, "AWAY_SECONDS", 0.1)
    town.write_article("小区停车收费公示", "收费标准应当公示。")  # beside the one on parking that is there
    async with seat_on_a_line(town) as (line, here):
        await new_call(here)
        form(here).query_one("#narrative").focus()
        line.cut()
        here.app.count()
        await here.until(lambda: not here.app.status_facts.online)
        await here.type(PARKING)
        await here.until(lambda: {"answers", "advice"} <= here.app.screen._unread.keys())
        await here.press("f3")
        await here.on("KnowledgeScreen")
        picker = here.app.screen
        await here.sees(LOOKING)
        await here.until(lambda: "found" in picker._unread)
        line.join()
        await here.sees("标准答案: 有效 2 篇")
        await here.press("escape")
        await here.on("IntakeScreen")
        await here.sees("标准答案 2 篇")
        await here.sees("交办建议: 房产分局")


async def test_a_server_that_says_nothing_stops_no_key_and_is_noticed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected, "SILENT_SECONDS", 0.1)
    monkeypatch.setattr(connected, "AWAY_SECONDS", 0.1)
    async with seat_on_a_line(town) as (line, here):
        await complaint(here)
        line.silence()
        here.app.count()
        await here.type("又有新情况")  # would never end if a key waited for the line
        assert here.app.screen.query_one(Narrative).text.endswith("又有新情况")
        await here.until(lambda: not here.app.status_facts.online)
        line.speak()
        await here.until(lambda: here.app.status_facts.online)


async def urge(here: Seat, town: Town) -> str:
    """催办 on the board, written and not yet given; the order's number."""
    number = town.at("2026-11-18 09:00").signed(town.a).number
    town.at("2026-12-02 14:32")
    here.app.go("dashboard")
    await here.sees(number)
    await here.press("tab", "f4")
    await here.on("Ask")
    await here.type("soon")
    return number


async def test_what_is_confirmed_after_waiting_stays_though_the_server_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected, "AWAY_SECONDS", 0.1)
    async with seat_on_a_line(town, "office") as (line, here):
        number = await urge(here, town)
        line.cut()
        await here.press("enter")
        await here.sees(WAITING)
        line.join()
        await here.until(lambda: here.said == f"已催办 {number}" or connected.BACK in here.said)
        await here.until(lambda: here.app.status_facts.online and here.said == f"已催办 {number}")


async def test_a_confirmation_is_not_replaced_when_the_line_is_back(town: Town) -> None:
    async with seat(town) as here:
        here.app.away()
        here.app.screen.flash("已催办")
        here.app._back()
        assert here.said == "已催办"
        here.app.away()
        here.app._back()
        assert here.said == connected.BACK


async def test_what_is_given_up_is_promised_no_more_and_it_is_said_where_the_words_are(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "PATIENCE_SECONDS", 0.5)
    async with seat_on_a_line(town, "office") as (line, here):
        await urge(here, town)
        line.cut()
        await here.press("enter")
        await here.sees(WAITING)
        await here.on("Notice")
        board = next(each for each in here.app.screen_stack if type(each).__name__ == "DashboardScreen")
        assert board._sentence == ""
        await here.sees("再办一次")
        await here.sees("已录入的内容留在表单中")
        assert "HOTLINE_DATABASE_URL" not in here.text()
        await here.press("enter")
        await here.on("Ask")
        assert here.app.screen.query_one("#answer").value == "soon"


async def test_the_line_below_a_box_is_online_again_while_the_box_stands(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connected, "AWAY_SECONDS", 0.1)
    async with seat_on_a_line(town, "office") as (line, here):
        await urge(here, town)
        line.cut()
        here.app.count()
        await here.until(lambda: not here.app.status_facts.online)
        await here.type("!")  # nothing is repainted between two keys: an input method may hold a phrase
        await here.sees(Link.AWAY.value[0])
        line.join()
        await here.until(lambda: here.app.status_facts.online)
        await here.type("!")
        await here.sees(" 在线")
        assert type(here.app.screen).__name__ == "Ask"
