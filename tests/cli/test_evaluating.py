"""`hotline kb evaluate`: a file of questions whose answers are known tells how well the knowledge base is searched."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from hotline_tui.data.search import knowledge, maker
from tests.builders import Town
from tests.cli.conftest import Hotline

PARKING, LICENCE = "住宅小区机动车停放收费如何确定?", "个体工商户怎样办理营业执照?"


def table(folder: Path, *rows: tuple[str, str], head: str = "问题,答案") -> str:
    path = folder / "pairs.csv"
    path.write_text("\n".join([head, *map(",".join, rows)]), encoding="utf-8")
    return str(path)


def test_an_answer_is_told_by_its_id_its_key_its_title_or_its_own_words(
    in_town: Hotline, town: Town, tmp_path: Path
) -> None:
    told = (str(town.article), "KB-1", PARKING, " 按照价格主管部门\n公布的标准执行，并应公示。")
    file = tmp_path / "pairs.jsonl"
    file.write_text(
        "\n".join(json.dumps({"问题": "小区停车怎么收费", "答案": answer}) for answer in told), encoding="utf-8"
    )
    done = in_town("kb", "evaluate", str(file), "--json")
    assert (done.code, done.err) == (0, "")
    figures = done.json
    assert figures.pop("latency_ms").keys() == {"p50", "p95", "p99"}
    assert figures == {
        "pairs": 4,
        "measured": 4,
        "left_out": 0,
        "recall_at_1": 1.0,
        "recall_at_5": 1.0,
        "mrr": 1.0,
    }


def test_an_answer_in_the_second_place_counts_half(in_town: Hotline, tmp_path: Path) -> None:
    file = table(tmp_path, ("办理营业执照与停放收费 营业执照", PARKING), ("营业执照", LICENCE))
    figures = in_town("kb", "evaluate", file, "--json").json
    assert (figures["recall_at_1"], figures["recall_at_5"], figures["mrr"]) == (0.5, 1.0, 0.75)
    assert "recall@1 0.500, recall@5 1.000, MRR 0.750\n" in in_town("kb", "evaluate", file).out


def test_an_answer_that_is_not_found_at_all_counts_nothing(in_town: Hotline, tmp_path: Path) -> None:
    figures = in_town("kb", "evaluate", table(tmp_path, ("量子纠缠", PARKING)), "--json").json
    assert (figures["recall_at_5"], figures["mrr"]) == (0.0, 0.0)


def test_any_of_several_answers_with_the_same_words_is_right(in_town: Hotline, town: Town, tmp_path: Path) -> None:
    town.write_article(PARKING, "另一个答案。")
    file = table(tmp_path, ("停放收费 公布的标准", PARKING), ("停放收费 另一个答案", PARKING))
    assert in_town("kb", "evaluate", file, "--json").json["recall_at_1"] == 1.0


def test_rows_that_cannot_be_asked_are_named_twenty_at_most(in_town: Hotline, town: Town, tmp_path: Path) -> None:
    town.write_article("旧规定怎样办理?", "旧的。", valid_to=date(2026, 1, 2))
    file = table(
        tmp_path, ("停车收费", PARKING), ("办旧的", "旧规定怎样办理?"), *[("停车收费", "没有的")] * 21, ("", PARKING)
    )
    done = in_town("kb", "evaluate", file)
    assert (done.code, done.out.splitlines()[0]) == (0, "问题: 读入 24, 评测 1, 未能评测 23")
    told = done.err.splitlines()
    assert told[:2] == ["第 3 行: 标准答案今天不在使用", "第 4 行: 知识库中没有这条标准答案"]
    assert (len(told), told[-1]) == (21, "另有 3 行未能评测")
    short = table(tmp_path, ("停车收费", PARKING), ("", PARKING))
    assert in_town("kb", "evaluate", short).err == "第 3 行: 问题是空的\n"


def test_a_workbook_with_other_column_names_is_asked_with_map(in_town: Hotline, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["群众原话", "应答"])
    book.active.append(["停车收费", PARKING])
    book.save(tmp_path / "pairs.xlsx")
    file = str(tmp_path / "pairs.xlsx")
    unknown = in_town("kb", "evaluate", file)
    assert (unknown.code, unknown.out) == (2, "")
    assert "表中找不到问题一列" in unknown.err
    named = in_town("kb", "evaluate", file, "--map", "question=群众原话", "--map", "answer=应答", "--json")
    assert named.json["recall_at_1"] == 1.0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "找不到文件"),
        ("", "文件是空的"),
        ("%PDF-1.7", "这是 PDF 文件"),
        ("问题,答案\n", "表中只有表头, 没有一行数据"),
        ("问题,备注\n停车,甲\n", "表中找不到答案一列"),
        ("问题,答案\n停车,没有的\n", "没有一行对得上知识库中使用着的标准答案"),
    ],
)
def test_a_file_by_which_nothing_can_be_measured_is_told_in_one_sentence(
    in_town: Hotline, tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "pairs.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = in_town("kb", "evaluate", str(path))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert sentence in done.err


def test_an_index_that_is_missing_is_made_first(
    in_town: Hotline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge, "IN_MEMORY", 1)
    assert in_town("kb", "evaluate", table(tmp_path, ("停车收费", PARKING)), "--json").json["recall_at_1"] == 1.0


def test_while_another_program_makes_the_index_nothing_is_measured(
    in_town: Hotline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge, "IN_MEMORY", 1)
    monkeypatch.setattr(maker, "make", lambda *_: None)
    done = in_town("kb", "evaluate", table(tmp_path, ("停车收费", PARKING)))
    assert (done.code, done.out) == (1, "")
    assert done.err == "知识库索引正在由别的程序重建, 请稍后再运行\n"
