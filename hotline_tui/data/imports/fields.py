"""Cells as fields: cleaned, of limited length, each complaint a sentence for the rejects file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TypeVar

from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.rows import BadRow, Row, Value, excerpt
from hotline_tui.data.imports.times import parse_day, parse_time
from hotline_tui.rules.text import clean, clean_line

_T = TypeVar("_T")
_GAPS = re.compile(r"\n{3,}")
_NO_WORD = re.compile(r"\W+")
_SEPARATORS = re.compile(r"[;\uff1b|\n]+")


class Fields:
    """The fields of one row; each method raises ValueError with the reason in Chinese."""

    def __init__(self, row: Row, mapping: Mapping[str, str], wanted: tuple[Column, ...]) -> None:
        self._values = row.values
        self._mapping = mapping
        self._labels = {column.field: column.label for column in wanted}

    @property
    def absent(self) -> frozenset[str]:
        """The fields of which the row has no cell: it says nothing of them; an empty cell says they are empty."""
        return frozenset(field for field in self._labels if self._mapping.get(field) not in self._values)

    def value(self, field: str) -> Value:
        """What the cell holds, or None where the file has no such column."""
        column = self._mapping.get(field)
        return None if column is None else self._values.get(column)

    def line(self, field: str, limit: int, *, required: bool = False) -> str:
        """One line of at most `limit` characters."""
        return (
            self._bounded(field, clean_line(self._text(field)), limit, required) if self._has(field, required) else ""
        )

    def body(self, field: str, limit: int, *, required: bool = False) -> str:
        """Paragraphs of at most `limit` characters, without the indentation and blank lines that web pages leave."""
        if not self._has(field, required):
            return ""
        lines = (line.strip(" \t\xa0") for line in clean(self._text(field)).split("\n"))
        text = _GAPS.sub("\n\n", "\n".join(lines)).strip()
        return self._bounded(field, text, limit, required)

    def whole(self, field: str, limit: int, *, required: bool = False) -> str:
        """As a service would store it, of at most `limit` characters, and an apostrophe: indentation and blank lines
        stay."""
        if not self._has(field, required):
            return ""
        return self._bounded(field, clean(self._text(field)).strip(), limit + 1, required)

    def _has(self, field: str, required: bool) -> bool:
        return required or bool(self.value(field))

    def several(self, field: str, limit: int) -> tuple[str, ...]:
        """Lines separated by semicolon, vertical bar or line end, each of at most `limit` characters, each once."""
        parts = (clean_line(part) for part in _SEPARATORS.split(clean(self._text(field))))
        return tuple(dict.fromkeys(self._bounded(field, part, limit, required=False) for part in parts if part))

    def words(self, field: str, limit: int) -> tuple[str, ...]:
        """Words separated by anything that is none, each of at most `limit` characters, each once."""
        parts = _NO_WORD.split(clean(self._text(field)))
        return tuple(dict.fromkeys(self._bounded(field, part, limit, required=False) for part in parts if part))

    def moment(self, field: str, now: datetime) -> datetime | None:
        """A time in UTC, or None where the cell is empty."""
        value = self.value(field)
        if value is None or (isinstance(value, str) and not clean_line(value)):
            return None
        return self._read(field, lambda: parse_time(value if isinstance(value, datetime) else clean_line(value), now))

    def day(self, field: str) -> date | None:
        """A day in Asia/Shanghai, or None where the cell is empty."""
        value = self.value(field)
        if value is None or (isinstance(value, str) and not clean_line(value)):
            return None
        return self._read(field, lambda: parse_day(value if isinstance(value, datetime) else clean_line(value)))

    def _text(self, field: str) -> str:
        value = self.value(field)
        if isinstance(value, datetime):
            return value.isoformat(sep=" ")
        return value or ""

    def _bounded(self, field: str, text: str, limit: int, required: bool) -> str:
        if required and not text:
            raise ValueError(f"{self._labels[field]}是空的")
        if len(text) > limit:
            raise ValueError(f"{self._labels[field]}有 {len(text)} 个字, 超过 {limit} 个字的上限")
        return text

    def _read(self, field: str, read: Callable[[], _T]) -> _T:
        try:
            return read()
        except ValueError as error:
            raise ValueError(f"{self._labels[field]}: {error}") from error


def shaped(
    rows: Iterable[Row | BadRow],
    mapping: Mapping[str, str],
    wanted: tuple[Column, ...],
    shape: Callable[[Row, Fields], _T],
) -> Iterator[_T | BadRow]:
    """Each row as what `shape` makes of its fields; the sentence of its ValueError rejects the row."""
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            yield shape(row, Fields(row, mapping, wanted))
        except ValueError as error:
            yield BadRow(row.number, str(error), {column: excerpt(value) for column, value in row.values.items()})
