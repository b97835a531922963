"""`hotline report text|confirm|versions|turnaround`: what is kept of reports, and how long letters took."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, day, whole, word
from hotline_tui.errors import UsageError, reason
from hotline_tui.rules.words import Report, Role

if TYPE_CHECKING:
    from hotline_tui.rules.indicators import Share
    from hotline_tui.rules.periods import Period
    from hotline_tui.services.desk import Desk


def add(reports: Commands) -> None:
    """The commands."""
    text = reports.add_parser("text", help="存在问题、下一步工作和期号: 由热线办填写, 随报告保存")
    text.add_argument(
        "report", metavar="报告", type=word(Report, "报告"), help="、".join(each.value for each in Report)
    )
    add_period(text)
    text.add_argument("--number", metavar="N", type=whole(9999, 0), help="期号, 0 为按当年第几期")
    for name, label in (("problems", "存在问题"), ("next-steps", "下一步工作")):
        text.add_argument(f"--{name}", metavar="文件", type=Path, help=f"{label}, - 为标准输入; 空文件为不写")
    text.add_json()
    text.set_defaults(run=run_text)
    confirm = reports.add_parser("confirm", help="主管机关确认年终考评: 按此刻的数据保存为新的一版, 已有的各版不变")
    add_period(confirm)
    confirm.set_defaults(run=run_confirm)
    spent = reports.add_parser("turnaround", help="来信答复用时: 各年来信几件, 3、5、15 个工作日以内答复几件")
    add_period(spent)
    spent.add_json()
    spent.set_defaults(run=run_turnaround)
    versions = reports.add_parser("versions", help="年终考评已确认的各版")
    add_period(versions)
    versions.add_json()
    versions.set_defaults(run=run_versions)


def add_period(parser: argparse.ArgumentParser) -> None:
    """From which day to which."""
    parser.add_argument("--from", metavar="日期", dest="first", type=day, help="统计时段的第一天, 与 --to 同用")
    parser.add_argument("--to", metavar="日期", dest="last", type=day, help="统计时段的最后一天")


def period_of(args: argparse.Namespace, report: Report, desk: Desk) -> Period:
    """What was asked for, or the last that is over; raises UsageError."""
    from hotline_tui.reports.gather import SPANS
    from hotline_tui.rules.deadlines import shanghai_day
    from hotline_tui.rules.periods import Period

    today = shanghai_day(desk.clock())
    if (args.first is None) != (args.last is None):
        raise UsageError("--from 和 --to 请同时写明, 或都不写")
    if args.first is None:
        return Period.of(SPANS[report], today).before()
    period = Period.between(args.first, args.last)
    if period.first > today:
        raise UsageError(f"统计时段 {period.title}还没有开始, 请改正 --from 和 --to")
    return period


def run_text(args: argparse.Namespace) -> None:
    """Show what was written, or keep what is given."""
    from hotline_tui.data.queries import reporting
    from hotline_tui.reports.written import PARTS, keep

    given: dict[str, Any] = {name: _read(path) for name in PARTS if (path := getattr(args, name)) is not None}
    if args.number is not None:
        given["number"] = args.number or None
    with opening.desk() if given else opening.reading() as desk:
        period = period_of(args, args.report, desk)
        with desk.store.read() as session:
            text = reporting.text(session, desk.viewer, args.report, period)
        if given:
            text, personal = keep(desk, args.report, period, replace(text, **given))
            console.say(f"已保存: {args.report.label} {period.title}")
            if personal:
                console.say(f"文字中有{personal}, 对外发布前请核对(第十四条)")
    if args.json:
        parts = {name: getattr(text, name) for name in PARTS}
        console.put_json({"number": text.number, **parts, "version": text.version})
    elif not given:
        if not text.version:
            console.say(f"{args.report.label} {period.title}还没有填写")
        if text.number:
            console.put(f"期号: {text.number}")
        for name, label in PARTS.items():
            if getattr(text, name):
                console.put(f"[{label}]\n{getattr(text, name)}")


def run_confirm(args: argparse.Namespace) -> None:
    """As the authority."""
    from hotline_tui.reports.frozen import freeze

    with opening.desk(Role.AUTHORITY) as desk:
        period = period_of(args, Report.APPRAISAL, desk)
        version = freeze(desk, period)
    console.put(f"{period.title}考评已确认, 为第 {version} 版")


def run_turnaround(args: argparse.Namespace) -> None:
    """Of letters of every year, or of those that came in a period."""
    from hotline_tui.data.queries.turnaround import LIMITS, turnaround
    from hotline_tui.services.clock import reckoning_now

    with opening.reading(standby=True) as desk, desk.store.read() as session:
        period = period_of(args, Report.APPRAISAL, desk) if args.first or args.last else None
        found = turnaround(session, desk.viewer, reckoning_now(desk, session), period)
    if args.json:
        console.put_json(
            [
                {
                    "year": each.year,
                    "accepted": each.accepted,
                    "answered": each.answered,
                    "within": {str(limit): share.part for limit, share in zip(LIMITS, each.within, strict=True)},
                }
                for each in found
            ]
        )
        return
    if not found:
        console.say("没有来信")
        return
    head = ("年份", "来信", "已答复", *(f"{limit} 个工作日以内" for limit in LIMITS))
    rows = ((str(each.year), str(each.accepted), str(each.answered), *map(_share, each.within)) for each in found)
    console.put_table(head, rows)


def _share(share: Share) -> str:
    return f"{share.part} ({share.percent()}%)"


def run_versions(args: argparse.Namespace) -> None:
    """When and by whom each was confirmed."""
    from hotline_tui.commands.plain import plain
    from hotline_tui.data.queries.reporting import confirmed
    from hotline_tui.rules.deadlines import SHANGHAI

    with opening.reading(standby=True) as desk, desk.store.read() as session:
        period = period_of(args, Report.APPRAISAL, desk)
        found = confirmed(session, desk.viewer, period)
    if args.json:
        console.put_json([plain(each) for each in found])
        return
    if not found:
        console.say(f"{period.title}考评还没有确认过")
        return
    rows = ((str(each.version), f"{each.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", each.by) for each in found)
    console.put_table(("版", "确认时间", "确认人"), rows)


def _read(path: Path) -> str:
    """The text of a file, or of standard input."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"文件读不了: {path}, {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"文件读不了: {path}, 须为 UTF-8 编码") from error
    return text.replace("\r\n", "\n").strip()
