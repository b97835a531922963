"""`hotline import places` and `hotline assist`: what is read, learned and refused, in one sentence each."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from hotline_tui.services import learning
from tests.cli.conftest import Hotline, table

UNITS = "名称,区域,职责\n房产分局,开福区,物业服务;停车收费\n城管局,开福区,占道经营;噪声扰民\n"
TOPICS = """\
一级分类,二级分类,承办单位,关键词
物业,停车收费,房产分局,停车费 车位费
城管,噪声,城管局,施工噪音、夜间施工
"""
PLACES = "地名,别名,所属区域\n锦绣花园,老锦绣;锦绣,开福区\n东风路,,开福区\n坏路,,没有的区\n"


@pytest.fixture
def city(installed: Hotline, tmp_path: Path) -> Hotline:
    assert installed("import", "units", table(tmp_path, "units.csv", UNITS)).code == 0
    assert installed("import", "topics", table(tmp_path, "topics.csv", TOPICS)).code == 0
    return installed


def test_places_come_in_once_and_what_did_not_is_in_a_file(city: Hotline, tmp_path: Path) -> None:
    file = table(tmp_path, "places.csv", PLACES)
    first = city("import", "places", file, "--json").json
    assert (first["read"], first["created"], first["existing"], first["rejected"]) == (3, 2, 0, 1)
    with Path(first["rejects_file"]).open(encoding="utf-8-sig") as rejects:
        assert [row["未导入原因"][:6] for row in csv.DictReader(rejects)] == ["没有这个区域"]
    again = city("import", "places", file, "--json").json
    assert (again["created"], again["existing"], again["rejected"]) == (0, 2, 1)
    assert (
        "地名: 读入 1, 新增 0, 已有 1"
        in city("import", "places", table(tmp_path, "one.csv", "地名,区域\n东风路,开福区\n"), "--replace").out
    )
    assert "将新增 1" in city("import", "places", file, "--dry-run").out


@pytest.mark.parametrize(
    ("text", "said"),
    [("街道\n甲\n", "表中找不到地名一列"), ("地名\n甲路\n", "表中找不到区域一列"), ("", "文件是空的")],
)
def test_a_file_that_is_no_list_of_places_is_told_so(city: Hotline, tmp_path: Path, text: str, said: str) -> None:
    done = city("import", "places", table(tmp_path, "bad.csv", text))
    assert done.code != 0
    assert said in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_training_says_what_it_learned_or_why_not(
    city: Hotline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn", reason="training needs the extra train")
    assert "可用于训练的工单太少" in city("assist", "train").err
    monkeypatch.setattr(learning, "PER_LABEL", 5)
    monkeypatch.setattr(learning, "IN_ALL", 10)
    rows = "".join(
        f"{n},A{n},停车费涨价{n},2026/11/1 8:30:00,小区停车费又涨了,物业/停车收费\n" for n in range(8)
    ) + "".join(f"b{n},B{n},夜间施工{n},2026/11/1 8:30:00,工地噪音大,城管/噪声\n" for n in range(8))
    letters = table(tmp_path, "letters.csv", "编号,留言用户,主题,时间,内容,分类\n" + rows)
    assert city("import", "letters", letters, "--json").json["created"] == 16
    done = city("assist", "train")
    assert done.out.startswith("已训练: 工单 16 件, 分类 2 个, 承办单位 0 个")
    assert city("assist", "train", "--json").json["topics"] == 2
    told = city("assist", "evaluate", "--folds", "4", "--json").json
    assert (told["topics"]["examples"], told["topics"]["accuracy"], told["units"]) == (16, 1.0, None)
    assert "分类: 工单 16 件, 共 2 个, 正确率 1.000" in city("assist", "evaluate").out


@pytest.mark.parametrize("folds", ["0", "1", "21", "abc"])
def test_a_number_of_folds_that_cannot_be_is_refused(city: Hotline, folds: str) -> None:
    done = city("assist", "evaluate", "--folds", folds)
    assert done.code == 2
    assert f"应为 2 至 20 的整数: {folds}" in done.err
