"""One JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from hotline_tui.data.imports.encoding import MARK
from hotline_tui.data.imports.rows import (
    RAW,
    BadRow,
    Row,
    Table,
    Value,
    checked,
    excerpt,
    unescaped,
)
from hotline_tui.errors import UsageError

_LINE_LIMIT = 1_000_000
_COLUMNS_WITHIN = 100


class JsonlTable(Table):
    """Each line an object; the columns are the keys of the first hundred objects, in order of appearance."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path = path
        self._encoding = encoding
        self._size = max(path.stat().st_size, 1)
        first = [row for row in islice(self._rows(), _COLUMNS_WITHIN) if isinstance(row, Row)]
        self.columns = tuple(dict.fromkeys(key for row in first for key in row.values))
        if not self.columns:
            raise UsageError(f"文件里没有一行是 JSON 对象: {path}, 请改成每行一个对象的 jsonl, 或另存为 csv")

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Each line that is not blank, once."""
        yield from self._rows()
        self.progress = 1.0

    def _rows(self) -> Iterator[Row | BadRow]:
        with self._path.open("r", encoding=self._encoding, errors=MARK) as file:
            number = 0
            while line := file.readline(_LINE_LIMIT):
                number += 1
                self.progress = min(cast("BinaryIO", file.buffer).tell() / self._size, 1.0)
                if len(line) >= _LINE_LIMIT:
                    rest = line
                    while rest and not rest.endswith("\n"):
                        rest = file.readline(_LINE_LIMIT)
                    yield BadRow(number, f"一行超过 {_LINE_LIMIT} 个字", {RAW: excerpt(line)})
                elif line.strip():
                    yield _parsed(number, line)


def _parsed(number: int, line: str) -> Row | BadRow:
    try:
        found: object = json.loads(line)
    except (ValueError, RecursionError):
        return BadRow(number, "这一行不是 JSON", {RAW: excerpt(line.rstrip("\n"))})
    if not isinstance(found, dict):
        return BadRow(number, "这一行不是 JSON 对象", {RAW: excerpt(line.rstrip("\n"))})
    return checked(
        number,
        {key: _text(value) for key, value in cast("dict[str, object]", found).items()},
    )


def _text(value: object) -> Value:
    if value is None:
        return None
    if isinstance(value, str):
        return unescaped(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)
