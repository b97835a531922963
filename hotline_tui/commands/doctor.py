"""`hotline doctor`: whether what is stored holds together."""

from __future__ import annotations

import argparse

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands
from hotline_tui.errors import ExitCode, HotlineError, Interrupted
from hotline_tui.settings import load


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser("doctor", help="检查数据是否完好")
    parser.add_argument("--head", metavar="链头", default="", help="核对已公布的链头, 如 C01:120:3f9a..")
    parser.add_argument("--repair", action="store_true", help="每日汇总数与工单不符的重新统计, 缺少的补齐")
    parser.add_json()
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> ExitCode:
    """Look at everything; for scripts also what can not be looked at is a report."""
    from hotline_tui.data.doctor import doctor, out_of_reach, repair
    from hotline_tui.data.heads import Heads

    try:
        settings = load()
        with opening.database(settings) as store:
            found = doctor(store, args.head, Heads(settings.home, store))
            found = repair(store, found) if args.repair else found
    except KeyboardInterrupt:
        raise Interrupted("已中断") from None
    except HotlineError as error:
        if not args.json:
            raise
        found = out_of_reach(error)
    if args.json:
        checks = [{"name": each.name, "ok": each.ok, "detail": each.detail} for each in found.checks]
        console.put_json({"sound": found.sound, "checks": checks})
    else:
        console.put_table(
            ("检查", "结果", "说明"),
            ((each.label, "正常" if each.ok else "异常", each.detail) for each in found.checks),
        )
        waiting = f", 另有 {found.unsealed} 条待封存" if found.unsealed else ""
        console.put(f"{'数据完好' if found.sound else '数据有异常, 请保留现场并与维护人员联系'}{waiting}")
    return found.exit_code
