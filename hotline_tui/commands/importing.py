"""An import that is running: its bar, its interruption, and what it says where it ends early."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from hotline_tui.errors import HotlineError, Interrupted


class Progress:
    """Called after each batch, with rows read, those stored anew and the share of the file; a bar where stderr is a
    terminal.

    An interrupt waits for the end of the batch, so that what is said to be kept is what is kept; a second one does not.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._read = self._stored = 0
        self._stop = False
        self._open = ExitStack()
        self._bar: Any = None

    def __enter__(self) -> Self:
        before = signal.signal(signal.SIGINT, self._interrupted)
        self._open.callback(signal.signal, signal.SIGINT, before)
        if sys.stderr.isatty():
            self._show()
        return self

    def __call__(self, read: int, stored: int, share: float | None) -> None:
        """A batch is done; raises KeyboardInterrupt if one waits."""
        self._read, self._stored = read, stored
        if self._bar is not None:
            self._bar.update(0, total=None if share is None else 1.0, completed=share or 0.0, read=read)
        if self._stop:
            raise KeyboardInterrupt

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._open.close()
        kept = (
            f"已存入 {self._stored} 件, 再次运行同一命令会接着导入"
            if self._stored
            else "已存入的保留, 再次运行同一命令会接着导入"
        )
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted(f"已中断, {kept}") from error
        if isinstance(error, HotlineError) and self._read:
            error.args = (f"{error}; 此前{kept}",)

    def _interrupted(self, _signal: int, _frame: object) -> None:
        if self._stop:
            raise KeyboardInterrupt
        self._stop = True

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[read]}"),
            TimeRemainingColumn(),
        )
        self._bar = self._open.enter_context(Bar(*columns, console=Console(stderr=True), transient=True))
        self._bar.add_task(self._what, total=None, read=0)
