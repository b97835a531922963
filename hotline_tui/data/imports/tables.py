"""Opening a table file, whatever it is called: the content decides."""

from __future__ import annotations

import os
from pathlib import Path

from hotline_tui.data.imports.csvfile import CsvTable
from hotline_tui.data.imports.encoding import MARK, encoding_of, is_big5
from hotline_tui.data.imports.jsonlfile import JsonlTable
from hotline_tui.data.imports.rows import BadRow, Row, Table, Value
from hotline_tui.data.imports.xlsxfile import XlsxTable
from hotline_tui.errors import UsageError, reason
from hotline_tui.rules.text import clean_line

__all__ = ["BadRow", "Row", "Table", "Value", "open_table"]

_SAVE_AS = "请用 Excel 或 WPS 打开并另存为 .xlsx 或 .csv 后再导入"
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", f"这是旧版 .xls 文件或加了密码的表格, {_SAVE_AS}"),
    (b"%PDF", f"这是 PDF 文件, 不是表格, {_SAVE_AS}"),
    (b"\x89PNG", "这是图片, 不是表格, 请选择 .xlsx、.csv 或 .jsonl 文件"),
    (b"\xff\xd8\xff", "这是图片, 不是表格, 请选择 .xlsx、.csv 或 .jsonl 文件"),
    (b"GIF8", "这是图片, 不是表格, 请选择 .xlsx、.csv 或 .jsonl 文件"),
    (b"\x1f\x8b", "这是压缩文件, 请先解压再导入"),
    (b"Rar!", "这是压缩文件, 请先解压再导入"),
    (b"7z\xbc\xaf", "这是压缩文件, 请先解压再导入"),
    (b"SQLite format 3", "这是数据库文件, 不是表格, 请选择 .xlsx、.csv 或 .jsonl 文件"),
)
_JSON_SUFFIXES = {".jsonl", ".ndjson", ".json"}


def open_table(path: Path | str) -> Table:
    """The table in the file, header already read; UsageError with one sentence if there is none."""
    path = Path(path)
    shown = clean_line(str(path))
    if not path.exists():
        raise UsageError(f"找不到文件: {shown}, 请检查路径和文件名")
    if path.is_dir():
        raise UsageError(f"这是文件夹, 不是文件: {shown}, 请给出其中一个文件")
    if not path.is_file() or not os.access(path, os.R_OK):
        raise UsageError(f"文件读不了: {shown}, 请检查是否有读取权限")
    try:
        return _open(path, shown)
    except OSError as error:
        raise UsageError(f"文件读不了: {shown}({reason(error)}), 请检查文件是否可以打开") from error


def _open(path: Path, shown: str) -> Table:
    with path.open("rb") as file:
        head = file.read(512)
    if not head.strip():
        raise UsageError(f"文件是空的: {shown}, 请检查是否选错了文件")
    if head.startswith(b"PK"):
        return XlsxTable(path)
    for mark, sentence in _FOREIGN:
        if head.startswith(mark):
            raise UsageError(f"{shown}:{sentence}")
    encoding = encoding_of(path)
    if encoding in (None, "gb18030") and is_big5(path):
        raise UsageError(f"{shown}: 这像是 Big5 编码的文本, 请另存为 UTF-8 后再导入")
    if encoding is None:
        raise UsageError(f"{shown}: 这不是表格文件, 请选择 .xlsx、.csv 或 .jsonl 文件")
    return _open_text(path, shown, encoding)


def _open_text(path: Path, shown: str, encoding: str) -> Table:
    with path.open("r", encoding=encoding, errors=MARK) as file:
        start = file.read(512).lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<"):
        raise UsageError(f"{shown}: 这是网页或 XML 文件, 不是表格, {_SAVE_AS}")
    if start.startswith("["):
        raise UsageError(f"{shown}: 这是 JSON 数组, 请改成每行一个对象的 .jsonl 后再导入")
    if start.startswith("{") or path.suffix.lower() in _JSON_SUFFIXES:
        return JsonlTable(path, encoding)
    return CsvTable(path, encoding)
