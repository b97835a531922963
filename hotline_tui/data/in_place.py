"""An embedded database's file where it was opened: one that is taken away or exchanged is read on unnoticed by SQLite.

What is written into it then is lost, and a new connection would make an empty one in its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from hotline_tui.errors import Unreachable

MOVED = "数据库文件已不在原处或已被换掉, 没有读写; 请放回原处, 或退出后重新运行"


class InPlace:
    """Which file it was when it was first opened."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: tuple[int, int] | None = None

    def watch(self, engine: sa.Engine) -> None:
        """Let nobody have a connection while another file lies there, or none."""

        @event.listens_for(engine, "do_connect")
        def first(*_: Any) -> None:  # pyright: ignore[reportUnusedFunction]
            self.prove()

        @event.listens_for(engine, "connect")
        def opened(*_: Any) -> None:  # pyright: ignore[reportUnusedFunction]
            if self._opened is None:
                self._opened = self._now()

        @event.listens_for(engine, "checkout")
        def again(*_: Any) -> None:  # pyright: ignore[reportUnusedFunction]
            self.prove()

    def prove(self) -> None:
        """Raise Unreachable unless it is still there."""
        if self._opened is not None and self._now() != self._opened:
            raise Unreachable(MOVED)

    def _now(self) -> tuple[int, int] | None:
        """No other file gets the same while somebody has it open."""
        try:
            state = self._file.stat()
        except OSError:
            return None
        return state.st_dev, state.st_ino
