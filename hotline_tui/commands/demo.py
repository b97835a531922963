"""`hotline demo`: the application on a throw-away city."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace
from uuid import UUID

from hotline_tui.commands.console import say
from hotline_tui.commands.parsing import Commands, listed, word
from hotline_tui.commands.throwaway import throwaway
from hotline_tui.commands.waiting import no_echo
from hotline_tui.errors import ExitCode
from hotline_tui.rules.words import Role
from hotline_tui.settings import load


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser("demo", help="打开演示城市", description="打开演示城市: 退出后不留下任何数据。")
    parser.add_argument("--role", metavar="岗位", type=word(Role, "岗位"), default=Role.AGENT, help=listed(Role))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> ExitCode:
    """A throw-away city, signed in."""
    with throwaway() as home:
        say("正在准备演示城市, 当天第一次打开需要十几秒")
        build = [sys.executable, "-m", "hotline_tui.services.demo", str(home)]
        with no_echo():
            built = subprocess.run(build, stdout=subprocess.PIPE, env=os.environ | {"TMPDIR": str(home)}, check=False)
        if built.returncode != 0:
            return ExitCode(built.returncode) if built.returncode in set(ExitCode) else ExitCode.STORAGE
        account_id = UUID(json.loads(built.stdout)[args.role.value])
        from hotline_tui import app

        settings = replace(
            load({"home": home}, seat=True), database_url=f"sqlite:///{home / 'hotline.db'}", database_key=""
        )
        return app.run(settings, account_id=account_id)
