"""The knowledge base as a file: the import takes it back without a change; spreadsheets run nothing."""

from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import delete

from hotline_tui.data.exports import files
from hotline_tui.data.exports.tables import guarded, unguarded
from hotline_tui.data.imports.rows import unescaped
from hotline_tui.data.queries.knowledge import articles
from hotline_tui.errors import NotAllowed, Refused, StorageError, UsageError
from hotline_tui.models import Article, ArticleVersion
from hotline_tui.rules.words import ArticleState
from hotline_tui.services import knowledge
from hotline_tui.services.knowledge import ArticleText
from hotline_tui.services.knowledge_export import export
from hotline_tui.services.lists import KNOWLEDGE, import_list
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = [pytest.mark.requirement("R-11.2.1"), OWNERS]

KINDS = (".csv", ".xlsx", ".jsonl")
SIGNS = st.sampled_from("甲乙=+-@'\"\t\n ,;|_x000d_01９＝é😀#N/A:")
WORDS = st.text(SIGNS, max_size=12)
TEXTS = st.builds(
    ArticleText,
    question=WORDS.map(lambda text: f"{text}问"),
    answer=WORDS.map(lambda text: f"{text}答") | WORDS.map(lambda text: f"=1+1{text}"),
    phrasings=st.lists(WORDS, max_size=3).map(tuple),
    basis=WORDS,
    valid_from=st.none() | st.just(date(2026, 1, 1)),
    valid_to=st.none() | st.just(date(2026, 12, 31)) | st.just(date(2026, 2, 1)),
)


def emptied(town: Town) -> None:
    with town.store.write() as session:
        for model in (ArticleVersion, Article):
            session.execute(delete(model))
        session.commit()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_what_was_exported_is_taken_back_without_a_change(town: Town, tmp_path: Path, kind: str) -> None:
    file, again = tmp_path / f"kb{kind}", tmp_path / f"again{kind}"

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.lists(st.tuples(TEXTS, st.sampled_from(list(ArticleState))), min_size=1, max_size=3))
    def prove(texts: list[tuple[ArticleText, ArticleState]]) -> None:
        emptied(town)
        for text, state in texts:
            made = knowledge.save(town.handler, text)
            with town.store.write() as session:
                session.get_one(Article, made).state = state
                session.commit()
        assert export(town.office, file, everything=True, force=True) == len(texts)
        with town.store.read() as session:
            before = articles(session, town.office.viewer).rows
        result = import_list(town.admin, file, {}, KNOWLEDGE, rejects_dir=tmp_path)
        assert (result.created, result.existing, result.rejected) == (0, len(texts), 0)
        with town.store.read() as session:
            assert articles(session, town.office.viewer).rows == before
        emptied(town)
        assert import_list(town.admin, file, {}, KNOWLEDGE, rejects_dir=tmp_path).created == len(texts)
        export(town.office, again, everything=True, force=True)
        assert cells(again) == cells(file)

    prove()


def cells(path: Path) -> object:
    if path.suffix != ".xlsx":
        return path.read_bytes()
    return [[cell.value for cell in row] for row in sheet_of(path).iter_rows()]


def sheet_of(path: Path) -> Any:
    return load_workbook(path).active


@given(st.text(SIGNS | st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), st.booleans())
def test_every_text_comes_back(text: str, formulas: bool) -> None:
    told = guarded(text, formulas=formulas)
    assert unguarded(unescaped(told)) == text


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_spreadsheets_run_nothing_that_stands_in_an_answer(town: Town, tmp_path: Path) -> None:
    town.write_article('=HYPERLINK("http://x")', "@SUM(1)", basis="+1")
    for kind in (".csv", ".xlsx"):
        export(town.office, tmp_path / f"kb{kind}")
    sheet = sheet_of(tmp_path / "kb.xlsx")
    assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row)
    last = [cell.value for cell in list(sheet.iter_rows())[-1]]
    with (tmp_path / "kb.csv").open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.reader(file))[-1]
    for row in (last, told):
        assert [value for value in row if value and value.startswith("'")] == [
            '\'=HYPERLINK("http://x")',
            "'@SUM(1)",
            "'+1",
        ]


def test_what_is_in_force_is_exported_and_with_all_the_rest(town: Town, tmp_path: Path) -> None:
    town.write_article("旧的?", "旧", valid_to=date(2026, 2, 1))
    town.write_article("停的?", "停", state=ArticleState.EXPIRED)
    knowledge.save(town.office, ArticleText("草稿?", "草"))
    assert export(town.office, tmp_path / "kb.jsonl") == 2
    assert export(town.office, tmp_path / "all.jsonl", everything=True) == 5


def test_a_revision_that_waits_is_not_exported_and_waits_on_after_the_import(town: Town, tmp_path: Path) -> None:
    knowledge.save(town.handler, ArticleText("停车?", "新的"), town.article)
    export(town.office, tmp_path / "kb.csv")
    assert "新的" not in (tmp_path / "kb.csv").read_text(encoding="utf-8-sig")
    assert import_list(town.admin, tmp_path / "kb.csv", {}, KNOWLEDGE).created == 0
    with town.store.read() as session:
        assert session.get_one(Article, town.article).pending == 2


def test_the_file_is_its_owners_and_nothing_is_written_over_by_a_slip(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "kb.csv"
    export(town.office, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(UsageError, match="文件已存在"):
        export(town.office, file)
    assert file.read_bytes() == before
    export(town.office, file, force=True)
    assert list(tmp_path.glob(".kb*")) == []


def writing(file: Path, meanwhile, *, force: bool) -> None:
    with files.whole_file(file, force=force) as out:
        out.write(b"ours")
        meanwhile()


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "kb.csv"
    with pytest.raises(UsageError, match="文件已存在"):
        writing(file, lambda: file.write_bytes(b"theirs"), force=False)
    assert file.read_bytes() == b"theirs"


def test_an_export_that_ends_early_leaves_what_was_there(tmp_path: Path) -> None:
    def stop() -> None:
        raise Refused("中断")

    file = tmp_path / "kb.csv"
    file.write_bytes(b"before")
    with pytest.raises(Refused):
        writing(file, stop, force=True)
    assert file.read_bytes() == b"before"
    assert list(tmp_path.glob(".kb*")) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("kb.txt", "不认识的文件类型"),
        ("kb", "不认识的文件类型"),
        ("no/kb.csv", "没有这个文件夹"),
        ("dir.csv", "这是文件夹"),
    ],
)
def test_a_file_that_cannot_be_is_told_in_one_sentence(town: Town, tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "dir.csv").mkdir()
    with pytest.raises(UsageError, match=sentence):
        export(town.office, tmp_path / name, force=True)


def test_a_full_disk_is_told(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(StorageError, match="文件写不下去"):
        export(town.office, tmp_path / "kb.csv")
    assert list(tmp_path.glob("*kb*")) == []


def test_only_the_office_exports(town: Town, tmp_path: Path) -> None:
    for desk in (town.agent, town.handler, town.leader, town.city_leader, town.authority):
        with pytest.raises(NotAllowed):
            export(desk, tmp_path / "kb.csv")


def test_units_of_the_same_name_are_told_by_their_keys(town: Town, tmp_path: Path) -> None:
    from hotline_tui.models import Unit

    with town.store.write() as session:
        session.add(Unit(key="other", name="城南新区房产管理分局", spelling=""))
        session.commit()
    export(town.office, tmp_path / "kb.csv")
    assert ",housing," in (tmp_path / "kb.csv").read_text(encoding="utf-8-sig")
    assert import_list(town.admin, tmp_path / "kb.csv", {}, KNOWLEDGE).rejected == 0


@pytest.mark.parametrize("state", ["在用", "作废"])
def test_a_state_that_is_none_rejects_the_row(town: Town, tmp_path: Path, state: str) -> None:
    file = tmp_path / "kb.csv"
    file.write_text(f"标准答案编号,问题,答案,答案状态\nkb-9,问,答,{state}\n", encoding="utf-8")
    result = import_list(town.admin, file, {}, KNOWLEDGE, rejects_dir=tmp_path)
    assert result.rejected == 1
    assert result.rejects_file is not None
    assert "答案状态应为 草稿、有效、停用" in result.rejects_file.read_text(encoding="utf-8-sig")
