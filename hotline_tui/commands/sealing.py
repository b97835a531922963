"""`hotline seal`: puts new events into their chain and counts days that are over, where seats may not."""

from __future__ import annotations

import argparse
import time

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, whole
from hotline_tui.errors import Unreachable
from hotline_tui.settings import load

EVERY_SECONDS = 5
LONGEST = 3600


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser("seal", help="封存新的办理过程; 数据库设了角色时由专用的登录运行")
    parser.add_argument("--watch", action="store_true", help="一直运行, 隔一会儿封存一次, 直到按 Ctrl+C")
    parser.add_argument(
        "--every", metavar="秒", type=whole(LONGEST), default=EVERY_SECONDS, help=f"隔多少秒, 不写则 {EVERY_SECONDS}"
    )
    parser.add_json()
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Once, or again and again."""
    from hotline_tui.data.heads import seal_all
    from hotline_tui.data.tally import keep

    settings = load()
    with opening.database(settings) as store:
        sealed = seal_all(store, settings.home)
        keep(store, store.now())
        if args.json:
            console.put_json({"sealed": sealed})
        else:
            console.put(f"已封存 {sealed} 条")
        away = False
        while args.watch:
            time.sleep(args.every)
            try:
                seal_all(store, settings.home)
                keep(store, store.now())
            except Unreachable as error:
                if not away:
                    console.say(str(error))
                away = True
            else:
                away = False
