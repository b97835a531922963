"""导入: what a list says is kept, what it says nothing of stays, and what it leaves empty is emptied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from hotline_tui.models import Article, Topic, Unit
from hotline_tui.services.letters import Result
from hotline_tui.services.lists import KNOWLEDGE, TOPICS, UNITS, import_list
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = OWNERS

KINDS = {"units": UNITS, "topics": TOPICS, "knowledge": KNOWLEDGE}


def take(town: Town, folder: Path, what: str, text: str, suffix: str = "csv") -> Result:
    path = folder / f"{what}.{suffix}"
    path.write_text(text, encoding="utf-8")
    return import_list(town.office, path, {}, KINDS[what], rejects_dir=folder)


def article(town: Town) -> Article:
    with town.store.read() as session:
        return session.exec(select(Article).where(Article.question == "如何停车?")).one()


FULL = "问题,其他问法,答案,承办单位,分类,依据,生效日期,失效日期\n"
GIVEN = "如何停车?,停哪里;停车费,按公示,房产分局,停车收费,管理办法,2026-01-01,2030-12-31\n"
STANDS = ("停哪里\n停车费", "管理办法", date(2026, 1, 1), date(2030, 12, 31))


def beside(found: Article) -> tuple[object, ...]:
    return found.phrasings, found.basis, found.valid_from, found.valid_to


def test_a_column_that_a_list_of_answers_lacks_changes_nothing(town: Town, tmp_path: Path) -> None:
    take(town, tmp_path, "knowledge", FULL + GIVEN)
    assert beside(article(town)) == STANDS
    take(town, tmp_path, "knowledge", "问题,答案\n如何停车?,按新的公示\n")
    found = article(town)
    assert (found.answer, found.version, found.unit_id, found.topic_id) == ("按新的公示", 2, town.a, town.parking)
    assert beside(found) == STANDS
    assert take(town, tmp_path, "knowledge", "问题,答案\n如何停车?,按新的公示\n").existing == 1
    assert article(town).version == 2


def test_a_cell_that_a_list_of_answers_leaves_empty_empties_the_field(town: Town, tmp_path: Path) -> None:
    take(town, tmp_path, "knowledge", FULL + GIVEN)
    take(town, tmp_path, "knowledge", FULL + "如何停车?,,按公示,,,,,\n")
    found = article(town)
    assert beside(found) == ("", "", None, None)
    assert (found.unit_id, found.topic_id) == (None, None)


def test_a_key_that_a_line_of_json_lacks_changes_nothing(town: Town, tmp_path: Path) -> None:
    take(town, tmp_path, "knowledge", FULL + GIVEN)
    lines = (
        '{"问题": "如何停车?", "答案": "按公示", "依据": null}',
        '{"问题": "甲?", "答案": "乙", "生效日期": "2026-02-01"}',
    )
    take(town, tmp_path, "knowledge", "\n".join(lines), "jsonl")
    assert beside(article(town)) == (STANDS[0], "", *STANDS[2:])


@pytest.mark.parametrize(
    ("second", "stands"),
    [
        ("编号,名称\ngas,燃气公司\n", ("燃气", "供气", "煤气\n天然气", True, True)),
        ("编号,名称,简称,上级单位,区域,职责,别名\ngas,燃气公司,,,,,\n", ("", "", "", False, False)),
        ("编号,名称,区域,别名\ngas,燃气公司,,煤气\n", ("燃气", "供气", "煤气", True, False)),
    ],
    ids=["no columns", "empty cells", "some of both"],
)
def test_units_keep_what_a_list_says_nothing_of(
    town: Town, tmp_path: Path, second: str, stands: tuple[str, str, str, bool, bool]
) -> None:
    first = "编号,名称,简称,上级单位,区域,职责,别名\ngas,燃气公司,燃气,城南新区房产管理分局,新河街道,供气,煤气;天然气\n"
    for text in (first, second):
        take(town, tmp_path, "units", text)
    with town.store.read() as session:
        found = session.exec(select(Unit).where(Unit.key == "gas")).one()
    parent, region = found.parent_id == town.a, found.region_id == town.region
    assert (found.short_name, found.duties, found.aliases, parent, region) == stands
    assert parent or found.parent_id is None
    assert region or found.region_id is None


@pytest.mark.parametrize(
    ("second", "keeps"), [("一级分类,二级分类\n环保,噪声\n", True), ("一级分类,二级分类,承办单位\n环保,噪声,\n", False)]
)
def test_topics_keep_their_unit_unless_the_cell_is_empty(town: Town, tmp_path: Path, second: str, keeps: bool) -> None:
    for text in ("一级分类,二级分类,承办单位\n环保,噪声,房产分局\n", second):
        take(town, tmp_path, "topics", text)
    with town.store.read() as session:
        found = session.exec(select(Topic).where(Topic.path == "环保/噪声")).one()
    assert found.unit_id == (town.a if keeps else None)


def test_columns_that_were_not_used_are_named(town: Town, tmp_path: Path) -> None:
    assert take(town, tmp_path, "units", "编号,名称,级别\ngas,燃气公司,科\n").unused_columns == ("级别",)
