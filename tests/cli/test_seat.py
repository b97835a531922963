"""A login that several people share (HOTLINE_SEAT): the sign-in and nothing else, whatever is asked for (Art. 13)."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from hotline_tui.cli import parser
from hotline_tui.commands.seat import ONLY_BOARD, ONLY_SEAT
from tests.cli.conftest import Hotline

pytestmark = pytest.mark.requirement("R-13a")


def commands(found: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    below = [action for action in found._actions if isinstance(action, argparse._SubParsersAction)]
    yield path
    for action in below:
        for name, sub in action.choices.items():
            yield from commands(sub, (*path, name))


@pytest.mark.parametrize(
    "words", [*[path for path in commands(parser()) if path], ("--help",), ("-c", "sh")], ids=" ".join
)
def test_every_command_but_the_seat_is_refused_with_one_sentence(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("HOTLINE_SEAT", "1")
    done = hotline(*words)
    assert (done.code, done.out, done.err) == (1, "", f"{ONLY_SEAT}\n")


def test_the_administrators_command_line_is_as_it_was(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_SEAT", "")
    assert hotline("calendar", "show", "2026").code == 0


@pytest.mark.parametrize(("words", "opens"), [((), False), (("dashboard",), True), (("dashboard", "--once"), False)])
def test_a_wall_shows_the_board_and_nothing_else(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], opens: bool
) -> None:
    monkeypatch.setenv("HOTLINE_SEAT", "dashboard")
    done = hotline(*words)
    assert (done.code, done.err) == (
        (3, "数据库尚未建立, 请先运行 hotline init\n") if opens else (1, f"{ONLY_BOARD}\n")
    )
