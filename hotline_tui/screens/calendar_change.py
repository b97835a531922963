"""What a change of the calendar would do, to be confirmed: the days, the deadlines that move (R-D4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from hotline_tui.rules.calendar import WEEKDAYS, CalendarDay
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.screens.widgets.modals import ReadingModal
from hotline_tui.screens.widgets.pages import Heading, Para, Part
from hotline_tui.services.calendar import Preview
from hotline_tui.services.recalculation import Moved

NOT_LISTED = "变动清单由能查看工单的热线办核对, 您的岗位不能查看工单, 只列总数"


class ChangeModal(ReadingModal[bool]):
    """Enter applies, Esc leaves everything as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "yes", show=False)]
    KEYS = "Enter 存入并重新计算时限  上下键翻看  Esc 取消"

    def __init__(self, title: str, seen: Preview, overtaken: str = "", **options: Any) -> None:
        """`overtaken`: why what was confirmed before was not applied."""
        self.seen = seen
        self.overtaken = overtaken
        super().__init__(title, **options)

    def on_mount(self) -> None:
        """The sentence stands below, however long the lists are."""
        self.complain(self.overtaken)

    def parts(self) -> Iterable[Part]:
        """The source, the days, the deadlines."""
        seen = self.seen
        year = f"{seen.year} 年放假安排, " if seen.year else ""
        if seen.days_off or seen.make_up_days:
            yield Para(f"{year}放假 {len(seen.days_off)} 天, 调休上班 {len(seen.make_up_days)} 天", hang=4)
        yield Para(f"依据: {seen.source}", hang=6)
        yield Heading(f"与现行日历不同的日子 {len(seen.differences)}")
        for each in seen.differences:
            yield Para(f"{dated(each.before.day)}  {said(each.before)} -> {said(each.after)}")
        settled = f", 另有 {seen.settled} 个只改变暂定标记" if seen.settled else ""
        yield Heading(f"变动的时限 {seen.moved_deadlines}{settled}")
        for moved in seen.moved:
            yield Para(_moved(moved), hang=4)
        if seen.moved_deadlines and not seen.moved:
            yield Para(NOT_LISTED)

    def action_yes(self) -> None:
        """Apply."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Not now."""
        self.dismiss(False)


def dated(day: date) -> str:
    """`2026-10-01 周四`."""
    return f"{day.isoformat()} {WEEKDAYS[day.weekday()]}"


def said(day: CalendarDay) -> str:
    """Whether it works, and what it is called."""
    name = "" if day.name in WEEKDAYS else day.name
    return f"{'上班' if day.works else '放假'} {name}".strip()


def _moved(moved: Moved) -> str:
    before, after = (each.astimezone(SHANGHAI) for each in (moved.before, moved.after))
    form = "%m-%d %H:%M" if before.year == after.year else "%Y-%m-%d %H:%M"
    return f"{moved.number}  {moved.duty.label}  {before.strftime(form)} -> {after.strftime(form)}  {moved.unit}"
