"""`bench.similar` on a handful of letters, and on the real ones where they are: the goal of the issue is held."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bench.similar import GOAL, ISSUES_FILE, LETTERS, LETTERS_FILE, main

MATTERS = {
    "路灯": ("文昌路口路灯坏了", "文昌路口的路灯坏了三个多星期, 晚上漆黑一片, 出门很不安全。"),
    "噪音": ("烧烤店噪音扰民", "楼下的烧烤店营业到凌晨两点, 音响声音非常大, 全家人都睡不好觉。"),
    "公交": ("请恢复905路原线路", "905路公交车改道后不再经过人民医院, 附近居民看病很不方便。"),
}


def letters(folder: Path) -> Path:
    """Two letters of each matter, and one by itself."""
    rows = [
        (f"{number}{again}", f"{subject}{'!' * again}", f"{'再次反映, ' * again}{text}", name)
        for number, (name, (subject, text)) in enumerate(MATTERS.items(), 1)
        for again in range(2)
    ]
    rows.append(("99", "孩子上学", "请问学区怎样划分, 需要准备哪些材料?", ""))
    head = ["留言编号", "留言主题", "留言详情"]
    with (folder / LETTERS_FILE).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *(row[:3] for row in rows)])
    with (folder / ISSUES_FILE).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["留言编号", "hot_issue"], *((row[0], row[3]) for row in rows if row[3])])
    return folder


def test_of_a_handful_of_letters_the_nearest_is_of_the_same_matter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--letters", str(letters(tmp_path)), "--orders", "0", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert (figures["letters"], figures["asked"], figures["p_at_1"]) == (7, 6, 1.0)


def test_without_letters_it_says_so_and_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--letters", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("skipped: there are no letters, ")


def test_on_the_real_letters_the_goal_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    if not LETTERS.exists():
        pytest.skip("the real letters are not here")
    assert main(["--orders", "0", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures["asked"] == 136
    assert figures["p_at_1"] >= GOAL
