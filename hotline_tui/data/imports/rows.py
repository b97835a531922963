"""What every kind of table file is read as: rows, and rows that could not be taken with the reason why."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from hotline_tui.rules.text import clean_line

Value = str | datetime | None

FIELD_LIMIT = 100_000
"""Characters in one cell; more is no letter but a broken file."""

UNCALCULATED = "\udcfe"
"""What stands for a formula whose result the workbook does not hold; like `UNDECODED` it is in no text."""

RAW = "原文"
"""The key in `BadRow.raw` of text that could not be cut into columns."""

_EXCERPT = 32_000
_HEADER_WITHIN = 10
# U+FFFD is what a program before us wrote in place of what it could not read
_UNREADABLE = re.compile("[\ud800-\udfff\ufffd]")
# alone in a text that no workbook escaped, other codes may be what its writer wrote
_ESCAPED = re.compile("_x(?:(000[9ad])_|005f_(?=x[0-9a-f]{4}_))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data."""

    number: int
    """As in the margin of a spreadsheet, from 1, header and blank lines counted; in jsonl the line."""
    values: Mapping[str, Value]
    """Every column of the header, and `第N列` for a cell beyond it; in jsonl the keys of the line. A naive datetime is
    Asia/Shanghai."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that cannot be taken."""

    number: int
    reason: str
    raw: Mapping[str, Value]
    """What was found, each value cut to what a spreadsheet cell holds."""


class Table(ABC):
    """A file as rows; each iteration reads it again from the start, and closes it."""

    columns: tuple[str, ...]
    total: int | None = None
    """Rows of data if the file says so, blank ones counted; else None."""
    progress: float | None = 0.0
    """Share of the file that the running iteration has read, 0 to 1."""

    @abstractmethod
    def __iter__(self) -> Iterator[Row | BadRow]: ...


def excerpt(value: Value) -> Value:
    """The value, cut to what a spreadsheet cell can hold."""
    if isinstance(value, str) and len(value) > _EXCERPT:
        return value[:_EXCERPT] + "(以下略)"
    return value


def unescaped(text: str) -> str:
    """The text with `_x000D_` and its like as the white space they stand for.

    A workbook stores a carriage return so (ECMA-376 part 1, 22.4.2.4), and programs that make csv or JSON of one leave
    it so.
    """
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else "_", text)


def is_blank(cells: Sequence[Value]) -> bool:
    """Whether no cell holds anything."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def find_header(
    records: Iterable[tuple[int, Sequence[Value]]],
) -> tuple[int, tuple[str, ...]] | None:
    """Row number and columns of the header: the first row of two cells or more, as a title may stand above it."""
    seen = list(
        islice(
            ((number, cells) for number, cells in records if not is_blank(cells)),
            _HEADER_WITHIN,
        )
    )
    if not seen:
        return None
    number, cells = next(
        ((number, cells) for number, cells in seen if sum(not is_blank([cell]) for cell in cells) > 1),
        seen[0],
    )
    return number, _unique(cells)


def _unique(cells: Sequence[Value]) -> tuple[str, ...]:
    names = [clean_line(str(cell)) if cell is not None else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    columns: list[str] = []
    for position, name in enumerate(names, 1):
        place = f"第{position}列"
        columns.append(place if not name else f"{name}({place})" if name in columns else name)
    return tuple(columns)


def fit(number: int, columns: tuple[str, ...], cells: Sequence[Value], *, ragged: bool) -> Row | BadRow:
    """Cells under their columns; `ragged` allows fewer or more of them, as spreadsheets leave empty cells out."""
    if len(cells) > len(columns) and is_blank(cells[len(columns) :]):
        cells = cells[: len(columns)]
    values: dict[str, Value] = dict.fromkeys(columns)
    values.update(zip(columns, cells, strict=False))
    values.update((f"第{position}列", cell) for position, cell in enumerate(cells[len(columns) :], len(columns) + 1))
    if len(cells) != len(columns) and not ragged:
        return _bad(number, f"这一行有 {len(cells)} 列, 表头有 {len(columns)} 列", values)
    return checked(number, values)


def checked(number: int, values: Mapping[str, Value]) -> Row | BadRow:
    """A row whose cells are of bearable length and readable characters, or the reason why not."""
    for column, value in values.items():
        if not isinstance(value, str):
            continue
        if len(value) > FIELD_LIMIT:
            return _bad(
                number,
                f"{column} 有 {len(value)} 个字, 超过 {FIELD_LIMIT} 个字的上限",
                values,
            )
        if "\0" in value:
            return _bad(number, f"{column} 中有空字符(NUL), 文件可能已损坏", values)
        if value == UNCALCULATED:
            return _bad(number, f"{column} 是公式, 文件中没有它的结果, 请在表格程序中打开并保存后再导入", values)
        if _UNREADABLE.search(value):
            return _bad(number, f"{column} 中有无法识别的字, 文件编码可能混杂或已损坏, 请改正后再导入", values)
    return Row(number, values)


def _bad(number: int, reason: str, values: Mapping[str, Value]) -> BadRow:
    return BadRow(number, reason, {column: excerpt(value) for column, value in values.items()})
