"""Telling that something was committed (Postgres; SQLite counts its commits by itself).

Told by a short transaction of its own after the commit, not inside it: a transaction that notifies holds a lock of the
whole database until its commit is on disk, so that a hundred seats would write one after the other.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterable
from contextlib import closing
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import Session

from hotline_tui.data.news import CHANNEL, News, kind_of
from hotline_tui.errors import HotlineError

GAP_SECONDS = 0.25
"""One process tells no more often: an import commits a thousand times."""
FLUSH_SECONDS = 2.0
_MARKS = "hotline_news"
# Nobody waits for the disk: with the server everything that was told is gone, and who listens reads again.
_TELL = "SELECT set_config('synchronous_commit', 'off', true), pg_notify(%s, kind) FROM unnest(%s::text[]) AS kind"


def mark_options() -> dict[str, Any]:
    """Execution options of a connection whose writes are remembered until the commit."""
    return {_MARKS: set[News]()}


class Teller:
    """Tells after each commit of one engine's sessions: at once by the connection that committed, then in a thread.

    The thread ends when nothing is left to tell.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._left: set[News] = set()
        self._told_at = -GAP_SECONDS
        self._thread: threading.Thread | None = None
        self._hurry = threading.Event()
        event.listen(engine, "after_execute", _remember)

    def follow(self, session: Session, connection: sa.Connection) -> None:
        """Tell what this session commits."""
        session.info[_MARKS] = self, connection

    def tell(self, kinds: Iterable[News], connection: sa.Connection) -> None:
        """By a connection that has just committed; where something was told a moment ago soon, without waiting."""
        with self._lock:
            self._left |= set(kinds)
            if not self._left or self._thread is not None:
                return
            if monotonic() - self._told_at < GAP_SECONDS:
                self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
                self._thread.start()
                atexit.register(self.flush)
                return
            now = self._take()
        try:
            self._send(now, connection.connection)
        except self._engine.dialect.loaded_dbapi.Error as error:
            connection.invalidate(error)

    def flush(self) -> None:
        """Tell what is left now; waits a moment, not for a server that does not answer."""
        atexit.unregister(self.flush)
        self._hurry.set()
        thread = self._thread
        if thread is not None:
            thread.join(FLUSH_SECONDS)
        self._hurry.clear()

    def _take(self) -> set[News]:
        kinds, self._left = self._left, set()
        self._told_at = monotonic()
        return kinds

    def _run(self) -> None:
        while True:
            self._hurry.wait(max(0.0, self._told_at + GAP_SECONDS - monotonic()))
            with self._lock:
                kinds = self._take()
                if not kinds:
                    self._thread = None
                    return
            try:
                with closing(self._engine.raw_connection()) as connection:
                    self._send(kinds, connection)
            except (SQLAlchemyError, HotlineError, OSError, self._engine.dialect.loaded_dbapi.Error):
                # Not told where the server is away: who listens has lost it too, and reads again when it is back.
                continue

    def _send(self, kinds: Iterable[News], connection: PoolProxiedConnection) -> None:
        driver: Any = connection.driver_connection
        driver.autocommit = True
        try:
            driver.execute(_TELL, (CHANNEL, [kind.value for kind in sorted(kinds)]))
        finally:
            driver.autocommit = False


# For all sessions once: to listen to each costs as much as a statement.
@event.listens_for(Session, "after_commit")
def _committed(session: Any) -> None:
    followed: tuple[Teller, sa.Connection] | None = session.info.get(_MARKS)
    if followed is not None:
        teller, connection = followed
        marks: set[News] = connection.get_execution_options()[_MARKS]
        teller.tell(marks, connection)
        marks.clear()


@event.listens_for(Session, "after_rollback")
def _undone(session: Any) -> None:
    followed: tuple[Teller, sa.Connection] | None = session.info.get(_MARKS)
    if followed is not None:
        followed[1].get_execution_options()[_MARKS].clear()


def _remember(connection: sa.Connection, statement: Any, *_: Any) -> None:
    marks: set[News] | None = connection.get_execution_options().get(_MARKS)
    if marks is not None and isinstance(statement, sa.Insert | sa.Update | sa.Delete):
        kind = kind_of(getattr(statement.table, "name", ""))
        if kind is not None:
            marks.add(kind)
