"""Hearing that something was changed, by whomever: a thread that listens to the database and never touches a screen.

Postgres: LISTEN on a connection of its own. SQLite: the number that changes with each commit of another connection.
Nothing is heard of what happened while the line was down, so whoever listens again is told that anything may be new.
"""

from __future__ import annotations

import random
import select
import socket
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from time import monotonic
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from hotline_tui.data.in_place import InPlace
from hotline_tui.data.news import ANYTHING, CHANNEL, Heard, News
from hotline_tui.data.store import CONNECT_SECONDS, Store
from hotline_tui.errors import HotlineError

GAP_SECONDS = 1.0
"""All changes of so long are one refresh; the first is told at once."""
LOOK_SECONDS = 0.5
"""So often SQLite is asked."""
BEAT_SECONDS = 30.0
"""So often a silent server is asked whether it still hears us."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Before a lost line is tried again: twice as long each time."""
_ALIVE = {"keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}
"""A network that swallows everything is noticed by the system; `tcp_user_timeout` in milliseconds."""


class Live:
    """Listens until closed. `heard` is called in its thread, at most once in `gap` seconds, with what kinds changed."""

    def __init__(self, store: Store, heard: Heard, *, address: str = "", gap: float = GAP_SECONDS) -> None:
        """`address`: of the server itself, where the store's own leads through a pool (PgBouncer)."""
        self._store = store
        self._heard = heard
        self._url = sa.make_url(address) if address else store.url
        self._gap = gap
        self._bell, self._rope = socket.socketpair()
        self._closed = False
        self._pending: set[News] = set()
        self._next = 0.0
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self.listening = False
        """False: nothing is heard now, so that one has to look oneself every few seconds."""

    def start(self) -> Live:
        """Begin."""
        self._thread.start()
        return self

    def close(self) -> None:
        """End at once; `heard` is not called any more."""
        self._closed = True
        with suppress(OSError):  # it has ended already
            self._rope.send(b".")

    def join(self, seconds: float) -> bool:
        """Wait until the thread has ended; whether it has."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        with self._bell, self._rope:
            while not self._closed:
                try:
                    with self._line() as line:
                        self.listening, pause = True, FIRST_PAUSE
                        self._pending |= ANYTHING
                        while not self._closed:
                            self._pending |= line.wait(self._patience())
                            self._tell()
                except (SQLAlchemyError, HotlineError, OSError, *_driver_errors()):
                    self.listening = False
                if not self._closed:
                    # Not all seats at the same moment, when a server comes back.
                    self._pause(pause * random.uniform(0.7, 1.3))  # noqa: S311
                    pause = min(2 * pause, LONGEST_PAUSE)
            self.listening = False

    def _patience(self) -> float | None:
        """How long to wait for more news before those in hand are told; None: without end."""
        return max(0.0, self._next - monotonic()) if self._pending else None

    def _tell(self) -> None:
        if self._pending and not self._closed and monotonic() >= self._next:
            kinds, self._pending = frozenset(self._pending), set()
            self._next = monotonic() + self._gap
            self._heard(kinds)

    def _pause(self, seconds: float) -> None:
        select.select([self._bell], [], [], seconds)

    @contextmanager
    def _line(self) -> Generator[_Line]:
        if self._store.is_sqlite:
            with closing(self._store.engine.raw_connection()) as pooled:
                pooled.detach()
                yield _Counter(pooled.cursor(), self._bell, self._store.place)
        else:
            yield from self._listener()

    def _listener(self) -> Generator[_Line]:
        import psycopg

        dialect = self._store.engine.dialect
        args, options = dialect.create_connect_args(self._url)
        given: dict[str, Any] = {
            "connect_timeout": CONNECT_SECONDS,
            "target_session_attrs": "read-write",
            **_ALIVE,
            **options,
        }
        given |= {"autocommit": True, "prepare_threshold": None, "application_name": "hotline-live"}
        with psycopg.connect(*args, **given) as connection:
            own = connection.execute("SELECT pg_backend_pid()").fetchone()
            if own is None or own[0] != connection.info.backend_pid:
                raise PoolBetween
            connection.execute(f"LISTEN {CHANNEL}")
            yield _Listener(connection, self._bell)


class PoolBetween(HotlineError):
    """The address leads to a pool, which hands each transaction to another server process: nothing would be heard."""


class _Line(Protocol):
    def wait(self, seconds: float | None) -> set[News]:
        """What was heard within so long, or until the bell rings; raises where the line is cut."""
        ...


class _Counter:
    """SQLite's own count of commits."""

    def __init__(self, cursor: Any, bell: socket.socket, place: InPlace) -> None:
        self._cursor = cursor
        self._bell = bell
        self._place = place
        self._seen = self._now()

    def wait(self, seconds: float | None) -> set[News]:
        end = None if seconds is None else monotonic() + seconds
        while True:
            left = LOOK_SECONDS if end is None else min(LOOK_SECONDS, max(0.0, end - monotonic()))
            if select.select([self._bell], [], [], left)[0]:
                return set()
            now = self._now()
            if now != self._seen:
                self._seen = now
                return set(ANYTHING)
            if end is not None and monotonic() >= end:
                return set()

    def _now(self) -> int:
        self._place.prove()
        return int(self._cursor.execute("PRAGMA data_version").fetchone()[0])


class _Listener:
    """Postgres tells."""

    def __init__(self, connection: Any, bell: socket.socket) -> None:
        self._connection = connection
        self._bell = bell
        self._beat = monotonic() + BEAT_SECONDS

    def wait(self, seconds: float | None) -> set[News]:
        left = max(0.0, self._beat - monotonic())
        ready = select.select([self._connection, self._bell], [], [], left if seconds is None else min(seconds, left))[
            0
        ]
        if self._connection in ready:
            self._beat = monotonic() + BEAT_SECONDS
            return {News(note.payload) for note in self._connection.notifies(timeout=0) if note.payload in ANYTHING}
        if monotonic() >= self._beat and self._bell not in ready:
            self._connection.execute("SELECT 1")
            self._beat = monotonic() + BEAT_SECONDS
        return set()


def _driver_errors() -> tuple[type[Exception], ...]:
    """What the driver raises for a cut line, beside what SQLAlchemy makes of it."""
    import sys

    modules = [sys.modules.get(name) for name in ("psycopg", "sqlcipher3.dbapi2")]
    return tuple(module.Error for module in modules if module is not None)
