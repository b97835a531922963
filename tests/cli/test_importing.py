"""`hotline import`: what is read is created, existing or rejected, and a failure loses nothing."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.conftest import Hotline

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "letters"
LETTERS = "编号,留言用户,主题,时间,内容,答复\n"


def letters(folder: Path, count: int = 3, more: str = "") -> str:
    path = folder / "letters.csv"
    rows = (
        f"{number},A{number},路灯,2026/11/1 8:30:00,第 {number} 号路灯坏了,已修好 {number}\n" for number in range(count)
    )
    path.write_text(LETTERS + "".join(rows) + more, encoding="utf-8")
    return str(path)


def test_letters_come_in_once_and_everything_holds(installed: Hotline, tmp_path: Path) -> None:
    file = letters(tmp_path, 3, "4,A4,路灯,昨天,坏了,\n")
    first = installed("import", "letters", file, "--json")
    assert (first.code, first.err) == (0, "")
    assert first.json == {
        "read": 4,
        "created": 3,
        "existing": 0,
        "rejected": 1,
        "rejects_file": str(tmp_path / "letters-rejects-1.csv"),
        "unused_columns": ["答复"],
        "dry_run": False,
    }
    with (tmp_path / "letters-rejects-1.csv").open(encoding="utf-8-sig") as rejects:
        assert [row["原文件行号"] for row in csv.DictReader(rejects)] == ["5"]
    again = installed("import", "letters", file, "--json").json
    assert (again["created"], again["existing"], again["rejected"]) == (0, 3, 1)
    rows = installed("order", "list", "--json").json
    assert {(row["state"], row["channel"]) for row in rows} == {("received", "mailbox")}
    report = installed("doctor", "--json").json
    assert report["sound"]
    assert any("待封存 0 条" in check["detail"] for check in report["checks"])


def test_a_dry_run_stores_nothing_and_says_so(installed: Hotline, tmp_path: Path) -> None:
    file = letters(tmp_path)
    assert "将新增 3" in installed("import", "letters", file, "--dry-run", "--as-knowledge").out
    assert installed("order", "list", "--json").json == []
    assert installed("kb", "search", "路灯", "--json").json == []


def test_replies_that_are_left_out_are_named(installed: Hotline, tmp_path: Path) -> None:
    told = installed("import", "letters", letters(tmp_path)).err
    assert told == "没有用到的列: 答复; 要用其中一列, 请加 --map 字段=列名; 答复要作为标准答案的, 请加 --as-knowledge\n"
    assert "没有用到的列" not in installed("import", "letters", letters(tmp_path), "--as-knowledge").err


def test_replies_become_standard_answers(installed: Hotline, tmp_path: Path) -> None:
    done = installed("import", "letters", letters(tmp_path), "--as-knowledge", "--json")
    assert done.json["answers"] == 3
    assert len(installed("kb", "search", "路灯", "--json").json) == 3


def test_letters_that_make_no_answer_are_counted_with_the_reason(installed: Hotline, tmp_path: Path) -> None:
    more = "3,A3,路灯,2026-11-01,又坏了,\n4,A4,,2026-11-01,又坏了,已办\n5,A5,路灯,2026-11-01,还坏了,已修好 0\n"
    file = letters(tmp_path, 3, more)
    counted = {"answers": 3, "answers_existing": 1, "letters_without_reply": 1, "letters_without_subject": 1}
    for flags in (("--dry-run",), ()):
        done = installed("import", "letters", file, "--as-knowledge", "--json", *flags).json
        assert {name: done[name] for name in counted} == counted
    told = installed("import", "letters", file, "--as-knowledge").out.splitlines()
    assert told == [
        "信件: 读入 6, 新增 0, 已有 6, 未导入 0",
        "标准答案: 新增 0, 与已有的相同 4, 来信没有答复 1, 来信没有主题 1",
    ]


def test_columns_that_nothing_was_taken_from_are_told_once(installed: Hotline, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("时间,内容,处理部门,备注\n2026-11-01,路灯,甲,乙\n", encoding="utf-8")
    done = installed("import", "letters", str(tmp_path / "x.csv"))
    assert (done.code, done.err) == (0, "没有用到的列: 处理部门、备注; 要用其中一列, 请加 --map 字段=列名\n")
    again = installed("import", "letters", str(tmp_path / "x.csv"), "--json")
    assert (again.err, again.json["unused_columns"]) == ("", ["处理部门", "备注"])


def test_two_columns_with_one_meaning_are_left_to_the_person(installed: Hotline, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("时间,内容,正文\n2026-11-01,路灯,路灯坏了\n", encoding="utf-8")
    done = installed("import", "letters", str(tmp_path / "x.csv"))
    assert (done.code, done.out) == (2, "")
    assert "内容、正文" in done.err
    assert '--map "detail=正文"' in done.err
    assert installed("import", "letters", str(tmp_path / "x.csv"), "--map", "detail=正文").code == 0


@pytest.mark.parametrize("name", ["head.csv", "head.xlsx"])
def test_a_file_with_a_header_and_no_row_is_no_error_and_said(installed: Hotline, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("xlsx"):
        book = Workbook()
        assert book.active is not None
        book.active.append(["时间", "内容"])
        book.save(path)
    else:
        path.write_text("时间,内容\n", encoding="utf-8")
    done = installed("import", "letters", str(path))
    assert (done.code, done.out) == (0, "信件: 读入 0, 新增 0, 已有 0, 未导入 0\n")
    assert done.err == f"表中只有表头, 没有一行数据: {path}\n"
    assert installed("import", "letters", str(path), "--json").json["read"] == 0


def test_a_disk_that_fills_up_under_the_rejects_file_is_said(installed: Hotline, tmp_path: Path) -> None:
    rows = "".join(f"{number},昨天,{'路灯' * 100}\n" for number in range(1_000))
    (tmp_path / "many.csv").write_text(f"编号,时间,内容\n2,2026-11-01,路灯\n{rows}", encoding="utf-8")
    assert installed("import", "letters", str(tmp_path / "many.csv")).code == 0
    before = sorted(tmp_path.glob("**/*"))
    code = (
        "import resource, sys; from hotline_tui.cli import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000,) * 2); sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "import", "letters", str(tmp_path / "many.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"未导入的行写不进文件夹: {tmp_path}(文件过大)")
    assert done.stderr.count("\n") == 1
    assert [path for path in sorted(tmp_path.glob("**/*")) if path not in before and "db" not in path.name] == []


def test_columns_may_be_named_and_the_rejects_put_elsewhere(installed: Hotline, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("何时,何事\n2026-11-01,路灯\n不知,路灯\n", encoding="utf-8")
    (tmp_path / "away").mkdir()
    named = ("--map", "time=何时", "--map", "detail=何事", "--rejects", str(tmp_path / "away"))
    done = installed("import", "letters", str(tmp_path / "x.csv"), *named, "--json").json
    assert (done["created"], done["rejects_file"]) == (1, str(tmp_path / "away" / "x-rejects-1.csv"))


def test_units_topics_and_answers_come_in_the_same_way(installed: Hotline, tmp_path: Path) -> None:
    files = {
        "units": "编号,名称,上级单位\na,甲局,\nb,乙科,甲局\nc,丙科,没有的局\n",
        "topics": "一级分类,二级分类,承办单位\n物业,停车,甲局\n物业,噪声,没有的局\n",
        "knowledge": "问题,答案,承办单位,分类\n如何停车?,按公示标准,甲局,停车\n如何噪声?,报修,没有的局,\n",
    }
    for what, text in files.items():
        path = tmp_path / f"{what}.csv"
        path.write_text(text, encoding="utf-8")
        good = text.count("\n") - 2
        rehearsed = installed("import", what, str(path), "--dry-run", "--json").json
        assert (rehearsed["created"], rehearsed["rejected"]) == (good, 1), what
        first = installed("import", what, str(path), "--json").json
        assert (first["read"], first["created"], first["existing"], first["rejected"]) == (good + 1, good, 0, 1), what
        again = installed("import", what, str(path), "--json").json
        assert (again["created"], again["existing"], again["rejected"]) == (0, good, 1), what
        assert "没有的局" in Path(again["rejects_file"]).read_text(encoding="utf-8-sig")
    assert installed("kb", "search", "停车", "--json").json[0]["unit"] == "甲局"
    assert installed("doctor").code == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("nowhere.csv", None, "找不到文件"),
        ("empty.csv", b"", "文件是空的"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 600, "不是表格"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "另存为 .xlsx"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 600, "不完整或已损坏"),
        ("no-time.csv", "编号,内容\n1,路灯\n".encode(), "表中找不到来信时间一列"),
    ],
)
def test_a_file_that_is_none_is_one_sentence_and_exit_code_2(
    installed: Hotline, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = installed("import", "letters", str(tmp_path / name))
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("given", ["detail", "body=内容", "detail=正文"])
def test_a_mapping_that_is_none_is_said(installed: Hotline, tmp_path: Path, given: str) -> None:
    done = installed("import", "letters", letters(tmp_path), "--map", given)
    assert (done.code, done.out) == (2, "")
    assert "--map" in done.err


@pytest.mark.timeout(300)
def test_a_real_file_as_the_issue_asks(installed: Hotline) -> None:
    path = REAL / "teddy_reply2816.xlsx"
    if not path.exists():
        pytest.skip("the real letters are not here")
    first = installed("import", "letters", str(path), "--json").json
    assert first["read"] == 2816 == first["created"] + first["rejected"]
    assert installed("import", "letters", str(path), "--json").json["created"] == 0
    assert installed("doctor", "--json").json["sound"]
