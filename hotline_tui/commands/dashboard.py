"""`hotline dashboard`: how the hotline stands now; alone it is the supervisor's screen, read-only."""

from __future__ import annotations

import argparse

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands
from hotline_tui.errors import ExitCode


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser("dashboard", help="督办看板")
    parser.add_argument(
        "--once", action="store_true", help="打印一次就结束; 墙上看板不列的保密件、举报件和反映单位的工单也计入并列出"
    )
    parser.add_json()
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> ExitCode:
    """Once as text or JSON, else on the screen."""
    if not args.once and not args.json:
        from hotline_tui.settings import load
        from hotline_tui.wall import run_dashboard

        settings = load(seat=True).reading()
        opening.must_exist(settings)
        return run_dashboard(settings)

    from hotline_tui.commands.plain import plain
    from hotline_tui.data.queries.dashboard import snapshot
    from hotline_tui.services.clock import choices_of, edges_now

    with opening.reading(standby=True) as desk, desk.store.read() as session:
        closing, choices = desk.settings.closing, choices_of(desk.settings)
        found = snapshot(session, desk.viewer, edges_now(desk, session), closing=closing, choices=choices)
    if args.json:
        from hotline_tui.commands.orders import row_json

        late = [row_json(each.order) | {"unit": each.unit, "days": each.days} for each in found.overdue_orders]
        console.put_json(plain(found, ("overdue_orders",)) | {"overdue_orders": late})
    else:
        from hotline_tui.reports.dashboard import render

        console.put(render(found))
    return ExitCode.OK
