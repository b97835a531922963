"""A terminal that echoes nothing while a person can only wait: a function key would print as ^[[15~."""

from __future__ import annotations

import sys
import termios
from collections.abc import Generator
from contextlib import contextmanager

_LOCAL_MODES = 3


@contextmanager
def no_echo() -> Generator[None]:
    """Keys are not shown, and what was typed meanwhile is dropped at the end; nothing happens without a terminal."""
    if not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    silent = termios.tcgetattr(terminal)
    silent[_LOCAL_MODES] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
