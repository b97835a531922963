"""`hotline dashboard`: how the hotline stands now; alone it is the supervisor's screen, read-only."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands
from hotline_tui.errors import ExitCode

if TYPE_CHECKING:
    from hotline_tui.data.queries.dashboard import Snapshot


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser("dashboard", help="督办看板")
    parser.add_argument("--once", action="store_true", help="打印一次就结束")
    parser.add_json()
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> ExitCode:
    """Once as text or JSON, else on the screen."""
    if not args.once and not args.json:
        from hotline_tui import app
        from hotline_tui.settings import load

        settings = load()
        opening.must_exist(settings)
        return app.run_dashboard(settings)

    from hotline_tui.commands.plain import plain
    from hotline_tui.data.queries.dashboard import snapshot
    from hotline_tui.services.clock import edges_now

    with opening.reading() as desk, desk.store.read() as session:
        found = snapshot(session, desk.viewer, edges_now(desk, session), closing=desk.settings.closing)
    if args.json:
        from hotline_tui.commands.orders import row_json

        late = [row_json(each.order) | {"unit": each.unit, "days": each.days} for each in found.overdue_orders]
        console.put_json(plain(found, ("overdue_orders",)) | {"overdue_orders": late})
    else:
        _put(found)
    return ExitCode.OK


def _put(found: Snapshot) -> None:
    from hotline_tui.commands.plain import shown

    console.put(f"督办看板 {shown(found.at)}")
    console.put(
        f"待派 {found.waiting}  在办 {found.open}  今日到期 {found.due_today}  临期 {found.due_soon}  "
        f"超期 {found.overdue}  严重超期 {found.seriously_overdue}  待回访 {found.awaiting_callback}"
    )
    console.put_table(
        ("承办单位", "在办", "临期", "超期", "严重超期", "最长超期"),
        (
            (line.unit, *map(str, (line.open, line.due_soon, line.overdue, line.seriously_overdue)), f"{line.worst} 日")
            for line in found.units
        ),
    )
    if found.overdue_orders:
        console.put("")
        console.put_table(
            ("编号", "类别", "承办单位", "应办", "超期", "内容"),
            (
                (
                    each.order.number,
                    each.order.kind.label,
                    each.unit,
                    shown(each.due_at),
                    f"{each.days} 日",
                    each.order.brief,
                )
                for each in found.overdue_orders
            ),
        )
