"""A promised day as it is typed: beside it the weekday, whether it is a working day, how far it is (R-D8)."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from hotline_tui.rules.calendar import WEEKDAYS
from hotline_tui.rules.dates import read_day
from hotline_tui.rules.deadlines import promised_due, shanghai_day
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Line

if TYPE_CHECKING:
    from hotline_tui.data.store import Session
    from hotline_tui.rules.calendar import WorkingCalendar
    from hotline_tui.services.desk import Desk

FURTHEST = timedelta(days=2 * 366)
"""Beyond it the calendar is not asked: a slip in the year."""
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", re.ASCII)


class Days:
    """The calendar as it was read, with the moment and the closing time."""

    def __init__(self, calendar: WorkingCalendar, now: datetime, closing: time) -> None:
        self.calendar = calendar
        self.now = now
        self.closing = closing

    @property
    def today(self) -> date:
        """In Shanghai."""
        return shanghai_day(self.now)

    def words(self, day: date) -> str:
        """`周五 工作日, 15 个工作日后`, or why it can not be promised."""
        name = WEEKDAYS[day.weekday()]
        if day <= self.today:
            return f"{name}, 须晚于今天 {self.today:%m-%d}"
        if day > self.today + FURTHEST:
            return f"{name}, 日期过远, 请核对年份"
        if (reason := self.calendar.reason(day)) is not None:
            off = "不是工作日" if reason == name else reason
            return f"{name} {off}, 其后工作日 {self.calendar.after(day, 1):%m-%d}"
        due = promised_due(self.calendar, day, self.now, self.closing)
        return f"{name} 工作日, {due.working_days} 个工作日后{' 暂定' if due.provisional else ''}"

    def stepped(self, day: date | None, step: int) -> date:
        """The next or the last working day, never one that is not to come."""
        first = self.calendar.after(self.today, 1)
        if day is None or day <= self.today or day > self.today + FURTHEST:
            return first
        return max(first, self.calendar.after(day, 1) if step > 0 else self.calendar.before(day, 1))


def read_days(desk: Desk) -> Callable[[Session], Days]:
    """The query for them."""

    def read(session: Session) -> Days:
        from hotline_tui.data.calendar import calendar_in_force

        days = Days(calendar_in_force(session), desk.clock(), desk.settings.closing)
        # Years are built when first asked for: here, in the thread.
        days.calendar.within(days.today, days.today + FURTHEST)
        return days

    return read


def typed_day(text: str, today: date) -> date:
    """A day as people write it; without its year the nearest such day, be it past or to come. Raises ValueError."""
    short = _MONTH_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if short is None:
        return read_day(text)
    month, day = map(int, short.groups())
    such = [date(year, month, day) for year in (today.year, today.year + 1) if day <= monthrange(year, month)[1]]
    return min(such, key=lambda each: abs(each - today))


class DayEntry(Horizontal):
    """Up and down go from working day to working day."""

    DEFAULT_CSS = """
    DayEntry { height: 1; }
    DayEntry .label { width: auto; margin-right: 1; }
    DayEntry HotlineInput { width: 14; margin-right: 1; }
    DayEntry Line { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
    ]

    def __init__(self, label: str, value: str = "", *, id: str) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self.label = label
        self.value = value
        self.days: Days | None = None

    def compose(self) -> ComposeResult:
        """Label, entry, words."""
        yield Static(self.label, classes="label", markup=False)
        yield HotlineInput(self.value, "年-月-日", max_length=14, id="day")
        yield Line(id="day-words")

    def on_mount(self) -> None:
        """Say what it wants."""
        self._say()

    @property
    def entry(self) -> HotlineInput:
        """Where it is typed."""
        return self.query_one("#day", HotlineInput)

    @property
    def day(self) -> date | None:
        """The day, None where none can be read; whether it can be promised, the service says."""
        if self.days is None:
            return None
        try:
            return typed_day(self.entry.value, self.days.today)
        except ValueError:
            return None

    def know(self, days: Days) -> None:
        """The calendar has been read."""
        self.days = days
        self._say()

    def action_step(self, step: int) -> None:
        """The working day before or after."""
        if self.days is not None:
            self.entry.value = self.days.stepped(self.day, step).isoformat()
            self.entry.cursor_position = len(self.entry.value)

    @on(Input.Changed, "#day")
    def _changed(self) -> None:
        self._say()

    def _say(self) -> None:
        words = self.query_one("#day-words", Line)
        if not self.entry.value.strip() or self.days is None:
            words.show("如 2026-12-11 或 12-11; 上下键选工作日")
        elif (day := self.day) is None:
            words.show("请写成 2026-12-11 或 12-11")
        else:
            shown = f"{day:%m-%d}" if day.year == self.days.today.year else day.isoformat()
            words.show(f"{shown} {self.days.words(day)}")
