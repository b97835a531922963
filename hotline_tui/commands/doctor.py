"""`hotline doctor`: whether what is stored holds together."""

from __future__ import annotations

import argparse

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands
from hotline_tui.errors import ExitCode
from hotline_tui.settings import load


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser("doctor", help="检查数据是否完好")
    parser.add_argument("--head", metavar="链头", default="", help="核对已公布的链头, 如 C01:120:3f9a..")
    parser.add_json()
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> ExitCode:
    """Seal what a crash left unsealed, then look at everything."""
    from hotline_tui.data import migrate, seal
    from hotline_tui.data.doctor import doctor

    with opening.database(load(), current=False) as store:
        if migrate.current(store) == migrate.head():
            with store.read() as session:
                nodes = seal.nodes(session)
            for node in nodes:
                seal.seal(store, node, thorough=True)
        found = doctor(store, args.head)
    if args.json:
        checks = [
            {"name": each.name, "label": each.label, "ok": each.ok, "detail": each.detail} for each in found.checks
        ]
        console.put_json({"sound": found.sound, "checks": checks})
    else:
        console.put_table(
            ("检查", "结果", "说明"),
            ((each.label, "正常" if each.ok else "异常", each.detail) for each in found.checks),
        )
        console.put("数据完好" if found.sound else "数据有异常, 请保留现场并与维护人员联系")
    if found.sound:
        return ExitCode.OK
    return ExitCode.STORAGE if found.checks[-1].name == "migrations" else ExitCode.DAMAGED
