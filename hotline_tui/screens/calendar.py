"""日历: a year, why each day is off or works and by which source; notices and days come in and go (R-D3, R-D4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.drafts import Draft
from hotline_tui.data.store import Session
from hotline_tui.errors import Conflict, HotlineError, Refused
from hotline_tui.rules.calendar import BASE_SOURCE, FIRST_YEAR, LAST_YEAR, CalendarDay, DayRow
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.calendar_change import ChangeModal, dated, said
from hotline_tui.screens.calendar_days import DaysModal, GivenDays
from hotline_tui.screens.calendar_notice import CalendarNoticeScreen, Stored
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.widgets.pages import Pages, Para
from hotline_tui.screens.year_grid import MAKE_UP, OFF, SATURDAY, YearGrid
from hotline_tui.services import calendar
from hotline_tui.services.calendar import Preview

_CHANGES = ("notice", "add", "take_day", "take_all")


@dataclass(frozen=True)
class YearSeen:
    """A year as it was read."""

    year: int
    days: dict[date, CalendarDay]
    provisional: bool
    rows: dict[date, DayRow]
    """The office's rows that are in force."""
    notices: frozenset[str]
    """Sources that are taken back as a whole or not at all."""


class CalendarScreen(DeskScreen):
    """PgUp and PgDn go by years; the office and the administrator change it."""

    TITLE_TEXT = "日历"
    CSS_PATH = "calendar.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "notice", "录入通知", "粘贴国务院办公厅的放假通知, 核对后存入(R-D4)"),
        ScreenAction("f5", "add", "增加日子", "地方假日、应急停工或上班, 写明依据(R-D3)"),
        ScreenAction("f6", "take_day", "撤回此日", "撤回光标处这一天, 恢复原来的安排"),
        ScreenAction("f7", "take_all", "撤回依据", "撤回光标处这一天的依据所定的全部日子"),
        ScreenAction("pageup", "earlier", "上年", "上一年", shown=False),
        ScreenAction("pagedown", "later", "下年", "下一年", shown=False),
    )

    def __init__(self, draft: Draft | None = None) -> None:
        """`draft`: a notice that was being pasted."""
        super().__init__()
        self.draft = draft
        self.seen: YearSeen | None = None

    def compose_body(self) -> ComposeResult:
        """The year, the day under the cursor, the year in figures."""
        yield YearGrid(shanghai_day(self.desk.clock()), id="year")
        yield Pages(alone=True, id="about")

    @property
    def grid(self) -> YearGrid:
        """The year."""
        return self.query_one("#year", YearGrid)

    def on_mount(self) -> None:
        """Today stands under the cursor."""
        self.grid.focus()
        self.load()
        if self.draft is not None:
            self.do_notice()

    def load(self) -> None:
        """Read the year of the cursor."""
        year = self.grid.day.year

        def read(session: Session) -> YearSeen:
            table = calendar_in_force(session)
            days = {each.day: each for each in table.days(year)}
            rows = {day: row for day, row in table.rows.items() if day.year == year}
            return YearSeen(year, days, table.provisional(date(year, 1, 1)), rows, calendar.whole_sources(session))

        self.read(read, self._show)

    def _show(self, seen: YearSeen) -> None:
        self.seen = seen
        self.grid.show(seen.days)
        working = sum(day.works for day in seen.days.values())
        make_up = sum(day.works and day.day.weekday() >= SATURDAY for day in seen.days.values())
        state = "  暂定: 放假安排尚未录入" if seen.provisional else ""
        self.set_title(f" 日历  {seen.year} 年{state}", f"工作日 {working} 天, 调休上班 {make_up} 天 ")
        self._show_day()

    @on(YearGrid.Moved)
    def _moved(self, event: YearGrid.Moved) -> None:
        event.stop()
        if not FIRST_YEAR < event.day.year < LAST_YEAR:
            self.grid.move_to(date(min(max(event.day.year, FIRST_YEAR + 1), LAST_YEAR - 1), 1, 1))
        elif self.seen is None or event.day.year != self.seen.year:
            self.load()
        else:
            self._show_day()
        self.refresh_actions()

    def _show_day(self) -> None:
        day = self.known
        if self.seen is None or day is None:
            return
        source = day.source or ("周末" if not day.works else "平常的工作日")
        named = [
            f"{each.day.month}-{each.day.day} {each.name}"
            for each in self.seen.days.values()
            if each.source and each.source != BASE_SOURCE and each.day.month == day.day.month and each.name
        ]
        parts = [
            Para(f"依据: {source}", hang=6),
            Para(f"{OFF} 放假   {MAKE_UP} 调休上班   -- 周末   {self.grid.ordinary} 工作日      PgUp PgDn 换年"),
        ]
        if named:
            parts.append(Para(f"本月录入: {', '.join(named)}", hang=10))
        if self.seen.provisional:
            parts.append(Para(f"{self.seen.year} 年的放假安排尚未录入, 涉及这一年的时限都是暂定, 录入后重新计算"))
        self.query_one("#about", Pages).show(parts, title=f"{dated(day.day)}  {said(day)}")

    @property
    def known(self) -> CalendarDay | None:
        """The day under the cursor, once read."""
        return self.seen.days.get(self.grid.day) if self.seen else None

    def why_not(self, action_id: str) -> str | None:
        """Who keeps the calendar, and what there is to take back."""
        if action_id not in _CHANGES:
            return None
        if (reason := calendar.why_not_keeper(self.desk.viewer)) is not None:
            return reason
        if action_id in ("take_day", "take_all"):
            row = self.seen.rows.get(self.grid.day) if self.seen and self.query("#year") else None
            if row is None:
                return "光标处这一天不是录入的, 没有可撤回的"
            if action_id == "take_day" and self.seen and row.source in self.seen.notices:
                return f"{calendar.WHOLE_ONLY}, 请按 F7"
        return None

    def do_earlier(self) -> None:
        """PgUp."""
        self._turn(-1)

    def do_later(self) -> None:
        """PgDn."""
        self._turn(1)

    def _turn(self, step: int) -> None:
        day = self.grid.day
        year = day.year + step
        if FIRST_YEAR < year < LAST_YEAR:
            self.grid.move_to(date(year, day.month, min(day.day, 28)))

    def do_notice(self) -> None:
        """F4."""
        self.app.push_screen(CalendarNoticeScreen(), self._done)

    def do_add(self) -> None:
        """F5."""
        self.app.push_screen(DaysModal(self.grid.day), self._given)

    def _given(self, given: GivenDays | None) -> None:
        if given is None:
            return
        args: tuple[Any, ...] = (given.days, given.name, given.source)
        self._change(
            "增加日子",
            lambda: calendar.preview_days(self.desk, *args, works=given.works),
            lambda token: calendar.add_days(self.desk, *args, works=given.works, seen=token),
            then=given.days[0],
        )

    def do_take_day(self) -> None:
        """F6."""
        self._take_back([self.grid.day])

    def do_take_all(self) -> None:
        """F7."""
        self._take_back(None)

    def _take_back(self, days: list[date] | None) -> None:
        assert self.seen is not None
        source = self.seen.rows[self.grid.day].source
        self._change(
            "撤回",
            lambda: calendar.preview_take_back(self.desk, source, days),
            lambda token: calendar.take_back(self.desk, source, days, seen=token),
        )

    def _change(
        self,
        title: str,
        preview: Callable[[], Preview],
        apply: Callable[[str], Preview],
        then: date | None = None,
        overtaken: str = "",
    ) -> None:
        """Look, ask, do what was seen, or look again; `then` is the day to stand on."""

        def looked(seen: Preview) -> None:
            if not seen.changes:
                self.flash("日历中已有, 没有变动")
                return
            self.app.push_screen(ChangeModal(title, seen, overtaken), lambda sure: answer(seen.token) if sure else None)

        def answer(token: str) -> None:
            self.write(
                lambda: apply(token),
                lambda done: self._done(Stored("已存入", done.moved_deadlines, then)),
                otherwise=refused,
            )

        def refused(error: HotlineError) -> None:
            if isinstance(error, Refused):
                self.load()
            if isinstance(error, Conflict):
                self._change(title, preview, apply, then, calendar.OVERTAKEN)
            else:
                self.show_error(error)

        # A second Enter pressed in haste is not kept for a preview that nobody has seen yet.
        self.work_read(preview, looked, lane="change", opens=not overtaken)

    def _done(self, stored: Stored | None) -> None:
        if stored:
            self.flash(f"{stored.what}, {stored.moved} 个时限已重新计算")
            if stored.day:
                self.grid.move_to(stored.day)
        self.load()
