"""`hotline deadline`: when an answer is due, with the days counted and skipped. Needs no database."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, day_or_time, listed, whole, word
from hotline_tui.rules.words import Kind
from hotline_tui.settings import Settings, load

if TYPE_CHECKING:
    from hotline_tui.rules.calendar import WorkingCalendar

LONGEST = 1000
"""Working days, about four years: more is a slip of the hand."""


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser("deadline", help="推算办理时限", description="推算办理时限: 列出计入和跳过的日子。")
    parser.add_argument("kind", metavar="类别", type=word(Kind, "类别"), help=listed(Kind))
    parser.add_argument(
        "start", metavar="交办日期", type=day_or_time, help="如 2026-09-28 或 2026-09-28T15:30(北京时间)"
    )
    parser.add_argument("--days", metavar="N", type=whole(LONGEST), help="工作日数, 不写则按类别")
    parser.add_json()
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Due date, days, provisional or not."""
    from hotline_tui.commands.plain import plain
    from hotline_tui.rules.deadlines import SHANGHAI, WORKING_DAYS, due

    settings = load()
    found = due(calendar(settings), args.start, args.days or WORKING_DAYS[args.kind], settings.closing)
    due_at = found.due_at.astimezone(SHANGHAI)
    if args.json:
        console.put_json(
            {
                "kind": args.kind.value,
                "start": plain(args.start),
                "day_zero": found.day_zero.isoformat(),
                "working_days": found.working_days,
                "due": due_at.isoformat(),
                "counted": [day.isoformat() for day in found.counted],
                "skipped": [{"date": each.day.isoformat(), "reason": each.reason} for each in found.skipped],
                "provisional": bool(found.provisional),
                "why_provisional": found.why_provisional,
            }
        )
        return
    console.put_fields(
        {
            "类别": args.kind.label,
            "交办": f"{_shown(found.day_zero)}(当日不计)",
            "时限": f"{found.working_days} 个工作日",
            "应办": f"{_shown(due_at.date())} {due_at:%H:%M}{' 暂定' if found.provisional else ''}",
            "计入": " ".join(day.isoformat() for day in found.counted),
            "跳过": ", ".join(f"{each.day.isoformat()} {each.reason}" for each in found.skipped),
            "说明": found.why_provisional or "",
        }
    )


def calendar(settings: Settings) -> WorkingCalendar:
    """The calendar in force; without a database in order the one that every installation starts with."""
    from hotline_tui.rules.calendar import WorkingCalendar

    if opening.is_absent(settings):
        return WorkingCalendar()
    store = opening.if_reachable(settings)
    if store is None:
        console.say("数据库连接不上或尚未升级, 只按基础日历推算")
        return WorkingCalendar()
    from hotline_tui.data.calendar import calendar_in_force

    try:
        with store.read() as session:
            return calendar_in_force(session)
    finally:
        store.dispose()


def _shown(day: date) -> str:
    from hotline_tui.rules.calendar import WEEKDAYS

    return f"{day.isoformat()} {WEEKDAYS[day.weekday()]}"
