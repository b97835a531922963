"""The database: one Store, two engines (R-6d). Reads and writes are transactions; failures become sentences."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from hotline_tui.data.attempts import patiently
from hotline_tui.data.failures import ADDRESS, CHANGED, ENCODING, READ_ONLY, READS_ONLY, translate
from hotline_tui.data.frozen import FrozenFile
from hotline_tui.data.in_place import InPlace
from hotline_tui.data.lines import Lines
from hotline_tui.data.server_time import ServerTime
from hotline_tui.data.teller import Teller, mark_options
from hotline_tui.errors import Conflict, HotlineError, Lost, StorageError, reason

if TYPE_CHECKING:
    from hotline_tui.data.roles.seat import Sitting

T = TypeVar("T")
ENGINES = ("sqlite", "postgresql")
SQLITE_BUSY_SECONDS = 10
CONNECT_SECONDS = 5
PATIENCE_SECONDS = 10
"""So long a piece of work is tried again while the server is away: a person waits for the answer."""
SILENT_SECONDS = 8
"""A server that sends nothing for so long is gone: a cable that was pulled says nothing."""
RESTED_SECONDS = 1
"""A connection that was not used for so long is looked at before it is used."""
KEPT, MORE = 2, 2
"""Connections that a seat keeps, and that it may open beside them for a moment."""
LOG_BYTES = 64 * 1024
"""What SQLite makes beside its file when it opens it: an index of 32 KiB, and a log."""
NO_HOST = frozenset("[] \t")
"""What no host's name holds: SQLAlchemy takes the brackets of an IPv6 address away, and lets half of them pass."""
_IS_THERE = sa.text("SELECT version_num FROM alembic_version")
_READS = sa.text("SELECT current_setting('transaction_read_only')")
BAD_ADDRESS = "数据库地址写法不对, 应为 postgresql://用户@主机/库名 或 sqlite:///文件路径"


class _Roles:
    """Which of the program's roles the login has, asked on the first connection and shared by all who sit there."""

    def __init__(self, known: frozenset[str] | None) -> None:
        self.known = known

    def ask(self, connection: sa.Connection) -> None:
        from hotline_tui.data.roles.seat import roles_of

        self.known = roles_of(connection)
        connection.rollback()


class Store:
    """One database. Made cheaply; connects when first asked."""

    def __init__(self, url: str, key: str = "", setting: str = ADDRESS) -> None:
        """`setting`: where the address stands, for whoever is told that it is wrong."""
        try:
            self.url = sa.make_url(url)
            if self.url.get_backend_name() not in ENGINES or set(self.url.host or "") & NO_HOST:
                raise StorageError(BAD_ADDRESS)
            self._file = FrozenFile(Path(self.url.database or ""))
            self.place = InPlace(self._file.file)
            """Of an embedded database."""
            self._time = ServerTime()
            self._lines = Lines()
            self.engine = (
                _sqlite(self.url, key, self._file, self.place)
                if self.is_sqlite
                else _postgres(self.url, self._time, self._lines)
            )
        except (ArgumentError, ValueError) as error:  # also a port that is no number, a driver that nobody knows
            raise StorageError(BAD_ADDRESS) from error
        except ModuleNotFoundError as error:
            raise StorageError(f"没有安装这种数据库的驱动 {error.name}, 请安装 hotline-tui[postgres]") from error
        self._teller = None if self.is_sqlite else Teller(self.engine)
        self._keyed = bool(key)
        self._setting = setting
        self._let_go = threading.Event()
        self.keeps = True
        """False for a rehearsal."""
        self._roles = _Roles(frozenset() if self.is_sqlite else None)
        self.sitting: Sitting | None = None
        """Who sits here, at a database with roles: each transaction begins with it."""

    def rehearsal(self) -> Store:
        """The same database, where what is committed is undone at the end of its transaction."""
        other = copy(self)
        other.keeps = False
        return other

    def seated(self, sitting: Sitting | None) -> Store:
        """The same database as who sits there sees it; None: as who has yet to sign in."""
        other = copy(self)
        other.sitting = sitting
        return other

    @property
    def roles(self) -> frozenset[str]:
        """The program's roles that this login has; none of an owner and of an embedded database.

        Raises StorageError.
        """
        if self._roles.known is None:
            with self.read():
                pass
        return self._roles.known or frozenset()

    @property
    def guarded(self) -> bool:
        """Whether the database itself says who may see what: this login is not the owner's. Raises StorageError."""
        return bool(self.roles)

    @property
    def is_sqlite(self) -> bool:
        """Embedded, or the centre's Postgres."""
        return self.url.get_backend_name() == "sqlite"

    def now(self) -> datetime:
        """The time, UTC: the server's, so that all seats have the same; of an embedded database this machine's."""
        return datetime.now(UTC) if self.is_sqlite else self._time()

    def patiently(
        self, job: Callable[[], T], *, seconds: float | None = None, tell: Callable[[], object] | None = None
    ) -> T:
        """Do a whole piece of work, again while the server is away, for so many seconds; raises Lost after them."""
        return patiently(job, PATIENCE_SECONDS if seconds is None else seconds, self._let_go, tell)

    @contextmanager
    def read(self) -> Generator[Session]:
        """A transaction that sees one state of the database and writes nothing; raises StorageError."""
        with self._session(writing=False) as session:
            yield session
        self._file.prove()

    @contextmanager
    def write(self) -> Generator[Session]:
        """A transaction that rolls back unless committed; raises Conflict or StorageError."""
        with self._session(writing=True) as session:
            yield session

    @contextmanager
    def _session(self, *, writing: bool) -> Generator[Session]:
        try:
            options: dict[str, Any] = {"hotline_writing": writing, "hotline_sitting": self.sitting}
            if not (writing or self.is_sqlite):
                options["isolation_level"] = "REPEATABLE READ"
            teller = self._teller if writing and self.keeps else None
            if teller is not None:
                options |= mark_options()
            with self.engine.connect().execution_options(**options) as connection:
                if self._roles.known is None:
                    self._roles.ask(connection)
                if not self.keeps:
                    connection.begin()
                mode = "conditional_savepoint" if self.keeps else "rollback_only"
                with Session(
                    bind=connection, expire_on_commit=False, autoflush=False, join_transaction_mode=mode
                ) as session:
                    if teller is not None:
                        teller.follow(session, connection)
                    session.info["store"] = self
                    yield session
        except HotlineError:
            raise
        except StaleDataError as error:
            raise Conflict(CHANGED) from error
        except (DBAPIError, PoolTimeout, OSError) as error:
            plain = self._keyed and self._is_plain()
            told = translate(error, keyed=self._keyed, plain=plain, full=self._is_full())
            told.args = (str(told).replace(ADDRESS, self._setting),)
            raise told from error

    def _is_plain(self) -> bool:
        """Whether the file of an embedded database begins as one that is not encrypted."""
        try:
            with self._file.file.open("rb") as file:
                return self.is_sqlite and file.read(16) == b"SQLite format 3\0"
        except OSError:
            return False

    def _is_full(self) -> bool:
        """Whether SQLite has no room for its log beside the file of an embedded database."""
        try:
            return self.is_sqlite and shutil.disk_usage(self._file.file.parent).free < LOG_BYTES
        except OSError:
            return False

    @property
    def file(self) -> Path | None:
        """The file of an embedded database; None for a server."""
        return self._file.file if self.is_sqlite else None

    def answers(self, *, writing: bool = False) -> None:
        """Comes back when the database has answered, and `writing`: takes what is written; else raises StorageError."""
        with self.read() as session:
            connection = session.connection()
            found = connection.execute(_IS_THERE if self.is_sqlite else _READS).scalar_one_or_none()
            if writing and found == "on":
                connection.invalidate()  # another may lead to who writes now
                raise Lost(READ_ONLY)

    def hang_up(self) -> None:
        """End every call to a server that does not answer: whoever waits for it gets StorageError."""
        self._let_go.set()
        self._lines.hang_up()

    def dispose(self) -> None:
        """Close every connection: one still at work as soon as it is given back."""

        @event.listens_for(self.engine, "checkin")
        def close(_connection: Any, record: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]
            record.invalidate()

        if self._teller is not None:
            self._teller.flush()
        self._let_go.set()
        self.engine.dispose()


def _sqlite(url: sa.URL, key: str, file: FrozenFile, place: InPlace) -> sa.Engine:
    # Carries a SQLite without the WAL defect of older ones; it ships no types.
    from sqlcipher3 import dbapi2  # pyright: ignore[reportMissingTypeStubs]

    engine = sa.create_engine(
        url, module=dbapi2, connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}
    )

    place.watch(engine)

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, _args: Any, options: Any) -> Any:  # pyright: ignore[reportUnusedFunction]
        address = file.address()
        return dialect.connect(address, uri=True, **options) if address else None

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level = NONE")  # SQLCipher would write English to the terminal
        if key:
            quoted = key.replace("'", "''")
            cursor.execute(f"PRAGMA key = '{quoted}'")
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        writing = connection.get_execution_options().get("hotline_writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _postgres(url: sa.URL, server_time: ServerTime, lines: Lines) -> sa.Engine:
    options: dict[str, Any] = {
        "prepare_threshold": None,  # behind PgBouncer the next transaction is on another connection
        "connect_timeout": CONNECT_SECONDS,
        "client_encoding": "UTF8",
        "keepalives_idle": SILENT_SECONDS // 2,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": SILENT_SECONDS * 1000,
    }
    if _hosts(url) > 1 and "target_session_attrs" not in url.query:
        options["target_session_attrs"] = "read-write"  # of several servers the one that takes what is written
    engine = sa.create_engine(
        url,
        pool_size=KEPT,
        max_overflow=MORE,
        pool_timeout=CONNECT_SECONDS,
        connect_args={name: value for name, value in options.items() if name not in url.query},
    )

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, args: Any, options: Any) -> Any:  # pyright: ignore[reportUnusedFunction]
        lines.must_be_wanted()
        connection = dialect.connect(*args, **options)
        if connection.info.parameter_status("server_encoding") not in ("UTF8", None):
            connection.close()
            raise StorageError(ENCODING)
        lines.add(connection)
        server_time.ask(connection)
        return connection

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        # Looked at only after a rest: somebody who types asks every few milliseconds.
        if monotonic() - record.info.get("rests_since", monotonic()) > RESTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    @event.listens_for(engine, "handle_error")
    def fail(context: sa.engine.ExceptionContext) -> None:  # pyright: ignore[reportUnusedFunction]
        if getattr(context.original_exception, "sqlstate", None) == READS_ONLY:
            context.is_disconnect = True  # another connection may lead to who writes now

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        sitting = connection.get_execution_options().get("hotline_sitting")
        if sitting is not None:
            sitting.begin(connection)

    return engine


def _hosts(url: sa.URL) -> int:
    """How many servers an address names: `?host=a:5432&host=b:5432`, or `host=a,b` as libpq has it."""
    named = url.query.get("host", url.host or "")
    return len(named.split(",") if isinstance(named, str) else named)


def store_of(session: Session) -> Store:
    """Whose session it is."""
    return session.info["store"]


def ensure_folder(url: sa.URL) -> None:
    """Make the folder and the file of an embedded database, for their owner alone; raises StorageError."""
    if url.get_backend_name() == "sqlite" and url.database:
        try:
            Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            Path(url.database).touch(mode=0o600)
        except OSError as error:
            raise StorageError(f"建不了数据目录 {Path(url.database).parent}: {reason(error)}") from error
