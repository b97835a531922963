"""`hotline export`, `hotline region list`, `hotline place list`: what regions and places are stored."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, count
from hotline_tui.errors import NotFound

KINDS = {"regions": "区域", "places": "地名"}
LIMIT = 50


def add(commands: Commands) -> None:
    """The commands."""
    exports = commands.add_parser("export", help="导出区域、地名").add_commands()
    for what, label in KINDS.items():
        one = exports.add_parser(what, help=f"导出{label}一览: csv, xlsx 或 jsonl, 可原样导入")
        one.add_argument("file", metavar="文件", type=Path, help="以 .csv、.xlsx 或 .jsonl 结尾")
        one.add_argument("--force", action="store_true", help="覆盖已有的文件")
        one.add_json()
        one.set_defaults(run=run_export, what=what)
    regions = (
        commands.add_parser("region", help="区域").add_commands().add_parser("list", help="区域一览, 按上下级排列")
    )
    regions.add_json()
    regions.set_defaults(run=run_regions)
    places = commands.add_parser("place", help="地名").add_commands().add_parser("list", help="地名一览, 按区域排列")
    places.add_argument("--words", metavar="词语", default="", help="地名或别名中有这几个字的")
    places.add_argument("--region", metavar="区域", help="这个区域及其下级的, 写编号、名称或全称")
    places.add_argument("-n", "--limit", metavar="N", type=count, default=LIMIT, help=f"最多多少个, 不写则 {LIMIT}")
    places.add_json()
    places.set_defaults(run=run_places)


def run_export(args: argparse.Namespace) -> None:
    """Write the file."""
    from hotline_tui.services import lists_export

    kind = {"regions": lists_export.REGIONS, "places": lists_export.PLACES}[args.what]
    with opening.reading() as desk:
        many = lists_export.export_list(desk, args.file, kind, force=args.force)
    if args.json:
        console.put_json({"exported": many, "file": str(args.file)})
    else:
        console.put(f"已导出 {many} 个{kind.label}: {args.file}")


def run_regions(args: argparse.Namespace) -> None:
    """The tree, each with its path and how many places lie in it."""
    from hotline_tui.data.queries import picks, places

    with opening.reading() as desk, desk.store.read() as session:
        rows = sorted(picks.regions(session), key=lambda row: (row.path.split("/"), row.key))
        many = Counter(place.region_id for place in places.every(session))
    if args.json:
        console.put_json([{"key": row.key, "name": row.name, "path": row.path, "places": many[row.id]} for row in rows])
        return
    if not rows:
        console.say("还没有区域, 请用 hotline import regions 导入")
        return
    console.put_table(("编号", "全称", "地名"), ((row.key, row.path, str(many[row.id] or "")) for row in rows))


def run_places(args: argparse.Namespace) -> None:
    """As many as asked for; says how many there are."""
    from hotline_tui.data.queries import picks, places
    from hotline_tui.services.region_tree import tree_of

    with opening.reading() as desk, desk.store.read() as session:
        tree = tree_of(session)
        within = tree.find(args.region) if args.region else None
        if args.region and within is None:
            raise NotFound(tree.unknown(args.region))
        below = {each.id: tree.path(each) for each in tree if within is None or within in tree.line(each)}
        units = {unit.id: unit.short for unit in picks.units(session, retired=True)}
        found = sorted(
            (below[row.region_id], row.name, row.aliases.split("\n") if row.aliases else [], units.get(row.unit_id, ""))
            for row in places.every(session)
            if row.region_id in below and args.words in f"{row.name}\n{row.aliases}"
        )
    shown = found[: args.limit]
    if args.json:
        console.put_json(
            [
                {
                    "name": name,
                    "aliases": aliases,
                    "region": region,
                    "unit": unit or None,
                }
                for region, name, aliases, unit in shown
            ]
        )
    elif shown:
        rows = ((name, "、".join(aliases), region, unit) for region, name, aliases, unit in shown)
        console.put_table(("地名", "别名", "区域", "承办单位"), rows)
    else:
        console.say("没有这样的地名" if args.words or args.region else "还没有地名, 请用 hotline import places 导入")
    if len(found) > len(shown):
        console.say(f"共 {len(found)} 个, 只列出 {len(shown)} 个; 用 -n 可列出更多")
