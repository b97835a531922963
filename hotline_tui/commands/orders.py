"""`hotline order`: one order in full, or a list of them."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, count, day, listed, midnight, word
from hotline_tui.errors import UsageError
from hotline_tui.rules.words import Channel, Kind, OrderState, Standing

if TYPE_CHECKING:
    from hotline_tui.data.queries.rows import OrderRow


def add(commands: Commands) -> None:
    """The commands."""
    group = commands.add_parser("order", help="工单").add_commands()
    one = group.add_parser("show", help="一件工单和它的办理过程")
    one.add_argument("number", metavar="编号")
    one.add_json()
    one.set_defaults(run=run_show)
    many = group.add_parser("list", help="工单一览, 新的在前")
    many.add_argument(
        "--state", metavar="状态", action="append", type=word(OrderState, "状态"), help=listed(OrderState)
    )
    many.add_argument("--kind", metavar="类别", type=word(Kind, "类别"), help=listed(Kind))
    many.add_argument("--channel", metavar="渠道", type=word(Channel, "渠道"), help=listed(Channel))
    many.add_argument("--standing", metavar="时限", type=word(Standing, "时限状态"), help=listed(Standing))
    many.add_argument("--unit", metavar="单位", help="承办单位的编号、名称或简称")
    many.add_argument("--words", metavar="词语", default="", help="主题、内容或地址中的词语")
    many.add_argument("--number", metavar="编号", default="", help="编号的开头或结尾")
    many.add_argument("--from", metavar="日期", dest="first", type=day, help="这一天起收到的")
    many.add_argument("--to", metavar="日期", dest="last", type=day, help="到这一天为止收到的")
    many.add_argument("--urgent", action="store_const", const=True, help="只要紧急的")
    many.add_argument("-n", "--limit", metavar="N", type=count, default=50, help="最多多少件, 不写则 50")
    many.add_json()
    many.set_defaults(run=run_list)


def run_list(args: argparse.Namespace) -> None:
    """As many as asked for; says so when there are more."""
    from hotline_tui.data.queries.orders import OrderFilter, page
    from hotline_tui.services.clock import edges_now

    if args.first and args.last and args.last < args.first:
        raise UsageError(f"--from {args.first} 晚于 --to {args.last}, 请对调")
    with opening.reading() as desk:
        asked = OrderFilter(
            number=args.number,
            words=args.words,
            kind=args.kind,
            states=frozenset(args.state or ()),
            unit_id=opening.unit(desk, args.unit) if args.unit else None,
            since=midnight(args.first) if args.first else None,
            until=midnight(args.last + timedelta(days=1)) if args.last else None,
            urgent=args.urgent,
            channel=args.channel,
            standing=args.standing,
        )
        with desk.store.read() as session:
            found = page(session, desk.viewer, edges_now(desk, session), asked, limit=args.limit)
    if args.json:
        console.put_json([row_json(row) for row in found.rows])
    else:
        console.put_table(
            ("编号", "类别", "状态", "承办单位", "应办", "时限", "内容"),
            (row_cells(row) for row in found.rows),
        )
    if found.next is not None:
        console.say(f"还有更多, 只列出 {args.limit} 件; 用 -n 可列出更多")


def run_show(args: argparse.Namespace) -> None:
    """Everything that the office may see; the caller's data stay masked (Art. 13)."""
    from hotline_tui.commands.plain import plain
    from hotline_tui.data.queries.detail import detail
    from hotline_tui.data.queries.orders import by_number
    from hotline_tui.data.queries.sentences import sentence
    from hotline_tui.data.queries.timeline import timeline
    from hotline_tui.services.clock import edges_now

    if not args.number.strip():
        raise UsageError("编号是空的, 请写工单编号, 如 C01-20261120-0001")
    with opening.reading() as desk, desk.store.read() as session:
        order_id = by_number(session, desk.viewer, args.number)
        found = detail(session, desk.viewer, edges_now(desk, session), order_id)
        steps = timeline(session, desk.viewer, order_id)
    if args.json:
        told = [plain(step) | {"label": step.action.label, "text": sentence(step)} for step in steps]
        console.put_json(row_json(found.row) | plain(found, ("row", "relation")) | {"events": told})
        return
    from hotline_tui.reports.order import render

    console.put(render(found, steps))


def row_json(row: OrderRow) -> dict[str, Any]:
    """A line of a list for scripts."""
    from hotline_tui.commands.plain import plain

    return {
        "number": row.number,
        "kind": row.kind.value,
        "state": row.state.value,
        "unit": row.unit or None,
        "due": plain(row.due_at),
        **plain(row, ("id", "version", "number", "kind", "state", "unit_id", "unit", "due_at")),
    }


def row_cells(row: OrderRow) -> tuple[str, ...]:
    """A line of a list for people."""
    from hotline_tui.commands.plain import shown

    due = shown(row.due_at) + (" 暂定" if row.provisional else "")
    standing = row.standing.label if row.standing else ""
    return (row.number, row.kind.label, row.state.label, row.unit, due, standing, row.brief)
