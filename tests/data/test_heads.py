"""What a home has seen of a chain finds one that was built anew, and is never needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline_tui.data.doctor import doctor
from hotline_tui.data.heads import Heads, seal_and_note
from hotline_tui.data.seal import head, seal
from hotline_tui.data.store import Store
from hotline_tui.rules.words import OrderState
from tests.builders import Town
from tests.tampering import tamper

NODE = "C01"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "seat"


@pytest.fixture
def sealed(town: Town, home: Path) -> Town:
    town.bring(OrderState.ARCHIVED)
    assert seal_and_note(town.store, NODE, home) > 0
    return town


def head_of(store: Store) -> str:
    with store.read() as session:
        return head(session, NODE)


def chain_fault(town: Town, home: Path) -> str:
    """What doctor says of the chain at this seat; nothing where it is sound."""
    checks = doctor(town.store, heads=Heads(home, town.store)).checks
    return "; ".join(check.detail for check in checks if check.name == f"chain:{NODE}" and not check.ok)


def test_who_seals_remembers_the_head(sealed: Town, home: Path) -> None:
    assert Heads(home, sealed.store).seen() == {NODE: head_of(sealed.store)}
    sealed.register()
    seal_and_note(sealed.store, NODE, home)
    assert Heads(home, sealed.store).seen() == {NODE: head_of(sealed.store)}


def test_a_chain_that_lost_all_its_seals_is_found_by_who_has_seen_them(
    sealed: Town, home: Path, tmp_path: Path
) -> None:
    number = head_of(sealed.store).partition(":")[0]
    tamper(sealed.store, "DELETE FROM seal")
    assert f"链头与本机记下的不符: 曾见第 {number} 号" in chain_fault(sealed, home)
    assert chain_fault(sealed, tmp_path / "another seat") == ""


def test_a_chain_that_was_built_anew_is_still_found_after_the_next_who_seals(sealed: Town, home: Path) -> None:
    number = head_of(sealed.store).partition(":")[0]
    tamper(sealed.store, "DELETE FROM seal", "UPDATE event SET actor = 'x' WHERE sequence = 1")
    sealed.register()
    assert seal_and_note(sealed.store, NODE, home) > int(number)
    assert f"曾见第 {number} 号" in chain_fault(sealed, home)
    assert f"曾见第 {number} 号" in chain_fault(sealed, home)


def test_a_sound_verification_remembers_too(sealed: Town, tmp_path: Path) -> None:
    seat = tmp_path / "another seat"
    assert chain_fault(sealed, seat) == ""
    assert Heads(seat, sealed.store).seen() == {NODE: head_of(sealed.store)}


def test_a_chain_that_is_gone_with_all_its_events_is_told(sealed: Town, home: Path) -> None:
    tamper(sealed.store, "DELETE FROM seal", "DELETE FROM event")
    assert "曾见第" in chain_fault(sealed, home)


def test_a_note_of_another_database_is_not_compared(sealed: Town, home: Path, tmp_path: Path) -> None:
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    assert Heads(home, other).seen() == {}


def test_a_home_that_moves_keeps_what_it_has_seen_of_its_own_database(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    notes = Heads(here, Store(f"sqlite:///{here / 'hotline.db'}"))
    notes.folder.mkdir(parents=True)
    (notes.folder / f"{notes._prefix}{NODE}").write_text("7:abc\n", encoding="ascii")
    here.rename(there)
    assert Heads(there, Store(f"sqlite:///{there / 'hotline.db'}")).seen() == {NODE: "7:abc"}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"nonsense\n", b"x:y\n"])
def test_a_note_that_can_not_be_read_is_as_if_it_had_not_been_made(sealed: Town, home: Path, content: bytes) -> None:
    (note,) = (home / "heads").iterdir()
    note.write_bytes(content)
    assert chain_fault(sealed, home) == ""
    assert Heads(home, sealed.store).seen() == {NODE: head_of(sealed.store)}


def test_a_note_that_can_not_be_written_is_no_error(town: Town, home: Path) -> None:
    home.write_text("a file where the folder would be", encoding="utf-8")
    town.register()
    assert seal_and_note(town.store, NODE, home) == 1
    assert chain_fault(town, home) == ""


def test_no_more_than_the_head_is_written_and_nothing_is_left_beside_it(sealed: Town, home: Path) -> None:
    seal(sealed.store, NODE)
    (note,) = (home / "heads").iterdir()
    assert note.read_text(encoding="ascii") == f"{head_of(sealed.store)}\n"
