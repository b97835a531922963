"""`hotline publish`: the answers that the office has made public, for the city's website (Art. 11(5), 14)."""

from __future__ import annotations

import argparse
import os
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from hotline_tui.commands import console, opening
from hotline_tui.commands.parsing import Commands, day, midnight
from hotline_tui.errors import StorageError, UsageError, reason

_WHOLE = {"feed.json": ".json", "answers.csv": ".csv"}


def add(commands: Commands) -> None:
    """The command."""
    parser = commands.add_parser("publish", help="导出网上公开的答复: JSON Feed 和 CSV, 不含个人信息")
    parser.add_argument(
        "--out",
        metavar="文件或目录",
        type=Path,
        required=True,
        help=f"目录: 写 {' 和 '.join(_WHOLE)}; 文件: 以 .json 或 .csv 结尾, 写其中一种",
    )
    parser.add_argument("--from", metavar="日期", dest="first", type=day, help="这一天起公开的")
    parser.add_argument("--to", metavar="日期", dest="last", type=day, help="到这一天为止公开的")
    parser.add_json()
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> None:
    """Write what may go out; say by number and kind what may not, and why."""
    from hotline_tui.data.queries.publication import answers
    from hotline_tui.reports import publication
    from hotline_tui.rules.personal import told

    paths = _paths(args.out)
    since = midnight(args.first) if args.first else None
    until = midnight(args.last + timedelta(days=1)) if args.last else None
    with opening.reading() as desk, desk.store.read() as session:
        found = answers(session, desk.viewer, since, until)
        title = f"{desk.settings.city}12345热线公开答复"
    out = [each for each in found if each.may_go_out]
    held = [each for each in found if not each.may_go_out]
    whole = {".json": lambda: publication.feed(out, title), ".csv": lambda: publication.table(out)}
    for path in paths:
        _replace(path, whole[path.suffix.lower()]())
    for each in held:
        console.say(f"未导出 {each.number}: 文字中有{told(each.found)}, 没有人核对过(第十四条)")
    if args.json:
        left_out = [
            {"number": each.number, "found": {kind.value: many for kind, many in each.found.items()}} for each in held
        ]
        console.put_json(
            {"read": len(found), "published": len(out), "left_out": left_out, "files": [str(path) for path in paths]}
        )
    else:
        console.put(f"已导出 {len(out)} 条公开答复{f', 未导出 {len(held)} 条' if held else ''}")
        for path in paths:
            console.put(str(path))


def _paths(out: Path) -> list[Path]:
    """Both files in a directory, or the one that is named; raises UsageError."""
    if out.suffix.lower() in _WHOLE.values() and not out.is_dir():
        return [out]
    if out.suffix and not out.is_dir():
        raise UsageError(f"不认识的文件类型: {out.name}, 请以 .json 或 .csv 结尾, 或给出目录")
    return [out / name for name in _WHOLE]


def _replace(path: Path, content: bytes) -> None:
    """The file as a whole or as it was: a website may read it at any moment. The same content is not written again."""
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            new = Path(file.name)
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                new.chmod(mode)
                new.replace(path)
            except BaseException:
                new.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise StorageError(f"文件写不下去: {path}, {reason(error)}") from error
