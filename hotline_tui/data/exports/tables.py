"""Rows of text as csv, xlsx or jsonl, one at a time; an import of ours takes each cell back as it was."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from hotline_tui.data.exports.files import whole_file
from hotline_tui.errors import Refused, UsageError

SUFFIXES = (".csv", ".xlsx", ".jsonl")
CELL_LIMIT = 32_767
"""Signs in a cell of a workbook."""
ROW_LIMIT = 1_048_575
"""Rows of a sheet below its head."""
_FORMULA = re.compile(r"'*\s*[-=+@\uff1d\uff0b\uff0d\uff20]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9a-f]{4}_)", re.IGNORECASE)

Cell = str | int | Decimal
"""A number is one in a workbook."""
Rows = Iterable[Sequence[Cell]]
Write = Callable[[IO[bytes], Sequence[str], Rows], int]


def write_table(path: Path, head: Sequence[str], rows: Rows, *, force: bool = False) -> int:
    """Write a table of the kind that the name says, whole or not at all; gives how many rows.

    Raises UsageError for another kind, for a file that is there without `force`, and StorageError.
    """
    write = writer(path)
    with whole_file(path, force=force) as file:
        return write(file, head, rows)


def writer(path: Path) -> Write:
    """How a file of this name is written; raises UsageError."""
    kinds: dict[str, Write] = {".csv": _csv, ".xlsx": _xlsx, ".jsonl": _jsonl}
    try:
        return kinds[path.suffix.lower()]
    except KeyError:
        raise UsageError(f"不认识的文件类型: {path.name}, 请以 .csv、.xlsx 或 .jsonl 结尾") from None


def guarded(text: str, *, formulas: bool = True) -> str:
    """What a spreadsheet would take for a formula begins with an apostrophe; `unguarded` takes it off again."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return f"'{text}" if _FORMULA.match(text) and (formulas or text.startswith("'")) else text


def unguarded(text: str) -> str:
    """Without the apostrophe of `guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _csv(file: IO[bytes], head: Sequence[str], rows: Rows) -> int:
    """With a byte order mark, by which Excel knows UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    try:
        lines = csv.writer(text)
        lines.writerow(head)
        return _counted(lines.writerow, ([_plain(cell) for cell in row] for row in rows))
    finally:
        text.detach()


def _jsonl(file: IO[bytes], head: Sequence[str], rows: Rows) -> int:
    def write(row: Sequence[Cell]) -> None:
        line = {name: _plain(cell, formulas=False) for name, cell in zip(head, row, strict=True)}
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    return _counted(write, rows)


def _xlsx(file: IO[bytes], head: Sequence[str], rows: Rows) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(head))

    def cells() -> Iterator[list[object]]:
        for number, row in enumerate(rows, 1):
            if number > ROW_LIMIT:
                raise Refused(f"多于 {ROW_LIMIT} 行, 一张表格装不下, 请用 csv 或 jsonl")
            yield [
                _text(sheet, head, number, place, guarded(cell)) if isinstance(cell, str) else cell
                for place, cell in enumerate(row)
            ]

    many = _counted(sheet.append, cells())
    book.save(file)
    return many


def _text(sheet: object, head: Sequence[str], row: int, place: int, text: str) -> object:
    from openpyxl.cell import WriteOnlyCell

    if len(text) > CELL_LIMIT:
        raise Refused(f"第 {row} 条的{head[place]}有 {len(text)} 个字, 表格的一格装不下, 请用 csv 或 jsonl")
    if not text:
        return None
    cell = WriteOnlyCell(sheet, value=text)  # pyright: ignore[reportArgumentType] - a sheet that is only written
    cell.data_type = "s"  # also what looks like a number, a date or an error
    return cell


def _plain(cell: Cell, *, formulas: bool = True) -> str:
    """A number is never a formula."""
    return guarded(cell, formulas=formulas) if isinstance(cell, str) else str(cell)


def _counted(write: Callable[[Any], object], rows: Iterable[Any]) -> int:
    many = 0
    for row in rows:
        write(row)
        many += 1
    return many
