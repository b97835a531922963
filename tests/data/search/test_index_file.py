"""The index of a large knowledge base: made apart, mapped in, made again where it is missing, damaged or another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hotline_tui.data.search import index_file, knowledge
from hotline_tui.data.search.knowledge import KnowledgeIndex
from hotline_tui.data.search.maker import Apart, make
from hotline_tui.data.store import Store
from hotline_tui.services import knowledge as articles
from tests.builders import Town

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if two articles were too many for a seat to index for itself."""
    monkeypatch.setattr(knowledge, "IN_MEMORY", 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "index" / "knowledge.idx"


def titles(index: KnowledgeIndex, words: str) -> list[str]:
    return [hit.title for hit in index.search(words, today=TODAY)]


def of(town: Town, file: Path) -> KnowledgeIndex:
    return KnowledgeIndex(town.store, file, lambda: make(town.store, file))


def test_a_seat_without_an_index_says_so_until_it_is_made_apart(town: Town, file: Path) -> None:
    asked: list[None] = []
    index = KnowledgeIndex(town.store, file, lambda: asked.append(None))
    assert titles(index, "停放收费") == []
    assert (index.complete, asked) == (False, [None])
    make(town.store, file)
    assert titles(index, "停放收费") == ["住宅小区机动车停放收费如何确定?"]
    assert index.complete


def test_who_makes_it_himself_finds_at_once(town: Town, file: Path) -> None:
    assert titles(of(town, file), "停放收费") == ["住宅小区机动车停放收费如何确定?"]


@pytest.mark.parametrize("way", ["file", "folder"])
def test_where_there_is_no_place_for_the_file_articles_are_held_in_memory(town: Town, file: Path, way: str) -> None:
    if way == "file":
        file.mkdir(parents=True)
    else:
        file.parent.touch()
    settings = replace(town.settings, home=file.parent.parent)
    for make_it in (lambda: make(town.store, file), Apart(settings)):
        index = KnowledgeIndex(town.store, file, make_it)
        assert titles(index, "停放收费") == ["住宅小区机动车停放收费如何确定?"]
        assert index.complete


def test_the_file_is_its_owners_alone(town: Town, file: Path) -> None:
    make(town.store, file)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_file_ranks_as_memory_does(town: Town, file: Path) -> None:
    assert make(town.store, file) == 2
    mapped, held = of(town, file), KnowledgeIndex(town.store)
    for words in ("停放收费", "办理", "tfsf", "yyzz", "yingyezhizhao", "营业z", "照"):
        assert mapped.rank(words, today=TODAY) == held.rank(words, today=TODAY), words


def test_what_changes_after_the_file_was_made_is_found_at_every_seat_with_the_next_key(town: Town, file: Path) -> None:
    make(town.store, file)
    here, there = of(town, file), of(town, file)
    assert titles(here, "公共租赁") == titles(there, "公共租赁") == []
    made = town.write_article("公共租赁住房怎样申请?", "到住房保障中心申请。")
    assert titles(here, "公共租赁") == titles(there, "公共租赁") == ["公共租赁住房怎样申请?"]
    articles.expire(town.office, made, "规定已改")
    assert titles(here, "公共租赁") == titles(there, "公共租赁") == []
    articles.expire(town.office, town.article, "规定已改")
    assert titles(here, "停放收费") == titles(there, "停放收费") == []


def test_a_file_older_than_what_a_seat_has_read_loses_nothing(
    town: Town, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(town.store, file)
    older = file.read_bytes()
    town.write_article("公共租赁住房怎样申请?", "到住房保障中心申请。")
    make(town.store, file)
    index = of(town, file)
    assert titles(index, "公共租赁") == ["公共租赁住房怎样申请?"]
    file.unlink()
    file.write_bytes(older)
    assert titles(index, "公共租赁") == ["公共租赁住房怎样申请?"]


def test_a_mapped_index_knows_the_topics_below_another(town: Town, file: Path) -> None:
    make(town.store, file)
    found = of(town, file).search("停放收费", today=TODAY, topic=town.topics["物业管理"])
    assert [hit.title for hit in found] == ["住宅小区机动车停放收费如何确定?"]


def test_what_went_out_of_use_is_not_given_while_many_changes_wait_for_the_index(town: Town, file: Path) -> None:
    make(town.store, file)
    index = KnowledgeIndex(town.store, file)
    assert titles(index, "停放收费")
    articles.expire(town.office, town.article, "规定已改")
    articles.expire(town.office, town.article_b, "规定已改")
    assert titles(index, "停放收费") == []
    assert not index.complete


def test_what_one_that_was_killed_left_behind_is_taken_away(town: Town, file: Path) -> None:
    file.parent.mkdir()
    left = file.with_name(f"{file.name}.4711")
    left.write_bytes(b"half")
    make(town.store, file)
    assert not left.exists()


def test_a_file_made_anew_is_taken_up_by_seats_that_are_open(town: Town, file: Path) -> None:
    make(town.store, file)
    index = of(town, file)
    assert titles(index, "停放收费")
    town.write_article("公共租赁住房怎样申请?", "到住房保障中心申请。")
    make(town.store, file)
    assert titles(index, "公共租赁") == ["公共租赁住房怎样申请?"]
    assert len(index) == 3


@pytest.mark.parametrize("place", [0, 20, 40, 200, -100, -1])
@pytest.mark.parametrize("harm", ["flipped", "cut"])
def test_a_damaged_file_is_made_again_and_never_an_error(town: Town, file: Path, place: int, harm: str) -> None:
    make(town.store, file)
    whole = file.read_bytes()
    at = place % len(whole)
    file.write_bytes(whole[:at] if harm == "cut" else whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert index_file.load(file, index_file.whose(town.store)) is None
    assert titles(of(town, file), "停放收费") == ["住宅小区机动车停放收费如何确定?"]
    assert file.read_bytes() == whole


@pytest.mark.parametrize("harm", ["cut", "scribbled"])
def test_a_seat_does_not_read_on_in_a_file_that_somebody_writes_into(town: Town, file: Path, harm: str) -> None:
    """A page that the file has no more would end the program (SIGBUS)."""
    make(town.store, file)
    asked: list[None] = []
    index = KnowledgeIndex(town.store, file, lambda: asked.append(None))
    assert titles(index, "停放收费")
    with file.open("r+b") as into:
        into.truncate(100) if harm == "cut" else into.write(b"?" * 5000)
    assert titles(index, "停放收费") == []
    assert asked
    assert not index.complete
    make(town.store, file)
    assert titles(index, "停放收费") == ["住宅小区机动车停放收费如何确定?"]


def test_an_index_of_another_version_or_another_database_is_none(
    town: Town, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(town.store, file)
    assert index_file.load(file, index_file.whose(Store("sqlite:///elsewhere.db"))) is None
    monkeypatch.setattr(index_file, "VERSION", index_file.VERSION + 1)
    assert index_file.load(file, index_file.whose(town.store)) is None


def test_an_index_newer_than_the_database_is_none(town: Town, file: Path) -> None:
    """As after a backup was put back."""
    town.write_article("公共租赁住房怎样申请?", "到住房保障中心申请。")
    make(town.store, file)
    with town.store.write() as session:
        session.connection().exec_driver_sql("UPDATE article SET revision = 1 WHERE revision > 2")
        session.commit()
    assert titles(of(town, file), "停放收费")[:1] == ["住宅小区机动车停放收费如何确定?"]


def test_who_makes_it_while_another_does_leaves_it_to_him(town: Town, file: Path) -> None:
    import fcntl

    file.parent.mkdir()
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert make(town.store, file) is None
    assert make(town.store, file) == 2
