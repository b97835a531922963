"""Excel workbooks: the first visible sheet that holds anything, row by row."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from hotline_tui.data.imports.rows import (
    UNCALCULATED,
    BadRow,
    Row,
    Table,
    Value,
    find_header,
    fit,
    is_blank,
)
from hotline_tui.errors import UsageError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_UNPACKED_LIMIT = 1_000_000_000
_LOOK_FOR_CONTENT = 1_000
_BROKEN = (
    BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
)


class XlsxTable(Table):
    """Cells are text, or datetime where the workbook formats them as a date; a whole number has no point."""

    progress = None

    def __init__(self, path: Path) -> None:
        _check_archive(path)
        self._path = path
        with _opened(path) as book:
            for sheet in _visible(book):
                rows = sheet.max_row
                header = find_header(islice(_numbered(path, sheet), _LOOK_FOR_CONTENT))
                if header is None:
                    continue
                self._header, self.columns = header
                self._sheet = sheet.title
                self.total = rows - self._header if rows and rows > self._header else None
                return
        raise UsageError(f"表格里没有任何内容: {path}, 请检查是否选错了文件")

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Each row that is not blank, once."""
        with _opened(self._path) as book:
            sheet = next(sheet for sheet in _visible(book) if sheet.title == self._sheet)
            for number, cells in _numbered(self._path, sheet):
                if number <= self._header or is_blank(cells):
                    continue
                if self.total is not None:
                    self.progress = min((number - self._header) / self.total, 1.0)
                yield fit(number, self.columns, cells, ragged=True)
        self.progress = 1.0


def _check_archive(path: Path) -> None:
    """Refuse what is cut short, damaged or not a workbook before a single row is taken from it."""
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise UsageError(f"这不是 xlsx 表格: {path}, 请用 Excel 或 WPS 另存为 .xlsx 或 .csv 后再导入")
            if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED_LIMIT:
                raise UsageError(f"表格展开后过大: {path}, 请另存为 .csv 或拆成几个文件后再导入")
            if archive.testzip() is not None:
                raise BadZipFile
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> UsageError:
    return UsageError(f"表格文件不完整或已损坏: {path}, 请重新下载或复制一份后再导入")


@contextmanager
def _opened(path: Path) -> Generator[Workbook]:
    from openpyxl import load_workbook

    # openpyxl warns of drop-down lists and styles it does not know; neither concerns the data
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    # given an open file, as of a path openpyxl judges the suffix
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
        except _BROKEN as error:
            raise _damaged(path) from error
        with closing(book):
            yield book


def _visible(book: Workbook) -> list[ReadOnlyWorksheet]:
    return [cast("ReadOnlyWorksheet", sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _numbered(path: Path, sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, Sequence[Value]]]:
    from openpyxl.utils.escape import unescape

    try:
        for number, cells in _rows(sheet):
            yield number, [unescape(cell) if isinstance(cell, str) else _value(cell) for cell in cells]
    except _BROKEN as error:
        raise _damaged(path) from error


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, list[object]]]:
    """Rows as they are written, not cropped to the written dimensions, which some programs write wrong.

    openpyxl gives either results or formulas; only beside the formula is a result that is missing no empty cell.
    """
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class Parser(WorkSheetParser):
        def parse_cell(self, element: Element) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)  # pyright: ignore[reportUnknownMemberType] - untyped
            # a formula whose result is an empty text says that it is text
            if cell["value"] is None and element.get("t") != "str" and element.find(FORMULA_TAG) is not None:
                cell["value"] = UNCALCULATED
            return cell

    given: Any = sheet
    # openpyxl has no public way to a row's cells before they lose their formulas
    source, strings = given._get_source(), given._shared_strings  # noqa: SLF001
    dates, spans = given.parent._date_formats, given.parent._timedelta_formats  # noqa: SLF001
    with source:
        parser = Parser(source, strings, True, given.parent.epoch, dates, spans)
        last = 0
        for number, cells in parser.parse():
            if number <= last:
                continue
            last = number
            found: list[object] = [None] * max((cell["column"] for cell in cells), default=0)
            for cell in cells:
                found[cell["column"] - 1] = cell["value"]
            yield number, found


def _value(cell: object) -> Value:
    if cell is None:
        return None
    if isinstance(cell, datetime):
        # a serial number holds a second only to within some milliseconds
        return (cell + timedelta(milliseconds=500)).replace(microsecond=0)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
