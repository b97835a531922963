"""A due date as people check it: the day, the working days counted, the days skipped and why (R-D2, R-D3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from rich.text import Text

from hotline_tui.rules.deadlines import SHANGHAI, Due, Skipped
from hotline_tui.rules.words import AssignmentType
from hotline_tui.screens.widgets.display import DUE_SOON, STRONG

WEEKDAYS = "一二三四五六日"


def due_moment(moment: datetime) -> str:
    """11-27 18:00 in Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def due_line(due: Due) -> Text:
    """时限 11-27 18:00 (5 个工作日), with 暂定 where a year has no notice yet."""
    line = Text(f"时限 {due_moment(due.due_at)} ({due.working_days} 个工作日)")
    if due.provisional:
        line.append(" 暂定", style=DUE_SOON)
    return line


def due_text(due: Due, kind: AssignmentType = AssignmentType.TIMED) -> Text:
    """The whole reckoning, two to four lines."""
    local = due.due_at.astimezone(SHANGHAI)
    text = Text("时限 ").append(f"{local:%Y-%m-%d} 周{WEEKDAYS[local.weekday()]} {local:%H:%M}", style=STRONG)
    text.append(f"  {kind.label} {due.working_days} 个工作日\n计入 {_days(due.counted)}")
    if due.skipped:
        text.append(f"\n跳过 {', '.join(_skipped(due.skipped))}")
    if due.why_provisional:
        text.append("\n暂定 ", style=DUE_SOON).append(due.why_provisional)
    return text


def _days(days: Iterable[date]) -> str:
    return " ".join(f"{day:%m-%d}" for day in days)


def _skipped(skipped: Iterable[Skipped]) -> Iterable[str]:
    """Days in a row with one reason stand together."""
    numbered = [(each.day.toordinal() - place, each.reason, each.day) for place, each in enumerate(skipped)]
    for (_, reason), days in groupby(numbered, key=lambda row: row[:2]):
        run = [day for *_, day in days]
        span = f"{run[0]:%m-%d}" if len(run) == 1 else f"{run[0]:%m-%d} 至 {run[-1]:%m-%d}"
        yield f"{span} {reason}"
