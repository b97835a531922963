"""`hotline calendar import|add|remove`: what changes the working calendar, shown before it is applied."""

from __future__ import annotations

import argparse
import codecs
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, Parser, day
from hotline_tui.commands.plain import shown
from hotline_tui.errors import UsageError, reason
from hotline_tui.settings import load

if TYPE_CHECKING:
    from hotline_tui.services.calendar import Preview
    from hotline_tui.services.desk import Desk

_MOST_BYTES = 1 << 20
_MOST_SHOWN = 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def add(group: Commands) -> None:
    """The commands."""
    notice = group.add_parser("import", help="录入国务院办公厅放假安排通知的原文, 重新计算未办结工单的时限")
    notice.add_argument("file", metavar="文件", help="通知全文的文本文件; - 为标准输入")
    _switches(notice, run_import)
    days = group.add_parser("add", help="增加地方假日或应急停工、上班的日子")
    days.add_argument("days", metavar="日期", type=day, nargs="+", help="如 2026-11-24, 可写多个")
    days.add_argument("--name", metavar="名称", default="", help="如 肉孜节")
    days.add_argument("--source", metavar="依据", required=True, help="文件名称和文号")
    days.add_argument("--work", action="store_true", help="这些日子上班, 不写则为放假")
    _switches(days, run_add)
    remove = group.add_parser("remove", help="撤回一份通知或一个依据的日子")
    remove.add_argument("days", metavar="日期", type=day, nargs="*", help="只撤回这些日子, 不写则全部撤回")
    remove.add_argument("--source", metavar="依据", required=True, help="录入时的依据, 见 hotline calendar show")
    _switches(remove, run_remove)


def _switches(parser: Parser, run: Callable[[argparse.Namespace], None]) -> None:
    parser.add_argument("--dry-run", action="store_true", help="只看有什么变动, 不存入")
    parser.add_argument("--yes", action="store_true", help="不再询问, 直接存入")
    parser.add_json()
    parser.set_defaults(run=run)


def run_import(args: argparse.Namespace) -> None:
    """A State Council notice."""
    from hotline_tui.services import calendar

    text = _text(args.file)
    if args.dry_run and opening.is_absent(load()):
        _report(args, calendar.preview_without_database(text), done=False)
        return
    _change(
        args,
        lambda desk: calendar.preview_notice(desk, text),
        lambda desk, seen: calendar.apply_notice(desk, text, seen),
    )


def run_add(args: argparse.Namespace) -> None:
    """Days by hand."""
    from hotline_tui.services import calendar

    given = (args.days, args.name, args.source)
    _change(
        args,
        lambda desk: calendar.preview_days(desk, *given, works=args.work),
        lambda desk, seen: calendar.add_days(desk, *given, works=args.work, seen=seen),
    )


def run_remove(args: argparse.Namespace) -> None:
    """What was taken in before."""
    from hotline_tui.services import calendar

    days = args.days or None
    _change(
        args,
        lambda desk: calendar.preview_take_back(desk, args.source, days),
        lambda desk, seen: calendar.take_back(desk, args.source, days, seen=seen),
    )


def _change(
    args: argparse.Namespace, preview: Callable[[Desk], Preview], apply: Callable[[Desk, str | None], Preview]
) -> None:
    """`apply` gets the token of what the person confirmed, None where nobody was asked."""
    with opening.reading() as desk:
        seen = preview(desk)
    if args.dry_run or not seen.changes:
        _report(args, seen, done=False)
        return
    if not args.yes:
        if args.json or not sys.stdin.isatty():
            raise UsageError("改动日历需要确认: 确定存入请加 --yes, 只看变动请用 --dry-run")
        _report(args, seen, done=False)
        if console.ask("存入并重新计算时限吗? (y/n)", "n").lower() not in ("y", "yes", "是"):
            console.say("没有存入")
            return
    with opening.desk() as desk:
        done = apply(desk, None if args.yes else seen.token)
    if args.yes:
        _report(args, done, done=True)
    console.say(f"已存入, {done.moved_deadlines} 个时限已重新计算")


def _report(args: argparse.Namespace, seen: Preview, *, done: bool) -> None:
    if args.json:
        console.put_json(_plain(seen) | {"dry_run": args.dry_run, "applied": done})
        return
    year = f"{seen.year} 年, " if seen.year else ""
    console.put(f"{seen.source}: {year}放假 {len(seen.days_off)} 天, 调休上班 {len(seen.make_up_days)} 天")
    if seen.differences:
        console.put_table(("日期", "星期", "原来", "改为", "依据"), [_difference(each) for each in seen.differences])
    elif not seen.changes:
        console.put("日历中已有, 没有变动")
    else:
        console.put("与现行日历相同")
    settled = f", 另有 {seen.settled} 个时限只改变暂定标记" if seen.settled else ""
    console.put(f"未办结工单的时限: 变动 {seen.moved_deadlines} 个{settled}")
    if seen.moved:
        rows = [(m.number, m.duty.label, m.unit, shown(m.before), shown(m.after)) for m in seen.moved[:_MOST_SHOWN]]
        console.put_table(("工单", "时限", "单位", "原定", "改为"), rows)
        if len(seen.moved) > _MOST_SHOWN:
            console.put(f"其余 {len(seen.moved) - _MOST_SHOWN} 个请用 --json 查看")


def _difference(each: Any) -> tuple[str, str, str, str, str]:
    from hotline_tui.rules.calendar import WEEKDAYS

    on = each.before.day
    return (on.isoformat(), WEEKDAYS[on.weekday()], said(each.before), said(each.after), each.after.source)


def said(on: Any) -> str:
    """A day in two words: whether it works, and its name."""
    return f"{'上班' if on.works else '放假'} {on.name}".strip()


def _plain(seen: Preview) -> dict[str, Any]:
    return {
        "source": seen.source,
        "year": seen.year,
        "days_off": _dates(seen.days_off),
        "make_up_days": _dates(seen.make_up_days),
        "moved_deadlines": seen.moved_deadlines,
        "no_longer_provisional": seen.settled,
        "differences": [
            {
                "date": each.before.day.isoformat(),
                "before": {"works": each.before.works, "name": each.before.name, "source": each.before.source},
                "after": {"works": each.after.works, "name": each.after.name, "source": each.after.source},
            }
            for each in seen.differences
        ],
        "moved": [
            {
                "number": each.number,
                "duty": each.duty.value,
                "unit": each.unit,
                "from": each.before.isoformat(),
                "to": each.after.isoformat(),
            }
            for each in seen.moved
        ],
        "changes": seen.changes,
    }


def _dates(days: tuple[date, ...]) -> list[str]:
    return [each.isoformat() for each in days]


def _text(name: str) -> str:
    """The text of a file or of standard input; raises UsageError."""
    if name == "-":
        stream = getattr(sys.stdin, "buffer", None)
        data = stream.read(_MOST_BYTES + 1) if stream else sys.stdin.read().encode()
    else:
        try:
            with Path(name).open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "路径写法不对"
            raise UsageError(f"读不了 {name}: {why}") from error
    if len(data) > _MOST_BYTES:
        raise UsageError("文件太大, 不是一份放假通知")
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError("读不出文字, 请把通知存为 UTF-8 或 GB18030 的文本文件")
