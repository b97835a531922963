"""`hotline calendar`: the working calendar of a year."""

from __future__ import annotations

import argparse

from hotline_tui.commands import calendar_changes, console
from hotline_tui.commands.deadline import calendar
from hotline_tui.commands.parsing import Commands, whole
from hotline_tui.settings import load


def add(commands: Commands) -> None:
    """The commands."""
    group = commands.add_parser("calendar", help="工作日历").add_commands()
    show = group.add_parser("show", help="一年的放假和调休上班")
    show.add_argument("year", metavar="年份", type=whole(9999))
    show.add_json()
    show.set_defaults(run=run_show)
    calendar_changes.add(group)


def run_show(args: argparse.Namespace) -> None:
    """Days off that have a name, make-up days, and whether the year is provisional."""
    from hotline_tui.rules.calendar import WEEKDAYS

    table = calendar(load())
    days = list(table.days(args.year))
    off = [each for each in days if not each.works and each.name not in WEEKDAYS]
    make_up = [each for each in days if table.is_make_up(each.day)]
    provisional = table.provisional(days[0].day)
    working = sum(each.works for each in days)
    if args.json:
        console.put_json(
            {
                "year": args.year,
                "provisional": provisional,
                "working_days": working,
                "days_off": [_row(each.day.isoformat(), each.name, each.source) for each in off],
                "make_up_days": [_row(each.day.isoformat(), each.name, each.source) for each in make_up],
            }
        )
        return
    console.put(f"{args.year} 年: 工作日 {working} 天{', 放假安排尚未录入, 暂定' if provisional else ''}")
    console.put_table(
        ("日期", "星期", "", "名称", "来源"),
        (
            (day.day.isoformat(), WEEKDAYS[day.day.weekday()], "上班" if day.works else "放假", day.name, day.source)
            for day in sorted((*off, *make_up), key=lambda day: day.day)
        ),
    )


def _row(day: str, name: str, source: str) -> dict[str, str]:
    return {"date": day, "name": name, "source": source}
