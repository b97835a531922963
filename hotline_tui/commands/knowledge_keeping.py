"""`hotline kb export|import|expiring|missing`: keeping the standard answers."""

from __future__ import annotations

import argparse
from pathlib import Path

from hotline_tui.commands import console, imports, opening
from hotline_tui.commands.parsing import Commands, count


def add(group: Commands) -> None:
    """The commands."""
    export = group.add_parser("export", help="导出标准答案: csv, xlsx 或 jsonl, 可原样导入")
    export.add_argument("file", metavar="文件", type=Path, help="以 .csv、.xlsx 或 .jsonl 结尾")
    export.add_argument("--all", action="store_true", dest="everything", help="连同草稿、停用和不在有效期内的")
    export.add_argument("--force", action="store_true", help="覆盖已有的文件")
    export.add_json()
    export.set_defaults(run=run_export)
    imports.add_list(group, "import", "knowledge")
    expiring = group.add_parser("expiring", help="即将到期和已过期的标准答案, 最早到期的在前")
    expiring.add_argument("--days", metavar="N", type=count, help="多少天以内到期的, 不写则按设置 remind_days")
    expiring.add_json()
    expiring.set_defaults(run=run_expiring)
    missing = group.add_parser("missing", help="查过而没有答案的问题, 相近的归在一起, 问得最多的在前")
    missing.add_json()
    missing.set_defaults(run=run_missing)


def run_export(args: argparse.Namespace) -> None:
    """Write the file."""
    from hotline_tui.services.knowledge_export import export

    with opening.reading() as desk:
        many = export(desk, args.file, everything=args.everything, force=args.force)
    if args.json:
        console.put_json({"exported": many, "file": str(args.file)})
    else:
        console.put(f"已导出 {many} 条标准答案: {args.file}")


def run_expiring(args: argparse.Namespace) -> None:
    """What ends soon, and what is over."""
    from hotline_tui.commands.plain import plain
    from hotline_tui.data.queries.stock import Shelf, stock
    from hotline_tui.rules.deadlines import shanghai_day

    with opening.reading() as desk, desk.store.read() as session:
        days, today = args.days or desk.settings.remind_days, shanghai_day(desk.clock())
        page = stock(session, desk.viewer, Shelf.ENDING, today, days=days)
        rows = list(page.rows)
        while page.next is not None:
            page = stock(session, desk.viewer, Shelf.ENDING, today, days=days, after=page.next)
            rows += page.rows
    left = [(row, (row.valid_to - today).days if row.valid_to else 0) for row in rows]
    if args.json:
        console.put_json([{"days_left": many} | plain(row) for row, many in left])
        return
    if not rows:
        console.say(f"{days} 天以内没有到期的标准答案")
    for row, many in left:
        when = f"还有 {many} 天" if many >= 0 else f"已过期 {-many} 天"
        revised = ", 有修订稿待发布" if row.pending else ""
        console.put(f"{row.valid_to} {when}  {row.key}  {row.question} ({row.unit or '未定单位'}{revised})")


def run_missing(args: argparse.Namespace) -> None:
    """What was asked and not answered."""
    from hotline_tui.commands.plain import plain
    from hotline_tui.data.queries.missed import missed
    from hotline_tui.rules.deadlines import SHANGHAI

    with opening.reading() as desk, desk.store.read() as session:
        groups = missed(session, desk.viewer)
    if args.json:
        console.put_json(
            [
                {
                    "question": group.words,
                    "alike": [each.words for each in group.questions[1:]],
                    "times": group.times,
                    "empty": group.empty,
                    "dispatched": group.dispatched,
                    "last_at": plain(group.last_at),
                }
                for group in groups
            ]
        )
        return
    if not groups:
        console.say("没有缺答的问题")
    for group in groups:
        last = f"{group.last_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        times = f"{group.times} 次(没有找到 {group.empty}, 其后交办 {group.dispatched})"
        console.put(f"{times}, 最近 {last}  {group.words}")
        for each in group.questions[1:]:
            console.put(f"    相近: {each.words}")
