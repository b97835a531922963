"""`hotline`: reads the command, runs it, and turns what went wrong into one sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from hotline_tui import __version__
from hotline_tui.commands import console, seat
from hotline_tui.errors import ExitCode, HotlineError
from hotline_tui.settings import load

if TYPE_CHECKING:
    from hotline_tui.commands.parsing import Parser

FAMILIES = (
    "demo",
    "init",
    "deadline",
    "calendar",
    "imports",
    "gazetteer",
    "orders",
    "knowledge",
    "assist",
    "publish",
    "report",
    "dashboard",
    "doctor",
    "accounts",
    "database",
    "sealing",
)
"""Modules of `hotline_tui.commands`: to work at a seat needs none of them."""


def parser() -> Parser:
    """Every command of `hotline`."""
    from hotline_tui.commands.parsing import Parser

    top = Parser(
        prog="hotline",
        description="12345 政府服务热线(市长信箱)。不带命令: 登录并开始工作。",
        epilog="HOTLINE_HOME: 数据目录; HOTLINE_DATABASE_URL: 数据库地址, 如 postgresql://用户@主机/库名。",
    )
    top.add_argument("--version", action="version", version=f"hotline {__version__}", help="显示版本")
    top.set_defaults(run=lambda _: seat.work())
    commands = top.add_commands(required=False)
    for family in FAMILIES:
        import_module(f"hotline_tui.commands.{family}").add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Never shows a traceback."""
    try:
        console.prepare()
        return _run(argv)
    except HotlineError as error:
        console.say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        console.say("已中断, 已存入的保留")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        console.abandon_stdout()
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 - the last place: a person reads a sentence, we read the log
        path = console.log_failure(load().home / "logs", error)
        console.say(f"程序出错, 未能完成{f'; 记录在 {path}, 请交给维护人员' if path else ''}")
        return ExitCode.REFUSED


def _run(argv: Sequence[str] | None) -> int:
    words = sys.argv[1:] if argv is None else argv
    seat.check(words, os.environ)
    if words:
        args = parser().parse_args(words)
        code = args.run(args)
    else:
        code = seat.work()
    console.flush()
    return code or ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
