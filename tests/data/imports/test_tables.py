"""A file is read by what it holds, row by row; what cannot be read is said, row by row."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from hotline_tui.data.imports.rows import RAW, BadRow, Row, Table
from hotline_tui.data.imports.tables import open_table
from hotline_tui.errors import UsageError

TEXT = "编号,内容\n1,路灯不亮\n2,井盖丢了\n"


def written(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def good(table: Table) -> list[tuple[int, list[object]]]:
    return [(row.number, list(row.values.values())) for row in table if isinstance(row, Row)]


def bad(table: Table) -> list[BadRow]:
    return [row for row in table if isinstance(row, BadRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["来信.csv", "来信.txt", "来信.xlsx"])
def test_text_is_read_in_each_encoding_and_with_each_delimiter(
    tmp_path: Path, encoding: str, delimiter: str, name: str
) -> None:
    table = open_table(written(tmp_path / name, TEXT.replace(",", delimiter), encoding))
    assert table.columns == ("编号", "内容")
    assert good(table) == [(2, ["1", "路灯不亮"]), (3, ["2", "井盖丢了"])]
    assert good(table) == good(table)
    assert table.progress == 1.0


def test_quoted_line_ends_tabs_and_delimiters_belong_to_the_cell(tmp_path: Path) -> None:
    table = open_table(written(tmp_path / "a.csv", '编号,内容\n1,"一,\n\t二""三"""\n\n2,四\n'))
    assert good(table) == [(2, ["1", '一,\n\t二"三"']), (4, ["2", "四"])]


def test_a_title_above_the_header_is_passed_over_and_numbers_stay_those_of_the_margin(tmp_path: Path) -> None:
    table = open_table(written(tmp_path / "a.csv", "九月来信汇总,\n\n编号,内容\n1,路灯\n"))
    assert table.columns == ("编号", "内容")
    assert good(table) == [(4, ["1", "路灯"])]


def test_columns_without_a_name_or_with_the_same_name_are_told_apart(tmp_path: Path) -> None:
    table = open_table(written(tmp_path / "a.csv", "编号,,备注,备注,\n1,2,3,4,\n"))
    assert table.columns == ("编号", "第2列", "备注", "备注(第4列)")
    assert good(table) == [(2, ["1", "2", "3", "4"])]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("3", "这一行有 1 列, 表头有 2 列"),
        ("3,一,二", "这一行有 3 列, 表头有 2 列"),
        ("3,路\0灯", "内容 中有空字符"),
        ("3," + "长" * 100_001, "超过 100000 个字的上限"),
        ("3,路\ufffd灯", "内容 中有无法识别的字"),
        ("3," + "长" * 1_100_000, "一行超过 1000000 个字"),
        ('3,"' + "长\n" * 60_000 + '"', "超过 100000 个字的上限"),
    ],
    ids=["short", "long", "nul", "cell", "mark", "line", "paragraphs"],
)
def test_one_bad_row_is_rejected_with_its_reason_and_the_rows_around_it_are_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    table = open_table(written(tmp_path / "a.csv", f"{TEXT}{line}\n4,围墙倒了\n"))
    assert [(row.number, reason in row.reason) for row in bad(table)] == [(4, True)]
    assert good(table) == [(2, ["1", "路灯不亮"]), (3, ["2", "井盖丢了"]), (5, ["4", "围墙倒了"])]
    assert all(len(str(value)) < 33_000 for row in bad(table) for value in row.raw.values())


@pytest.mark.parametrize("following", [3, 150_000])
def test_a_quote_never_closed_costs_one_row_and_not_the_rest_of_the_file(tmp_path: Path, following: int) -> None:
    rest = "".join(f"{n},乙\n" for n in range(following))
    table = open_table(written(tmp_path / "a.csv", f'编号,内容\n1,甲\n2,"没有收尾\n{rest}'))
    rows = list(table)
    rejected = [row for row in rows if isinstance(row, BadRow)]
    assert [(row.number, row.raw) for row in rejected] == [(3, {RAW: '2,"没有收尾\n'})]
    assert "引号没有成对" in rejected[0].reason
    assert len(rows) == 2 + following


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bytes_of_no_encoding_reject_their_row_only(tmp_path: Path, encoding: str) -> None:
    lines = [f"{n},第{n}封来信反映路灯不亮".encode(encoding) for n in range(1, 60)]
    lines[9] += b"\xff,"
    table = open_table(written(tmp_path / "a.csv", "编号,内容\n".encode(encoding) + b"\n".join(lines)))
    assert len(good(table)) == 58
    assert [row.number for row in bad(table)] == [11]


def test_text_that_no_encoding_holds_rejects_its_row_in_json_too(tmp_path: Path) -> None:
    table = open_table(written(tmp_path / "a.jsonl", '{"编号": 1, "内容": "甲"}\n{"编号": 2, "内容": "\\ud800"}\n'))
    assert len(good(table)) == 1
    assert [row.number for row in bad(table)] == [2]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_does_not_say_so_is_read(tmp_path: Path, encoding: str) -> None:
    assert good(open_table(written(tmp_path / "a.csv", TEXT, encoding))) == [
        (2, ["1", "路灯不亮"]),
        (3, ["2", "井盖丢了"]),
    ]


def test_big5_is_not_read_as_other_characters_and_what_to_do_is_said(tmp_path: Path) -> None:
    text = "編號,內容\n1,路燈不亮,請儘快派人修理\n2,社區的垃圾沒有人清理\n"
    with pytest.raises(UsageError, match=r"Big5.*请另存为 UTF-8"):
        open_table(written(tmp_path / "a.csv", text, "big5"))
    assert open_table(written(tmp_path / "b.csv", text, "gb18030")).columns == ("編號", "內容")


def test_a_formula_without_its_result_rejects_the_row_and_asks_to_save_it_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["编号", "内容"], [1, "甲"], [2, '="乙"&A3'], [None, "=A2"], [4, "丁"]])
    table = open_table(path)
    assert good(table) == [(2, ["1", "甲"]), (5, ["4", "丁"])]
    assert [row.number for row in bad(table)] == [3, 4]
    assert "请在表格程序中打开并保存后再导入" in bad(table)[0].reason


def test_a_formula_with_its_result_is_that_result_also_an_empty_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["编号", "内容"], ["=1+1", '="乙"'], [3, '=""']])
    saved = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(saved, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for cell, kind, result in ((b"A2", b"n", b"2"), (b"B2", b"str", "乙".encode()), (b"B3", b"str", b"")):
                    start, rest = text.split(b'<c r="' + cell + b'"')
                    head = start + b'<c r="' + cell + b'" t="' + kind + b'"'
                    text = head + re.sub(rb"<v ?/>|<v></v>", b"<v>" + result + b"</v>", rest, count=1)
            after.writestr(name, text)
    assert good(open_table(saved)) == [(2, ["2", "乙"]), (3, ["3", None])]


def test_a_file_cut_in_the_middle_of_a_character_loses_that_row_with_a_reason(tmp_path: Path) -> None:
    table = open_table(written(tmp_path / "a.csv", (TEXT + "3,围墙").encode()[:-1]))
    assert len(good(table)) == 2
    assert [row.number for row in bad(table)] == [4]


def test_a_workbook_gives_text_and_times_from_its_first_sheet_that_holds_anything(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["编号", "时间", "数", "内容"],
        [7, datetime(2019, 2, 28, 11, 25, 5), 1.5, "甲"],  # noqa: DTZ001 - cells know no zone
        [None, None, None, None],
        [8.0, date(2019, 3, 1), True, None],
    ]
    table = open_table(workbook(tmp_path / "a.xlsx", [], rows, [["别的", "表"]]))
    assert table.total == 3
    assert good(table) == [
        (2, ["7", datetime(2019, 2, 28, 11, 25, 5), "1.5", "甲"]),  # noqa: DTZ001
        (4, ["8", datetime(2019, 3, 1), "True", None]),  # noqa: DTZ001
    ]


def test_a_workbook_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["编号", "内容"], [1, "甲"]]).rename(tmp_path / "a.csv")
    assert good(open_table(path)) == [(2, ["1", "甲"])]


def test_lines_of_json_are_rows_and_a_line_that_is_none_is_rejected(tmp_path: Path) -> None:
    objects = [{"编号": 1, "内容": "甲\n乙"}, {"编号": 2.0, "标签": ["路", "灯"], "内容": None}]
    lines = [json.dumps(each, ensure_ascii=False) for each in objects]
    table = open_table(written(tmp_path / "a.jsonl", "\n".join([lines[0], "", "{坏的", "[1]", lines[1]])))
    assert table.columns == ("编号", "内容", "标签")
    assert [(row.number, row.values) for row in table if isinstance(row, Row)] == [
        (1, {"编号": "1", "内容": "甲\n乙"}),
        (5, {"编号": "2", "标签": '["路", "灯"]', "内容": None}),
    ]
    assert [(row.number, row.reason) for row in bad(table)] == [(3, "这一行不是 JSON"), (4, "这一行不是 JSON 对象")]


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("图.xlsx", PNG, "这是图片"),
        ("图.csv", b"\xff\xd8\xff\xe0" + PNG, "这是图片"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "另存为 .xlsx"),
        ("公文.csv", b"%PDF-1.7 ...", "PDF"),
        ("页.xls", b"<html><table></table></html>", "网页"),
        ("程序.csv", bytes(range(256)) * 64, "不是表格文件"),
        ("零.csv", b"\0" * 4096, "不是表格文件"),
        ("数组.json", b'[{"a": 1}]', "JSON 数组"),
        ("空.csv", b"", "文件是空的"),
        ("白.csv", b" \n\n\t\n", "文件是空的"),
        ("逗号.csv", b",,,\n,,,\n", "没有任何内容"),
        ("坏.jsonl", "甲\n乙\n".encode(), "没有一行是 JSON 对象"),
        ("断.xlsx", b"PK\x03\x04" + b"\x14\0" * 40, "不完整或已损坏"),
    ],
)
def test_a_file_that_is_no_table_is_answered_with_one_sentence_that_says_what_to_do(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        open_table(written(tmp_path / name, content))
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)
    assert "请" in str(caught.value)


def test_a_path_without_a_file_and_a_directory_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="找不到文件"):
        open_table(tmp_path / "没有.csv")
    with pytest.raises(UsageError, match="这是文件夹"):
        open_table(tmp_path)


def test_a_workbook_cut_short_or_damaged_inside_is_refused_before_a_row_is_taken(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", [["编号", "内容"], *([n, f"内容{n}"] for n in range(500))]).read_bytes()
    with pytest.raises(UsageError, match="不完整或已损坏"):
        open_table(written(tmp_path / "短.xlsx", whole[: len(whole) // 2]))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    middle = sheet.header_offset + 60 + sheet.compress_size // 2
    damaged = whole[:middle] + bytes(byte ^ 0xFF for byte in whole[middle : middle + 8]) + whole[middle + 8 :]
    with pytest.raises(UsageError, match="不完整或已损坏"):
        open_table(written(tmp_path / "伤.xlsx", damaged))


def test_a_zip_that_is_no_workbook_and_a_workbook_without_rows_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "包.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(UsageError, match="这不是 xlsx 表格"):
        open_table(tmp_path / "包.xlsx")
    with pytest.raises(UsageError, match="没有任何内容"):
        open_table(workbook(tmp_path / "空.xlsx", []))
    with zipfile.ZipFile(tmp_path / "假.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(UsageError, match="不完整或已损坏"):
        open_table(tmp_path / "假.xlsx")


def test_what_a_workbook_escapes_is_the_character_it_stands_for(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["编号", "内容"],
        [1, "路灯_x000D_\n不亮_x0009_了"],
        [2, "_x005F_x000D_"],
        [3, "a_x00e9_"],
    ]
    from_workbook = good(open_table(workbook(tmp_path / "a.xlsx", rows)))
    assert from_workbook == [(2, ["1", "路灯\r\n不亮\t了"]), (3, ["2", "_x000D_"]), (4, ["3", "a\u00e9"])]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_line_end_escaped_by_a_workbook_is_one_in_what_was_exported_from_it(tmp_path: Path, suffix: str) -> None:
    cells = ["路灯_x000D_\n不亮_x0009_了", "_x005F_x000D_", "型号 a_x00e9_b", "_x000d_"]
    lines = {
        "csv": ["编号,内容", *(f'{n},"{cell}"' for n, cell in enumerate(cells))],
        "jsonl": [json.dumps({"编号": n, "内容": cell}) for n, cell in enumerate(cells)],
    }
    table = open_table(written(tmp_path / f"a.{suffix}", "\n".join(lines[suffix])))
    assert [values[1] for _, values in good(table)] == ["路灯\r\n不亮\t了", "_x000D_", "型号 a_x00e9_b", "\r"]
