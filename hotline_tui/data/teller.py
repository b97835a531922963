"""Telling that something was committed (Postgres; SQLite counts its commits by itself).

Told by a short transaction of its own after the commit, not inside it: a transaction that notifies holds a lock of the
whole database until its commit is on disk, so that a hundred seats would write one after the other.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from hotline_tui.data.news import CHANNEL, News, kind_of
from hotline_tui.errors import HotlineError

GAP_SECONDS = 0.25
"""One process tells no more often: an import commits a thousand times."""
FLUSH_SECONDS = 2.0
_MARKS = "hotline_news"


def mark_options() -> dict[str, Any]:
    """Execution options of a connection whose writes are remembered until the commit."""
    return {_MARKS: set[News]()}


class Teller:
    """Tells after each commit of one engine's sessions, in a thread that ends when nothing is left to tell."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._left: set[News] = set()
        self._thread: threading.Thread | None = None
        self._hurry = threading.Event()
        event.listen(engine, "after_execute", _remember)

    def follow(self, session: Session, connection: sa.Connection) -> None:
        """Tell what this session commits."""
        marks: set[News] = connection.get_execution_options()[_MARKS]

        def committed(_session: Any) -> None:
            self.tell(marks)
            marks.clear()

        def undone(_session: Any) -> None:
            marks.clear()

        event.listen(session, "after_commit", committed)
        event.listen(session, "after_rollback", undone)

    def tell(self, kinds: Iterable[News]) -> None:
        """Soon, without waiting for it."""
        with self._lock:
            self._left |= set(kinds)
            if self._left and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
                self._thread.start()
                atexit.register(self.flush)

    def flush(self) -> None:
        """Tell what is left now; waits a moment, not for a server that does not answer."""
        atexit.unregister(self.flush)
        self._hurry.set()
        thread = self._thread
        if thread is not None:
            thread.join(FLUSH_SECONDS)
        self._hurry.clear()

    def _run(self) -> None:
        while True:
            with self._lock:
                kinds, self._left = self._left, set()
                if not kinds:
                    self._thread = None
                    return
            self._send(kinds)
            self._hurry.wait(GAP_SECONDS)

    def _send(self, kinds: Iterable[News]) -> None:
        """Not told where the server is away: who listens has lost it too, and reads again when it is back."""
        try:
            with closing(self._engine.raw_connection()) as connection:
                cursor = connection.cursor()
                for kind in sorted(kinds):
                    cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, kind.value))
                connection.commit()
        except (SQLAlchemyError, HotlineError, OSError, self._engine.dialect.loaded_dbapi.Error):
            return


def _remember(connection: sa.Connection, statement: Any, *_: Any) -> None:
    marks: set[News] | None = connection.get_execution_options().get(_MARKS)
    if marks is not None and isinstance(statement, sa.Insert | sa.Update | sa.Delete):
        kind = kind_of(getattr(statement.table, "name", ""))
        if kind is not None:
            marks.add(kind)
