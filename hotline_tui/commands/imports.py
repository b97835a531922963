"""`hotline import`: letters and the organisation from csv, xlsx and jsonl files."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, Parser
from hotline_tui.errors import ExitCode
from hotline_tui.rules.words import Role

if TYPE_CHECKING:
    from hotline_tui.services.letters import Progress

LETTERS = "信件"


def add(commands: Commands) -> None:
    """The commands."""
    group = commands.add_parser("import", help="导入信件、单位、分类、知识库").add_commands()
    letters = _parser(group, "letters", "市长信箱来信, 成为待处理的工单")
    letters.add_argument("--site", metavar="编号", help="编号所用的站点, 不写则为首个")
    letters.add_argument("--as-knowledge", action="store_true", help="有答复的信件同时作为标准答案")
    letters.set_defaults(run=run_letters)


def _parser(group: Commands, name: str, help_: str) -> Parser:
    parser = group.add_parser(name, help=help_)
    parser.add_argument("file", metavar="文件", type=Path, help="csv, xlsx 或 jsonl")
    parser.add_argument(
        "--map", metavar="字段=列名", action="append", default=[], help="指明某个字段在哪一列, 可多次给出"
    )
    parser.add_argument("--dry-run", action="store_true", help="只检查, 不存入")
    parser.add_argument("--rejects", metavar="目录", type=Path, help="未导入的行写到哪个目录, 不写则为当前目录")
    parser.add_json()
    return parser


def run_letters(args: argparse.Namespace) -> ExitCode:
    """Each letter an order in state `received`."""
    from hotline_tui.data.imports.columns import parse_given
    from hotline_tui.services.letters import import_letters

    mapping = parse_given(args.map)
    with opening.desk(Role.ADMIN, args.site) as desk, progress(LETTERS) as told:
        try:
            result = import_letters(
                desk,
                args.file,
                mapping,
                dry_run=args.dry_run,
                progress=told,
                rejects_dir=args.rejects,
            )
        except KeyboardInterrupt:
            console.say("已中断: 已存入的保留, 再次运行会接着导入")
            return ExitCode.INTERRUPTED
    data = {
        "read": result.read,
        "created": result.created,
        "existing": result.existing,
        "rejected": result.rejected,
        "rejects_file": str(result.rejects_file) if result.rejects_file else None,
        "dry_run": args.dry_run,
    }
    report(data, LETTERS, as_json=args.json)
    return ExitCode.OK


def report(data: dict[str, object], what: str, *, as_json: bool) -> None:
    """What became of the file."""
    if as_json:
        console.put_json(data)
        return
    created = "将新增" if data["dry_run"] else "新增"
    console.put(
        f"{what}: 读入 {data['read']}, {created} {data['created']}, 已有 {data['existing']}, 未导入 {data['rejected']}"
    )
    if data["rejects_file"]:
        console.put(f"未导入的行和原因: {data['rejects_file']}")


@contextmanager
def progress(what: str) -> Generator[Progress]:
    """A bar on stderr while it is a terminal, else silence."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _read, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[read]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, read=0)

        def show(read: int, share: float | None) -> None:
            bar.update(task, total=None if share is None else 1.0, completed=share or 0.0, read=read)

        yield show
