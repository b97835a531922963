"""A program in a real pseudo-terminal, and what a person would see of it; it waits for text, never sleeps."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import ptyprocess
import pyte

KEYS = {"enter": "\r", "tab": "\t", "backtab": "\x1b[Z", "esc": "\x1b", "space": " ", "backspace": "\x7f"}
KEYS |= {"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F"}
KEYS |= {"delete": "\x1b[3~", "pageup": "\x1b[5~", "pagedown": "\x1b[6~"}
KEYS |= {f"f{number}": f"\x1bO{letter}" for number, letter in enumerate("PQRS", 1)}
KEYS |= {
    f"f{number}": f"\x1b[{code}~" for number, code in zip(range(5, 13), (15, 17, 18, 19, 20, 21, 23, 24), strict=True)
}
KEYS |= {f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}

DEADLINE = 30.0
_OURS = ("HOTLINE_", "TEXTUAL_", "SSH_", "NO_COLOR", "COLORTERM", "COLUMNS", "LINES")


class NotShown(AssertionError):
    """What was waited for did not come in time; carries the screen as it stood."""


class Terminal:
    """Use as a context manager: the program is gone afterwards, however the test went."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        term: str = "xterm-256color",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        """`size` is columns by rows; the person's own HOTLINE_* and terminal settings are not passed on."""
        columns, rows = size
        self.deadline = deadline
        self.raw = bytearray()
        """Every byte that the program wrote."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        full = {**inherited, "TERM": term, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **(env or {})}
        self._process = ptyprocess.PtyProcess.spawn(
            list(command), env=full, dimensions=(rows, columns), cwd=None if cwd is None else str(cwd)
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.close(force=True)

    # -- what a person does

    def send(self, *keys: str) -> Terminal:
        """Press keys by name (enter, f5, ctrl+p), or type a text that is no key's name."""
        for key in keys:
            self._write(KEYS.get(key, key).encode())
            if key == "esc":
                # Esc is a key of its own only if nothing follows it within ESCDELAY.
                self._pump(0.25)
        return self

    def paste(self, text: str, *, bracketed: bool = True) -> Terminal:
        """Paste, as a terminal does in bracketed mode, or (`bracketed=False`) as an input method commits a phrase."""
        self._write(f"\x1b[200~{text}\x1b[201~".encode() if bracketed else text.encode())
        return self

    def resize(self, columns: int, rows: int) -> Terminal:
        """Change the size of the window."""
        self._screen.resize(rows, columns)
        self._process.setwinsize(rows, columns)
        return self

    def kill(self, signum: int = signal.SIGKILL) -> Terminal:
        """Send the program a signal."""
        os.kill(self._process.pid, signum)
        return self

    @property
    def pid(self) -> int:
        """Of the program."""
        return self._process.pid

    # -- what a person sees

    @property
    def screen(self) -> pyte.Screen:
        """The screen cell by cell, with colours: for drawing it."""
        self._pump(0)
        return self._screen

    def text(self) -> str:
        """The screen, line by line, without trailing blanks."""
        self._pump(0)
        rows = (self._screen.buffer[y] for y in range(self._screen.lines))
        return "\n".join("".join(row[x].data for x in range(self._screen.columns)).rstrip() for row in rows)

    def line(self, number: int) -> str:
        """One line of the screen; negative numbers count from the bottom."""
        return self.text().split("\n")[number]

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the terminal's own cursor, where an input method opens its window."""
        self._pump(0)
        return self._screen.cursor.x, self._screen.cursor.y

    @property
    def bytes(self) -> int:
        """How many bytes the program has written so far: what a thin line had to carry."""
        self._pump(0)
        return len(self.raw)

    def wait_for(self, *texts: str) -> Terminal:
        """Until each of the texts stands on the screen at once."""
        return self.wait_until(lambda: all(text in self.text() for text in texts), f"{texts} to be shown")

    def wait_gone(self, text: str) -> Terminal:
        """Until the text stands there no longer."""
        return self.wait_until(lambda: text not in self.text(), f"{text!r} to go")

    def wait_until(self, seen: Callable[[], bool], what: str = "it") -> Terminal:
        """Until `seen` holds; looked at whenever the program has written something."""
        end = time.monotonic() + self.deadline
        while not seen():
            left = end - time.monotonic()
            if left <= 0 or (not self._process.isalive() and not self._pump(0)):
                if seen():
                    break
                state = "running" if self._process.isalive() else f"ended with {self._process.exitstatus}"
                raise NotShown(f"waited for {what}; the program is {state}; the screen:\n{self.text()}")
            self._pump(min(left, 0.05))
        return self

    def settle(self, quiet: float = 0.2) -> Terminal:
        """Until the program has written nothing for `quiet` seconds: for counting bytes, not for waiting on a text."""
        while self._pump(quiet):
            pass
        return self

    def hang_up(self) -> int:
        """Close the window under the running program, and wait until it has ended; minus the signal, or its status."""
        self._process.fileobj.close()
        self._process.closed = True
        end = time.monotonic() + self.deadline
        while self._process.isalive():
            if time.monotonic() > end:
                raise NotShown("the program still runs without its terminal")
            select.select([], [], [], 0.05)
        return self._status()

    def wait_exit(self) -> int:
        """Until the program has ended; its exit status, or minus the signal that ended it."""
        end = time.monotonic() + self.deadline
        while self._process.isalive():
            if time.monotonic() > end:
                raise NotShown(f"the program still runs; the screen:\n{self.text()}")
            self._pump(0.05)
        while self._pump(0):
            pass
        return self._status()

    def _status(self) -> int:
        if self._process.signalstatus is not None:
            return -self._process.signalstatus
        return int(self._process.exitstatus or 0)

    def _write(self, data: bytes) -> None:
        """Feed slowly enough for the terminal's buffer, reading meanwhile: a long paste fills it."""
        while data:
            self._pump(0)
            _, writable, _ = select.select([], [self._process.fd], [], 0.05)
            if writable:
                data = data[os.write(self._process.fd, data[:1024]) :]

    def _pump(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._process.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._process.fd, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)
