"""`hotline report`: what the office publishes, from the data and without a spreadsheet (Art. 11(7), 11(8))."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hotline_tui.commands import console, opening, reporting
from hotline_tui.commands.parsing import Commands, whole
from hotline_tui.errors import ExitCode, Interrupted, UsageError
from hotline_tui.rules.words import Report

if TYPE_CHECKING:
    from hotline_tui.reports.figures import Figures
    from hotline_tui.rules.periods import Period
    from hotline_tui.services.desk import Desk
    from hotline_tui.settings import Settings

FORMATS = ("text", "md", "docx", "xlsx", "json")
_SUFFIXES = {".txt": "text"} | {f".{each}": each for each in FORMATS[1:]}
_BINARY = ("docx", "xlsx")
_SPANS = {Report.BULLETIN: "上个月", Report.WEEKLY: "上一周", Report.QUARTERLY: "上个季度", Report.APPRAISAL: "上一年"}


def add(commands: Commands) -> None:
    """The commands."""
    reports = commands.add_parser("report", help="通报、汇总、报告及其模板").add_commands()
    for report in Report:
        one = reports.add_parser(report.value, help=f"{report.label}, 不写日期则为{_SPANS[report]}")
        reporting.add_period(one)
        one.add_argument("--number", metavar="N", type=whole(9999), help="期号, 不写则按已填写的, 或当年第几期")
        one.add_argument(
            "--format", metavar="格式", choices=FORMATS, help=f"{'、'.join(FORMATS)}, 不写则按文件名, 或 text"
        )
        one.add_argument("--out", metavar="文件", type=Path, help="写入文件, 不写则输出")
        one.add_argument("--force", action="store_true", help="覆盖已有的文件")
        one.set_defaults(run=run, report=report)
        if report is Report.APPRAISAL:
            one.add_argument("--edition", metavar="N", type=whole(9999), help="已确认的第几版, 不写则为最后一版")
            one.add_argument("--now", action="store_true", help="不用已确认的, 按此刻的数据统计")
            one.add_argument("--unit", metavar="单位", help="只列这个单位的得分和失分明细")
    reporting.add(reports)
    templates = reports.add_parser("template", help="各种文件的模板").add_commands()
    listed = templates.add_parser("list", help="模板一览, 以及用的是哪一个")
    listed.add_json()
    listed.set_defaults(run=run_templates)
    export = templates.add_parser("export", help="把程序自带的模板写到模板目录, 供修改")
    export.add_argument("name", metavar="模板", help="名称, 见 hotline report template list")
    export.add_argument("--force", action="store_true", help="覆盖已有的文件")
    export.set_defaults(run=run_export)


def run(args: argparse.Namespace) -> ExitCode:
    """Count, say it in the form that was asked for, and write it whole or not at all."""
    from hotline_tui.data.exports.files import must_be_new, whole_file

    form = _format(args.format, args.out)
    if args.out:
        must_be_new(args.out, force=args.force)
    elif form in _BINARY and sys.stdout.isatty():
        raise UsageError(f"{form} 不能显示在终端上, 请用 --out 写明文件")
    try:
        with opening.reading(standby=True) as desk:
            period = reporting.period_of(args, args.report, desk)
            if period.until > desk.clock():
                console.say(f"统计时段 {period.title}尚未结束, 只统计到现在")
            with _progress(args.report.label) as step:
                figures = _figures(desk, args, period, step)
                made = _written(figures, form, desk.settings, getattr(args, "unit", None))
        if args.out:
            with whole_file(args.out, force=args.force) as file:
                file.write(made)
            console.say(f"{args.report.label} {period.title}: {args.out}")
        elif form in _BINARY:
            console.put_bytes(made)
        else:
            console.put(made.decode().rstrip("\n"))
    except KeyboardInterrupt as error:
        raise Interrupted("已中断, 没有写出文件" if args.out else "已中断") from error
    return ExitCode.OK


def run_templates(args: argparse.Namespace) -> None:
    """Each, and whether the office has its own."""
    from hotline_tui.reports.templating import Templates, names
    from hotline_tui.settings import load

    templates = Templates(load().report_templates)
    own = {name: templates.path(name) for name in names()}
    if args.json:
        console.put_json([{"name": name, "file": str(path) if path else None} for name, path in own.items()])
    else:
        console.put_table(("模板", "文件"), ((name, str(path or "(程序自带)")) for name, path in own.items()))


def run_export(args: argparse.Namespace) -> None:
    """Into the folder where the office's own are looked for."""
    from hotline_tui.data.exports.files import whole_file
    from hotline_tui.errors import StorageError, reason
    from hotline_tui.reports.templating import names, shipped
    from hotline_tui.settings import load

    if args.name not in names():
        raise UsageError(f"没有这个模板: {args.name}, 模板有: {', '.join(names())}")
    folder = load().report_templates
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"模板目录建不了: {folder}, {reason(error)}") from error
    with whole_file(folder / args.name, force=args.force) as file:
        file.write(shipped(args.name).encode())
    console.put(str(folder / args.name))


def _format(asked: str | None, out: Path | None) -> str:
    if asked:
        return asked
    if out is None:
        return "text"
    if out.suffix.lower() not in _SUFFIXES:
        raise UsageError(f"从文件名 {out.name} 看不出格式, 请以 {'、'.join(_SUFFIXES)} 结尾, 或用 --format 写明")
    return _SUFFIXES[out.suffix.lower()]


def _figures(desk: Desk, args: argparse.Namespace, period: Period, step: Callable[[float], None]) -> Figures:
    """As they were confirmed, or else as they are."""
    from hotline_tui.reports.frozen import version
    from hotline_tui.reports.gather import gather

    with desk.store.read() as session:
        if args.report is Report.APPRAISAL and not args.now:
            confirmed = version(desk, session, period, args.edition)
            if confirmed:
                return confirmed
        return gather(desk, session, args.report, period, number=args.number, step=step)


def _written(figures: Figures, form: str, settings: Settings, unit: str | None = None) -> bytes:
    from hotline_tui.reports import explained

    if unit is not None:
        figures = explained.only(figures, unit)
    if form == "json":
        import json

        from hotline_tui.reports.plain import plain

        return (json.dumps(plain(figures), ensure_ascii=False, indent=2) + "\n").encode()
    if form == "xlsx":
        from hotline_tui.reports import xlsx

        return xlsx.write(figures)
    from hotline_tui.reports.documents import md, text
    from hotline_tui.reports.templating import Templates

    of_all = Templates(settings.report_templates).document
    document = of_all(figures) if unit is None else explained.document(figures)
    if form == "docx":
        from hotline_tui.reports.word.writer import write

        return write(document, figures.at, figures.issuer)
    return (md if form == "md" else text).render(document).encode()


@contextmanager
def _progress(what: str) -> Generator[Callable[[float], None]]:
    """A bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)
