"""The file of rows that were not taken, for a person to open, correct and give again."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import IO, Any, Self

from hotline_tui.data.imports.columns import OURS
from hotline_tui.data.imports.rows import RAW, BadRow, Value
from hotline_tui.errors import StorageError, reason

_FORMULA = re.compile("\\s*[-=+@\t\r\uff1d\uff0b\uff0d\uff20]")
# an import refuses the mark, so that the row does not come in damaged when the file is given again
_NO_TEXT = re.compile("[\ud800-\udfff]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d ]*(\.\d+)?")


class Rejects:
    """Context manager: makes `<stem>-rejects-<n>.csv` at its end if a row was added, and never writes over a file.

    Rows added before an error are kept if they can be. StorageError when the directory cannot be written to or is full,
    unless another error is on its way.
    """

    def __init__(
        self,
        source: Path | str,
        columns: tuple[str, ...],
        directory: Path | str | None = None,
    ) -> None:
        self._stem = Path(source).stem
        self._columns = tuple(column for column in columns if column not in OURS)
        self._directory = Path(directory) if directory is not None else Path.cwd()
        self._file: IO[str] | None = None
        self._writer: Any = None
        self.count = 0
        self.path: Path | None = None
        """The finished file, after the end; None if every row was taken."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        if self._file is None:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self.path = self._claim()
            Path(self._file.name).replace(self.path)
        except OSError as problem:
            self._discard(self._file)
            if error is None:
                raise self._cannot(problem) from problem

    def _discard(self, file: IO[str]) -> None:
        with suppress(OSError):  # what is left in its buffer fails again
            file.close()
        for path in (Path(file.name), self.path):
            if path is not None:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        self._file = self.path = None

    def add(self, row: BadRow) -> None:
        """Write down the row and why it was not taken."""
        self.reject(row.number, row.reason, row.raw)

    def reject(self, number: int, why: str, raw: Mapping[str, Value]) -> None:
        """Write down a row by its number in the file, why and what it held."""
        known = [_cell(raw.get(column)) for column in self._columns]
        rest = " | ".join(
            f"{column}:{value}" if column != RAW else str(value)
            for column, value in raw.items()
            if column not in self._columns and value not in (None, "")
        )
        try:
            if self._file is None:
                self._open()
            self._writer.writerow([number, _cell(why), *known, _cell(rest)])
        except OSError as problem:
            if self._file is not None:
                self._discard(self._file)
            raise self._cannot(problem) from problem
        self.count += 1

    def _open(self) -> None:
        self._file = NamedTemporaryFile(  # noqa: SIM115 - closed in __exit__, which also names it
            "w",
            encoding="utf-8-sig",
            newline="",
            dir=self._directory,
            prefix=f".{self._stem}-",
            suffix=".tmp",
            delete=False,
        )
        self._writer = csv.writer(self._file)
        self._writer.writerow([*OURS[:2], *(_cell(column) for column in self._columns), RAW])

    def _claim(self) -> Path:
        for number in count(1):
            path = self._directory / f"{self._stem}-rejects-{number}.csv"
            try:
                path.touch(exist_ok=False)
            except FileExistsError:
                continue
            return path
        raise AssertionError

    def _cannot(self, problem: OSError) -> StorageError:
        return StorageError(
            f"未导入的行写不进文件夹: {self._directory}({reason(problem)}), 请检查磁盘空间和写入权限后重新导入"
        )


def _cell(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    text = _NO_TEXT.sub("\ufffd", (value or "").replace("\0", ""))
    # a cell that begins like a formula would be run by the spreadsheet that opens the file
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text
