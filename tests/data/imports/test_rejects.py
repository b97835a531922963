"""Every row that was not taken is written down with the reason, in a file that a spreadsheet opens safely."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from hotline_tui.data.imports.rejects import Rejects
from hotline_tui.data.imports.rows import RAW, BadRow, Row
from hotline_tui.data.imports.tables import open_table
from hotline_tui.errors import StorageError

COLUMNS = ("编号", "内容")


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_there_is_no_file_as_long_as_every_row_is_taken(tmp_path: Path) -> None:
    with Rejects("来信.xlsx", COLUMNS, tmp_path) as rejects:
        pass
    assert rejects.path is None
    assert not list(tmp_path.glob("*.csv"))


def test_number_reason_and_columns_are_kept_and_no_file_is_written_over(tmp_path: Path) -> None:
    for n in (1, 2):
        with Rejects(tmp_path / "来信.xlsx", COLUMNS, tmp_path) as rejects:
            rejects.reject(7, "内容是空的", {"编号": "7", "内容": None, "第3列": "多余"})
            rejects.add(BadRow(9, "引号没有成对", {RAW: '9,"甲\n'}))
        assert rejects.path == tmp_path / f"来信-rejects-{n}.csv"
        assert rejects.count == 2
    assert rejects.path is not None
    assert rejects.path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows_of(rejects.path) == [
        ["原文件行号", "未导入原因", "编号", "内容", "原文"],
        ["7", "内容是空的", "7", "", "第3列:多余"],
        ["9", "引号没有成对", "", "", '9,"甲\n'],
    ]
    assert len(list(tmp_path.glob("*rejects*"))) == 2


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\uff1d1+1", "\r=1"])
def test_no_cell_is_run_as_a_formula_by_the_program_that_opens_it(tmp_path: Path, cell: str) -> None:
    with Rejects("a.csv", (cell, "内容"), tmp_path) as rejects:
        rejects.reject(2, "坏", {cell: cell, "内容": cell})
    assert rejects.path is not None
    header, row = rows_of(rejects.path)
    assert header[2] == row[2] == row[3] == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+8613900002211", "路灯=坏了", "a-b"])
def test_numbers_and_plain_text_are_left_as_they_are(tmp_path: Path, cell: str) -> None:
    with Rejects("a.csv", COLUMNS, tmp_path) as rejects:
        rejects.reject(2, "坏", {"编号": cell})
    assert rejects.path is not None
    assert rows_of(rejects.path)[1][2] == cell


def test_a_corrected_file_can_be_read_again_and_rejected_again(tmp_path: Path) -> None:
    with Rejects("a.csv", COLUMNS, tmp_path) as first:
        first.reject(2, "坏", {"编号": "1", "内容": "甲"})
    assert first.path is not None
    table = open_table(first.path)
    with Rejects(first.path, table.columns, tmp_path) as second:
        for row in table:
            assert isinstance(row, Row)
            second.reject(row.number, "仍坏", row.values)
    assert second.path is not None
    assert rows_of(second.path)[0] == ["原文件行号", "未导入原因", *COLUMNS, "原文"]
    assert rows_of(second.path)[1][:4] == ["2", "仍坏", "1", "甲"]


def test_what_was_rejected_before_an_error_is_kept(tmp_path: Path) -> None:
    rejects = Rejects("a.csv", COLUMNS, tmp_path)
    with pytest.raises(KeyboardInterrupt), rejects:  # noqa: PT012
        rejects.reject(2, "坏", {"编号": "1"})
        raise KeyboardInterrupt
    assert rejects.path is not None
    assert len(rows_of(rejects.path)) == 2


def test_what_could_not_be_read_is_marked_and_is_refused_again(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + "编号,内容\n1,甲\n2,".encode() + b"\xff\xfe\n")
    first = open_table(tmp_path / "a.csv")
    with Rejects("a.csv", COLUMNS, tmp_path) as rejects:
        for row in first:
            if isinstance(row, BadRow):
                rejects.add(row)
    assert rejects.path is not None
    assert rows_of(rejects.path)[1][3] == "\ufffd\ufffd"
    assert [type(row) for row in open_table(rejects.path)] == [BadRow]


def test_a_directory_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="写不进文件夹"), Rejects("a.csv", COLUMNS, tmp_path / "没有") as rejects:
        rejects.reject(2, "坏", {})


FILL = """
import resource, sys
from hotline_tui.data.imports.rejects import Rejects
from hotline_tui.errors import StorageError

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    with Rejects("a.csv", ("编号", "内容"), sys.argv[1]) as rejects:
        for number in range(int(sys.argv[3])):
            rejects.reject(number, "坏", {"内容": "路灯" * 100})
        if sys.argv[4:]:
            raise KeyboardInterrupt
except (StorageError, KeyboardInterrupt) as error:
    print(repr(error))
"""


def fill(folder: Path, limit: int, rows: int, *more: str) -> str:
    """What is said where no file grows beyond `limit` bytes; nothing is left of the one that did not fit."""
    command = [sys.executable, "-c", FILL, str(folder), str(limit), str(rows), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [path for path in folder.iterdir() if path.is_file()] == []
    return done.stdout


@pytest.mark.parametrize(("limit", "rows"), [(100, 3), (100_000, 2_000)], ids=["at the end", "on the way"])
def test_a_full_disk_is_a_sentence_and_leaves_no_half_file(tmp_path: Path, limit: int, rows: int) -> None:
    said = fill(tmp_path, limit, rows)
    assert f"StorageError('未导入的行写不进文件夹: {tmp_path}(文件过大), 请检查磁盘空间" in said


def test_a_full_disk_does_not_hide_what_happened_before_it(tmp_path: Path) -> None:
    assert fill(tmp_path, 100, 3, "interrupted") == "KeyboardInterrupt()\n"
