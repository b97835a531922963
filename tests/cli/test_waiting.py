"""While a person can only wait, the terminal shows no keys and keeps none."""

from __future__ import annotations

import os
import pty
import select
import sys
import termios
from collections.abc import Iterator

import pytest

from hotline_tui.commands.waiting import no_echo

F5 = b"\x1b[15~\n"


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The far end of the terminal that stands for standard input."""
    keyboard, terminal = pty.openpty()
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield keyboard
    os.close(keyboard)


def pressed(keyboard: int) -> bytes:
    """What the terminal has shown of a key by the time that it can be read."""
    os.write(keyboard, F5)
    assert select.select([sys.stdin], [], [], 10)[0]
    return os.read(keyboard, 100) if select.select([keyboard], [], [], 0)[0] else b""


def test_a_key_pressed_while_waiting_is_not_shown_and_does_not_reach_the_screen(keyboard: int) -> None:
    before = termios.tcgetattr(sys.stdin.fileno())
    with no_echo():
        assert pressed(keyboard) == b""
    assert termios.tcgetattr(sys.stdin.fileno()) == before
    assert not select.select([sys.stdin], [], [], 0)[0]
    assert b"^[[15~" in pressed(keyboard)


def test_the_terminal_echoes_again_after_an_interruption(keyboard: int) -> None:
    before = termios.tcgetattr(sys.stdin.fileno())
    with pytest.raises(KeyboardInterrupt), no_echo():
        raise KeyboardInterrupt
    assert termios.tcgetattr(sys.stdin.fileno()) == before
