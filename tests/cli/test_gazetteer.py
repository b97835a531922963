"""`hotline import regions|places`, `export`, `region list`, `place list`: the office's places in and out again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Hotline, table

REGIONS = """\
区划代码,区域名称,上级
,东风路街道/和平社区,
430105003,东风路街道,430105
430105,开福区,
,望月湖街道/和平社区,
,坏街道,没有的区
"""
PLACES = "地名,别名,属地\n锦绣花园,老锦绣;锦绣,开福区 > 东风路街道\n东风路,,430105003\n和平路,,望月湖街道/和平社区\n"


@pytest.fixture
def city(installed: Hotline, tmp_path: Path) -> Hotline:
    assert installed("import", "regions", table(tmp_path, "tree.csv", REGIONS), "--rejects", str(tmp_path)).code == 0
    assert installed("import", "places", table(tmp_path, "places.csv", PLACES)).code == 0
    return installed


def names(hotline: Hotline) -> list[str]:
    return sorted(each["name"] for each in hotline("place", "list", "--json").json)


def test_a_tree_of_regions_is_checked_imported_and_seen(installed: Hotline, tmp_path: Path) -> None:
    file = table(tmp_path, "tree.csv", REGIONS)
    assert "还没有区域" in installed("region", "list").err
    assert installed("import", "regions", file, "--dry-run").out.startswith(
        "区域: 读入 5, 将新增 4, 已有 0, 未导入 1\n"
    )
    assert installed("region", "list", "--json").json == []
    done = installed("import", "regions", file, "--json").json
    assert (done["read"], done["created"], done["existing"], done["rejected"]) == (5, 4, 0, 1)
    with Path(done["rejects_file"]).open(encoding="utf-8-sig") as rejects:
        assert [row["未导入原因"] for row in csv.DictReader(rejects)] == ["没有这个上级: 没有的区"]
    assert installed("import", "regions", file, "--json").json["existing"] == 4
    assert [line.split() for line in installed("region", "list").out.splitlines()] == [
        ["编号", "全称", "地名"],
        ["430105", "开福区"],
        ["430105003", "开福区/东风路街道"],
        ["开福区/东风路街道/和平社区"] * 2,
        ["望月湖街道"] * 2,
        ["望月湖街道/和平社区"] * 2,
    ]


def test_the_places_that_are_stored_are_listed(city: Hotline) -> None:
    told = city("place", "list").out.splitlines()
    assert [line.split() for line in told] == [
        ["地名", "别名", "区域", "承办单位"],
        ["东风路", "开福区/东风路街道"],
        ["锦绣花园", "老锦绣、锦绣", "开福区/东风路街道"],
        ["和平路", "望月湖街道/和平社区"],
    ]
    assert [each["name"] for each in city("place", "list", "--words", "老锦", "--json").json] == ["锦绣花园"]
    below = city("place", "list", "--region", "开福区", "-n", "1")
    assert below.err == "共 2 个, 只列出 1 个; 用 -n 可列出更多\n"
    twice = city("place", "list", "--region", "和平社区")
    assert (twice.code, twice.out) == (1, "")
    assert "区域 和平社区 不止一个, 请写全称或编号" in twice.err
    assert {each["path"]: each["places"] for each in city("region", "list", "--json").json}["开福区/东风路街道"] == 2


def test_a_unit_is_of_the_region_that_the_path_in_its_column_names(city: Hotline, tmp_path: Path) -> None:
    file = table(tmp_path, "units.csv", "单位名称,属地\n东风路办,开福区>东风路街道\n居委会,和平社区\n")
    done = city("import", "units", file, "--json").json
    assert (done["created"], done["rejected"]) == (1, 1)
    with Path(done["rejects_file"]).open(encoding="utf-8-sig") as rejects:
        [row] = csv.DictReader(rejects)
    assert row["未导入原因"].startswith("区域 和平社区 不止一个, 请写全称或编号")
    assert len(city("region", "list", "--json").json) == 5


def test_places_and_regions_go_out_and_come_in_again(city: Hotline, tmp_path: Path) -> None:
    for what, many in (("regions", 5), ("places", 3)):
        file = str(tmp_path / f"{what}-out.xlsx")
        assert city("export", what, file).out.startswith(f"已导出 {many} 个")
        assert city("export", what, file).code == 2
        assert city("export", what, file, "--force", "--json").json == {"exported": many, "file": file}
        again = city("import", what, file, "--json").json
        assert (again["created"], again["existing"], again["rejected"]) == (0, many, 0)
    assert city("import", "places", str(tmp_path / "places-out.xlsx"), "--replace", "--json").json["removed"] == 0


@pytest.mark.parametrize("flags", [(), ("--dry-run",), ("--json",)])
def test_a_list_of_nothing_does_not_replace_the_places(city: Hotline, tmp_path: Path, flags: tuple[str, ...]) -> None:
    done = city("import", "places", table(tmp_path, "head.csv", "地名,区域\n"), "--replace", *flags)
    assert (done.code, done.out) == (2, "")
    assert done.err == "表中没有一行数据, 不能用它替换全部地名; 什么也没有改, 请核对文件\n"
    assert len(names(city)) == 3


def test_how_many_places_a_list_in_their_place_takes_away_is_said_before_and_after(
    city: Hotline, tmp_path: Path
) -> None:
    file = table(tmp_path, "new.csv", "地名,区域\n东风路,东风路街道\n新路,开福区\n")
    before = city("import", "places", file, "--replace", "--dry-run")
    assert before.out == "地名: 读入 2, 将新增 1, 已有 1, 未导入 0, 将删去 2\n"
    assert city("import", "places", file, "--replace", "--dry-run", "--json").json["removed"] == 2
    assert len(names(city)) == 3
    assert city("import", "places", file, "--replace").out == "地名: 读入 2, 新增 1, 已有 1, 未导入 0, 删去 2\n"
    assert names(city) == ["东风路", "新路"]
    assert city("import", "places", file, "--replace", "--json").json["removed"] == 0
    assert "removed" not in city("import", "places", file, "--json").json


@pytest.mark.parametrize("bad", ["甲,开福区", "坏路,没有的区"], ids=["unreadable", "unknown region"])
def test_no_place_is_taken_away_where_a_row_was_not_taken(city: Hotline, tmp_path: Path, bad: str) -> None:
    file = table(tmp_path, "new.csv", f"地名,区域\n东风路,东风路街道\n{bad}\n")
    done = city("import", "places", file, "--replace")
    assert done.out.startswith("地名: 读入 2, 新增 0, 已有 1, 未导入 1, 删去 0\n")
    assert done.err == "有未导入的行, 原有的地名都没有删去; 改正后请再用 --replace 导入整个文件\n"
    assert len(names(city)) == 3
