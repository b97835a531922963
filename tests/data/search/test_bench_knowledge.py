"""`bench.knowledge` on a handful of letters: every engine that is here is indexed, typed into and asked."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bench.knowledge import corpus
from bench.knowledge.__main__ import LETTERS, main
from bench.knowledge.every import ENGINES

MATTERS = {
    "路灯": "A市A3区文昌路12号门口的路灯坏了三个多星期, 晚上漆黑一片, 出门很不安全, 打过两次电话都没有人来修理。",
    "噪音": "B市小区楼下的烧烤店每天营业到凌晨两点, 音响声音非常大, 全家人都睡不好觉, 希望有关部门尽快管一管这件事情。",
    "公交": "请问905路公交车为什么改道不再经过人民医院, 附近居民看病很不方便, 建议恢复原来的线路或者增加一趟区间班车。",
    "学位": "孩子九月要上小学一年级, 户口和房产都在A7县, 请问学区怎样划分, 需要准备哪些材料, 什么时候开始报名登记。",
}


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Letters as those of ../shared are, a handful."""
    head = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
    with (tmp_path / corpus.REPLIED).open("w", encoding="utf-8-sig", newline="") as file:
        rows = [
            ["1", "A1", f"关于{word}的问题反映", "", text, f"您好!{text}已转有关单位办理。"]
            for word, text in MATTERS.items()
        ]
        csv.writer(file).writerows([[*head, "答复意见"], *rows])
    with (tmp_path / corpus.MORE).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, ["9", "A9", "咨询停车收费的标准", "", "地下车库每月收四百元, 是否合理?"]])
    return tmp_path


@pytest.mark.parametrize("engine", [name for name, kind in ENGINES.items() if not kind.server])
def test_a_tiny_corpus_is_indexed_typed_and_asked(
    engine: str, letters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    told = ["--letters", str(letters), "--documents", "40", "--pairs", "4", "--only", engine, "--write", str(page)]
    main([*told, "--json"])
    data = json.loads(capsys.readouterr().out)
    if data["skipped"]:
        pytest.skip(data["skipped"][0])
    (figures,) = data["engines"]
    assert figures["engine"] == engine
    assert figures["keys"]["searches"] == 3 * (corpus.KEYS - corpus.FROM + 1)
    assert figures["size_mb"] > 0
    assert figures["quality"]["titled"] == {"recall_at_1": 1.0, "recall_at_5": 1.0, "mrr": 1.0, "asked": 4}
    assert bool(figures["spelled"]["searches"]) == engine.startswith("ours")
    assert f"| {engine} | " in page.read_text(encoding="utf-8")


def test_without_letters_it_says_so_and_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--letters", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"skipped: there are no letters, {tmp_path / corpus.REPLIED} is missing\n"


def test_no_two_documents_of_the_real_corpus_are_the_same_and_each_run_has_the_same_ones() -> None:
    if not LETTERS.exists():
        pytest.skip("the real letters are not here")
    replied, more = corpus.read(LETTERS)
    first, again = (corpus.documents(replied, more, 12_000) for _ in range(2))
    assert first == again
    assert len(first) == 12_000
    copies = first[len(replied) + len(more) :]
    assert len({(each.title, each.text) for each in copies}) > 0.99 * len(copies)
    assert {each.text for each in copies if len(each.text) > 200}.isdisjoint(
        each.text for each in first[: len(replied)]
    )
