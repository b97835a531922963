"""Delimited text, as spreadsheets export it and as people get it wrong."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from hotline_tui.data.imports.encoding import MARK
from hotline_tui.data.imports.rows import (
    RAW,
    BadRow,
    Row,
    Table,
    excerpt,
    find_header,
    fit,
    is_blank,
    unescaped,
)
from hotline_tui.errors import UsageError

_RECORD_LIMIT = 1_000_000
_DELIMITERS = (",", "\t", ";")
_SIGNS = ",;\t "


class _RecordTooLong(Exception):
    """More characters than any row has: a quote that is never closed, or no table at all."""


class _Lines(Iterator[str]):
    """Physical lines of bounded length; those of the record being read are kept, to be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._size = 0
        self.record: list[str] = []
        self.unfinished = False

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(_RECORD_LIMIT)
        if not line:
            self.unfinished = bool(self.record)
            raise StopIteration
        self.record.append(line)
        self._size += len(line)
        if self._size >= _RECORD_LIMIT:
            raise _RecordTooLong
        return line

    def start(self) -> None:
        """A new record begins."""
        self.record = []
        self._size = 0
        self.unfinished = False

    def give_up(self) -> str:
        """The first line of the record; the others are read again as records of their own."""
        first, *others = self.record
        if others:
            self._again.extendleft(reversed(others))
        else:
            line = first
            while line and not line.endswith(("\n", "\r")):
                line = self._file.readline(_RECORD_LIMIT)
        return first


class CsvTable(Table):
    """Rows separated by line ends, fields by comma, tab or semicolon; quoted fields may hold both."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path = path
        self._encoding = encoding
        self._size = max(path.stat().st_size, 1)
        candidates = [
            (header, delimiter)
            for delimiter in _DELIMITERS
            if (header := find_header(_well_formed(self._records(delimiter)))) is not None
            and any(name.strip(_SIGNS) for name in header[1])
        ]
        if not candidates:
            raise UsageError(f"文件里没有任何内容: {path}, 请检查是否选错了文件")
        (self._header, self.columns), self._delimiter = max(candidates, key=lambda found: len(found[0][1]))

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Each row that is not blank, once."""
        for number, cells in self._records(self._delimiter):
            if number <= self._header:
                continue
            if isinstance(cells, BadRow):
                yield cells
            elif not is_blank(cells):
                yield fit(number, self.columns, [unescaped(cell) for cell in cells], ragged=False)
        self.progress = 1.0

    def _records(self, delimiter: str) -> Iterator[tuple[int, list[str] | BadRow]]:
        if csv.field_size_limit() <= _RECORD_LIMIT:
            csv.field_size_limit(_RECORD_LIMIT + 1)
        with self._path.open("r", encoding=self._encoding, errors=MARK, newline="") as file:
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=delimiter)
            number = 0
            while True:
                number += 1
                lines.start()
                try:
                    cells: list[str] | BadRow = next(reader)
                except StopIteration:
                    return
                except _RecordTooLong:
                    alone = len(lines.record) == 1
                    reason = f"一行超过 {_RECORD_LIMIT} 个字" if alone else "引号没有成对, 这一行读不到结尾"
                    cells = BadRow(number, reason, {RAW: excerpt(lines.give_up())})
                except csv.Error as error:
                    cells = BadRow(
                        number,
                        f"这一行不合 csv 格式({error})",
                        {RAW: excerpt("".join(lines.record))},
                    )
                else:
                    if lines.unfinished:
                        cells = BadRow(
                            number,
                            "引号没有成对, 这一行读不到结尾",
                            {RAW: excerpt(lines.give_up())},
                        )
                self.progress = min(cast("BinaryIO", file.buffer).tell() / self._size, 1.0)
                yield number, cells


def _well_formed(
    records: Iterator[tuple[int, list[str] | BadRow]],
) -> Iterator[tuple[int, list[str]]]:
    return ((number, cells) for number, cells in records if not isinstance(cells, BadRow))
