"""`hotline import`: letters, regions and the organisation from csv, xlsx and jsonl files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline_tui.commands import console, opening
from hotline_tui.commands.importing import Progress
from hotline_tui.commands.parsing import Commands, Parser
from hotline_tui.rules.words import Role

if TYPE_CHECKING:
    from hotline_tui.services.letters import Result

LETTERS = "信件"
LISTS = {"regions": "区域", "units": "承办单位", "topics": "诉求分类", "places": "地名", "knowledge": "标准答案"}

HELP = {what: f"{label}一览" for what, label in LISTS.items()} | {
    "regions": "区域的树: 区县、街道、社区, 写上级或全称, 如 开福区/东风路街道",
    "knowledge": "标准答案: 问题和答复, 与 hotline kb export 导出的列相同",
}


def add(commands: Commands) -> None:
    """The commands."""
    group = commands.add_parser("import", help="导入信件、区域、单位、分类、地名、知识库").add_commands()
    letters = _parser(group, "letters", "市长信箱来信, 成为待处理的工单")
    letters.add_argument("--site", metavar="编号", help="编号所用的站点, 不写则为首个")
    letters.add_argument("--as-knowledge", action="store_true", help="有答复的信件同时作为标准答案")
    letters.add_argument(
        "--history", action="store_true", help="已答复的信件作为历史归档, 记下原来的答复和答复时间, 不再办理"
    )
    letters.set_defaults(run=run_letters)
    for name in LISTS:
        one = add_list(group, name, name)
        if name == "places":
            one.add_argument("--replace", action="store_true", help="文件里没有的地名删去; 有未导入的行时不删")


def add_list(group: Commands, name: str, what: str) -> Parser:
    """The import of one of the lists, under this name."""
    one = _parser(group, name, HELP[what])
    one.set_defaults(run=run_list, what=what, replace=False)
    return one


def _parser(group: Commands, name: str, help_: str) -> Parser:
    parser = group.add_parser(name, help=help_, description=help_)
    parser.add_argument("file", metavar="文件", type=Path, help="csv, xlsx 或 jsonl")
    parser.add_argument(
        "--map", metavar="字段=列名", action="append", default=[], help="指明某个字段在哪一列, 可多次给出"
    )
    parser.add_argument("--dry-run", action="store_true", help="只检查, 不存入")
    parser.add_argument("--rejects", metavar="目录", type=Path, help="未导入的行写到哪个目录, 不写则为当前目录")
    parser.add_json()
    return parser


def run_letters(args: argparse.Namespace) -> None:
    """Each letter an order in state `received`."""
    from hotline_tui.data.imports.columns import parse_given
    from hotline_tui.services.letters import import_letters

    mapping = parse_given(args.map)
    with Progress(LETTERS) as progress, opening.desk(Role.ADMIN, args.site) as desk:
        result = import_letters(
            desk,
            args.file,
            mapping,
            as_knowledge=args.as_knowledge,
            history=args.history,
            dry_run=args.dry_run,
            progress=progress,
            rejects_dir=args.rejects,
        )
    report(args, LETTERS, result)


def run_list(args: argparse.Namespace) -> None:
    """Regions, units, topics, places or standard answers."""
    from hotline_tui.data.imports.columns import parse_given
    from hotline_tui.services import lists

    places = lists.PLACES_ANEW if args.replace else lists.PLACES
    kinds: dict[str, lists.ListFile[Any]] = {
        "regions": lists.REGIONS,
        "units": lists.UNITS,
        "topics": lists.TOPICS,
        "places": places,
        "knowledge": lists.KNOWLEDGE,
    }
    mapping = parse_given(args.map)
    with Progress(LISTS[args.what]) as progress, opening.desk(Role.ADMIN) as desk:
        result = lists.import_list(
            desk,
            args.file,
            mapping,
            kinds[args.what],
            dry_run=args.dry_run,
            progress=progress,
            rejects_dir=args.rejects,
        )
    report(args, LISTS[args.what], result)


def _leaves_replies(args: argparse.Namespace, result: Result) -> bool:
    from hotline_tui.data.imports.letters import LETTER_COLUMNS

    replies = next(column for column in LETTER_COLUMNS if column.field == "reply")
    return not (getattr(args, "as_knowledge", True) or args.history) and not set(result.unused_columns).isdisjoint(
        replies.names
    )


def report(args: argparse.Namespace, what: str, result: Result) -> None:
    """What became of the file."""
    if args.json:
        console.put_json(_data(result) | {"dry_run": args.dry_run})
        return
    if not result.read:
        console.say(f"表中只有表头, 没有一行数据: {args.file}")
    if result.unused_columns:
        as_answers = "; 答复要作为标准答案的, 请加 --as-knowledge" if _leaves_replies(args, result) else ""
        columns = "、".join(result.unused_columns)
        console.say(f"没有用到的列: {columns}; 要用其中一列, 请加 --map 字段=列名{as_answers}")
    created = "将新增" if args.dry_run else "新增"
    counts = {"读入": result.read, created: result.created, "已有": result.existing, "未导入": result.rejected}
    if result.removed is not None:
        counts["将删去" if args.dry_run else "删去"] = result.removed
        if result.rejected:
            console.say(f"有未导入的行, 原有的{what}都没有删去; 改正后请再用 --replace 导入整个文件")
    console.put(f"{what}: {', '.join(f'{name} {many}' for name, many in counts.items())}")
    if result.answers:
        left = {
            "与已有的相同": result.answers.existing,
            "来信没有答复": result.answers.without_reply,
            "来信没有主题": result.answers.without_subject,
        }
        counts = (f"{name} {count}" for name, count in left.items() if count)
        console.put(", ".join((f"标准答案: {created} {result.answers.created}", *counts)))
    if result.rejects_file:
        console.put(f"未导入的行和原因: {result.rejects_file}")


def _data(result: Result) -> dict[str, Any]:
    data: dict[str, Any] = {name: getattr(result, name) for name in ("read", "created", "existing", "rejected")}
    if result.removed is not None:
        data["removed"] = result.removed
    data["rejects_file"] = str(result.rejects_file) if result.rejects_file else None
    data["unused_columns"] = list(result.unused_columns)
    if result.answers:
        data["answers"] = result.answers.created
        data["answers_existing"] = result.answers.existing
        data["letters_without_reply"] = result.answers.without_reply
        data["letters_without_subject"] = result.answers.without_subject
    return data
