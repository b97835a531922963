"""日历: a year by keys; a notice pasted, looked at, applied; a day added and taken back (R-D3, R-D4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import select
from textual import events
from textual.pilot import Pilot

from hotline_tui.app import HotlineApp
from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.models import Event
from hotline_tui.rules.words import Duty, Kind, OfficeAction
from hotline_tui.screens.calendar_change import ChangeModal
from hotline_tui.screens.calendar_days import days_of
from hotline_tui.screens.home import HomeScreen
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.services import calendar as service
from tests.builders import SHANGHAI, Town
from tests.rules.notice.samples import MODERN
from tests.screens.seats import THIN, WIDE, app_of, on, painted, said, settled, sitting, text, until
from tests.services.looks import clocks

pytestmark = [pytest.mark.parametrize("storage", ["sqlite"], indirect=True), pytest.mark.requirement("R-D3", "R-D4")]


async def opened(pilot: Pilot[Any]) -> Any:
    app_of(pilot).go("calendar")
    screen = await on(pilot, "CalendarScreen")
    await until(pilot, lambda: screen.seen is not None)
    await pilot.pause()
    return screen


async def stands_on(pilot: Pilot[Any], screen: Any, day: date) -> None:
    screen.grid.move_to(day)
    await until(pilot, lambda: screen.seen.year == day.year)
    await pilot.pause()


async def pasted(pilot: Pilot[Any], notice: str) -> Any:
    await pilot.press("f4")
    screen = await on(pilot, "CalendarNoticeScreen")
    entry = screen.query_one("#notice", Narrative)
    entry.post_message(events.Paste(notice))
    await until(pilot, lambda: notice.strip() in entry.text)
    await pilot.press("f4")
    return screen


def works(town: Town, day: date) -> bool:
    with town.store.read() as session:
        return calendar_in_force(session).is_working(day)


async def test_the_year_is_walked_by_day_month_and_year_and_each_day_says_why_it_is_off(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        assert screen.grid.day == date(2026, 11, 20)
        await stands_on(pilot, screen, date(2026, 10, 9))
        await pilot.press("right")
        await pilot.pause()
        assert "2026-10-10 周六  上班 调休上班" in painted(pilot)
        assert "基础数据" in text(pilot, "#about")
        await pilot.press("up", "left", "pageup")
        await until(pilot, lambda: screen.seen.year == 2025)
        assert screen.grid.day == date(2025, 9, 9)
        await pilot.press("end", "right")
        await until(pilot, lambda: screen.seen.year == 2026)
        assert screen.grid.day == date(2026, 1, 1)


async def test_a_year_without_its_notice_is_marked(town: Town) -> None:
    async with sitting(town, "agent") as pilot:
        screen = await opened(pilot)
        await pilot.press("pagedown")
        await until(pilot, lambda: screen.seen.year == 2027)
        await pilot.pause()
        assert "2027 年  暂定" in painted(pilot)


@pytest.mark.parametrize("login", ["agent", "handler", "city_leader"])
async def test_who_does_not_keep_the_calendar_only_reads_it(town: Town, login: str) -> None:
    async with sitting(town, login) as pilot:
        await opened(pilot)
        await pilot.press("f4")
        await said(pilot, "工作日历由热线办、系统管理员维护")
        await pilot.press("escape")
        await on(pilot, "HomeScreen")


async def test_a_notice_is_pasted_looked_at_and_applied(town: Town) -> None:
    order = town.at("2027-02-03T10:00").assigned(kind=Kind.INQUIRY)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        await pasted(pilot, MODERN)
        box = await on(pilot, "ChangeModal")
        shown = box.query_one("#reading").plain
        assert "2027-02-14 周日  放假 -> 上班 调休上班" in shown
        assert f"{order.number}  回复  02-12 18:00 -> 02-14 18:00" in shown
        assert not works(town, date(2027, 2, 14))
        await pilot.press("enter")
        assert await on(pilot, "CalendarScreen") is screen
        await said(pilot, "已存入日历, 1 个时限已重新计算")
        await until(pilot, lambda: screen.seen.year == 2027)
        assert (screen.grid.day, screen.seen.provisional) == (date(2027, 1, 1), False)
        assert app_of(pilot).draft_box.of("office") == []
    (clock,) = clocks(town, order, Duty.REPLY)
    assert clock.due_at == datetime(2027, 2, 14, 18, tzinfo=SHANGHAI)


async def test_a_wrong_notice_is_told_by_its_sentence_and_the_text_stays(town: Town) -> None:
    wrong = MODERN.replace("10月9日(周六)", "10月8日(周六)")
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pasted(pilot, wrong)
        box = await on(pilot, "Notice")
        assert "10月8日是周五, 文中写周六" in box.query_one("#reading").plain
        await pilot.press("enter", "escape")
        await on(pilot, "CalendarScreen")
        await pilot.press("f4")
        screen = await on(pilot, "CalendarNoticeScreen")
        assert screen.query_one("#notice", Narrative).text == wrong
    with town.store.read() as session:
        assert not session.exec(select(Event).where(Event.action == OfficeAction.SAVE_CALENDAR)).all()


async def test_another_notice_is_pasted_over_an_old_draft_with_one_key(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pasted(pilot, "国务院办公厅关于2027年放假的旧稿")
        await on(pilot, "Notice")
        await pilot.press("enter", "escape")
        await on(pilot, "CalendarScreen")
        await pilot.press("f4")
        screen = await on(pilot, "CalendarNoticeScreen")
        entry = screen.query_one("#notice", Narrative)
        assert "粘贴另一份前按 F5 清空" in painted(pilot)
        assert "F5 清空" in painted(pilot)
        await pilot.press("f5")
        await said(pilot, "已清空, 再按 F5 取回")
        assert entry.text == ""
        await pilot.press("f5")
        assert entry.text == "国务院办公厅关于2027年放假的旧稿"
        await pilot.press("f5")
        entry.post_message(events.Paste(MODERN))
        await until(pilot, lambda: entry.text == MODERN)
        await pilot.press("f4")
        await on(pilot, "ChangeModal")


async def test_a_cleared_notice_does_not_come_back(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pasted(pilot, "旧稿")
        await said(pilot, "没有写明是哪一年")
        await pilot.press("f5", "escape")
        await on(pilot, "CalendarScreen")
        await pilot.press("f4")
        screen = await on(pilot, "CalendarNoticeScreen")
        assert screen.query_one("#notice", Narrative).text == ""
        await pilot.press("f5")
        await said(pilot, "没有可清空的文字")


async def test_what_was_said_of_one_key_is_gone_when_another_opens_something(town: Town) -> None:
    service.apply_notice(town.office, MODERN)
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        await stands_on(pilot, screen, date(2027, 1, 1))
        await pilot.press("f6")
        await said(pilot, "通知须整份撤回, 不能只撤回其中的日子, 请按 F7")
        await pilot.press("f5")
        await on(pilot, "DaysModal")
        assert "须整份撤回" not in painted(pilot)


@pytest.mark.parametrize("outside", [{"NO_COLOR": "1"}, {"TERM": "linux"}, {}], ids=["no colour", "linux", "rich"])
async def test_a_closed_key_is_told_apart_where_nothing_is_faint(
    town: Town, monkeypatch: pytest.MonkeyPatch, outside: dict[str, str]
) -> None:
    for name, value in outside.items():
        monkeypatch.setenv(name, value)
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        sign = "-" if outside else " "
        assert f"F5 增加日子  F6{sign}撤回此日  F7{sign}撤回依据" in painted(pilot)


@pytest.mark.parametrize(("size", "sign"), [(THIN, ". 工作日"), (WIDE, "数字 工作日")], ids=["80", "132"])
async def test_the_legend_says_how_working_days_look_at_this_width(
    town: Town, size: tuple[int, int], sign: str
) -> None:
    async with sitting(town, "agent", size=size) as pilot:
        await opened(pilot)
        assert sign in text(pilot, "#about")


def test_a_deadline_that_moves_into_another_year_is_told_with_its_years(town: Town) -> None:
    town.at("2026-12-28T10:00").assigned(kind=Kind.INQUIRY)
    seen = service.preview_days(town.office, [date(2026, 12, 31)], "停工", "应急指挥部通告")
    (told,) = [
        line for part in ChangeModal("增加日子", seen).parts() if "回复" in (line := str(getattr(part, "text", "")))
    ]
    assert "2026-12-31 18:00 -> 2027-01-" in told


async def test_a_pasted_notice_is_found_again_from_the_workbench(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        await opened(pilot)
        await pasted(pilot, MODERN)
        await on(pilot, "ChangeModal")
        await pilot.press("escape", "escape", "escape")
        await on(pilot, "HomeScreen")
        home = app_of(pilot).screen
        assert isinstance(home, HomeScreen)
        home.open_draft(app_of(pilot).draft_box.of("office")[0])
        screen = await on(pilot, "CalendarNoticeScreen")
        assert screen.query_one("#notice", Narrative).text == MODERN


async def test_a_regional_day_is_added_and_taken_back(town: Town) -> None:
    async with sitting(town, "admin") as pilot:
        screen = await opened(pilot)
        await stands_on(pilot, screen, date(2026, 11, 24))
        await pilot.press("f6")
        await said(pilot, "没有可撤回的")
        await pilot.press("f5")
        await on(pilot, "DaysModal")
        await pilot.press("tab", *"Corban", "tab", *"notice", "f4")
        await on(pilot, "ChangeModal")
        await pilot.press("enter")
        await until(pilot, lambda: date(2026, 11, 24) in screen.seen.rows)
        assert not works(town, date(2026, 11, 24))
        await pilot.pause()
        await pilot.press("f6")
        await on(pilot, "ChangeModal")
        await pilot.press("enter")
        await until(pilot, lambda: not screen.seen.rows)
        assert works(town, date(2026, 11, 24))


async def test_what_is_typed_replaces_the_day_that_stands_there(town: Town) -> None:
    async with sitting(town, "office") as pilot:
        screen = await opened(pilot)
        await stands_on(pilot, screen, date(2026, 11, 24))
        await pilot.press("f5")
        box = await on(pilot, "DaysModal")
        entry = box.query_one("#days", HotlineInput)
        assert (entry.value, entry.selected_text) == ("2026-11-24", "2026-11-24")
        assert entry.get_component_rich_style("input--selection").reverse
        await pilot.press(*"2026-12-01")
        assert entry.value == "2026-12-01"


def test_days_are_typed_one_by_one_or_as_a_range(town: Town) -> None:
    assert days_of("2026-11-24 至 2026-11-26,2026-12-01") == (
        date(2026, 11, 24),
        date(2026, 11, 25),
        date(2026, 11, 26),
        date(2026, 12, 1),
    )


@pytest.mark.parametrize(("size", "profile"), [(THIN, Profile.THIN), (WIDE, Profile.RICH)], ids=["thin", "rich"])
def test_the_picture_of_the_year(town: Town, snap_compare: Any, size: tuple[int, int], profile: Profile) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await on(pilot, "HomeScreen")
        screen = await opened(pilot)
        await stands_on(pilot, screen, date(2026, 10, 10))
        await settled(pilot)
        await pilot.pause()

    app = HotlineApp(town.settings, account_id=town.accounts["office"], clock=town.clock, profile=profile)
    assert snap_compare(app, run_before=before, terminal_size=size)


@pytest.mark.parametrize(("size", "profile"), [(THIN, Profile.THIN), (WIDE, Profile.RICH)], ids=["thin", "rich"])
def test_the_picture_of_what_a_notice_changes(
    town: Town, snap_compare: Any, size: tuple[int, int], profile: Profile
) -> None:
    town.at("2027-02-03T10:00").assigned(kind=Kind.INQUIRY)

    async def before(pilot: Pilot[Any]) -> None:
        await on(pilot, "HomeScreen")
        await opened(pilot)
        await pasted(pilot, MODERN)
        await on(pilot, "ChangeModal")
        await settled(pilot)
        await pilot.pause()

    app = HotlineApp(town.settings, account_id=town.accounts["office"], clock=town.clock, profile=profile)
    assert snap_compare(app, run_before=before, terminal_size=size)
