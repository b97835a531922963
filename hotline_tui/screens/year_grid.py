"""A year on twelve lines: one month a line, one mark a day; the marks are read without colour."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hotline_tui.rules.calendar import CalendarDay
from hotline_tui.screens.widgets.display import FAINT, STRONG
from hotline_tui.screens.widgets.lines import strip_of

OFF, MAKE_UP, WEEKEND, WORKING = "休", "班", "--", " ."
SATURDAY = 5
_WIDE = 31 * 3 + 5


class YearGrid(Widget, can_focus=True):
    """Arrows move by a day and by a month, Home and End to the ends of the year."""

    DEFAULT_CSS = "YearGrid { height: 13; width: 100%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("up", "month(-1)", show=False),
        Binding("down", "month(1)", show=False),
        Binding("home", "edge(1)", show=False),
        Binding("end", "edge(12)", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another day."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(self, day: date, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self.day = day
        self._days: Mapping[date, CalendarDay] = {}

    @property
    def ordinary(self) -> str:
        """How a working day is marked: by its number where there is room for it."""
        return "数字" if self._cell == 3 else WORKING.strip()

    @property
    def _cell(self) -> int:
        return 3 if self.size.width >= _WIDE else 2

    def show(self, days: Mapping[date, CalendarDay]) -> None:
        """Show the days of the year of the cursor."""
        self._days = days
        self.refresh()

    def move_to(self, day: date) -> None:
        """Put the cursor on a day."""
        if day != self.day:
            self.day = day
            self.refresh()
            self.post_message(self.Moved(day))

    def action_step(self, step: int) -> None:
        """A day; at the ends of the year into the next one."""
        self.move_to(self.day + timedelta(days=step))

    def action_month(self, step: int) -> None:
        """A month, to the same day or the last one."""
        month = self.day.year * 12 + self.day.month - 1 + step
        year, month = divmod(month, 12)
        self.move_to(date(year, month + 1, min(self.day.day, monthrange(year, month + 1)[1])))

    def action_edge(self, month: int) -> None:
        """The first or the last day of the year."""
        self.move_to(date(self.day.year, month, monthrange(self.day.year, month)[1] if month == 12 else 1))

    def render_line(self, y: int) -> Strip:
        """The head, then a month a line."""
        if y > 12:
            return Strip.blank(self.size.width, self.rich_style)
        cell = self._cell
        line = Text("      " if y == 0 else f" {y:>2}月 ")
        last = 31 if y == 0 else monthrange(self.day.year, y)[1]
        for number in range(1, last + 1):
            if y == 0:
                told = cell == 3 or number == 1 or number % 5 == 0
                line.append((f"{number:>2}" if told else "").ljust(cell), style=STRONG)
                continue
            day = date(self.day.year, y, number)
            mark, style = self._mark(day, wide=cell == 3)
            line.append(mark, style="reverse bold" if day == self.day else style)
            line.append(" " * (cell - 2))
        line.truncate(self.size.width)
        line.append(" " * max(0, self.size.width - line.cell_len))
        return strip_of(line, self)

    def _mark(self, day: date, *, wide: bool) -> tuple[str, str]:
        """Two cells, and how they look."""
        known = self._days.get(day)
        ordinary = f"{day.day:>2}" if wide else WORKING
        if known is None:
            return "  ", ""
        if known.works:
            return (MAKE_UP, STRONG) if day.weekday() >= SATURDAY else (ordinary, "")
        if day.weekday() >= SATURDAY and known.name in ("周六", "周日"):
            return WEEKEND, FAINT
        return OFF, STRONG
