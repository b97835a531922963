"""The database: one Store, two engines. Reads and writes are transactions; failures become sentences."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from hotline_tui.errors import Conflict, HotlineError, StorageError, UsageError

ENGINES = ("sqlite", "postgresql")
SQLITE_BUSY_SECONDS = 10
CONNECT_SECONDS = 5
BAD_ADDRESS = "数据库地址写法不对, 应为 postgresql://用户@主机/库名 或 sqlite:///文件路径"
CHANGED = "此工单刚刚已被他人办理, 请按最新情况重新操作"


class Store:
    """One database. Made cheaply; connects when first asked."""

    def __init__(self, url: str, key: str = "") -> None:
        try:
            self.url = sa.make_url(url)
            if self.url.get_backend_name() not in ENGINES:
                raise UsageError(BAD_ADDRESS)
            self.engine = _sqlite(self.url, key) if self.is_sqlite else _postgres(self.url)
        except (ArgumentError, ValueError) as error:  # also a port that is no number, a driver that nobody knows
            raise UsageError(BAD_ADDRESS) from error
        except ModuleNotFoundError as error:
            raise StorageError(f"没有安装这种数据库的驱动 {error.name}, 请安装 hotline-tui[postgres]") from error
        self.keeps = True
        """False for a rehearsal."""

    def rehearsal(self) -> Store:
        """The same database, where what is committed is undone at the end of its transaction."""
        other = copy(self)
        other.keeps = False
        return other

    @property
    def is_sqlite(self) -> bool:
        """Embedded, or the centre's Postgres."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Generator[Session]:
        """A transaction that sees one state of the database and writes nothing; raises StorageError."""
        with self._session(writing=False) as session:
            yield session

    @contextmanager
    def write(self) -> Generator[Session]:
        """A transaction that rolls back unless committed; raises Conflict or StorageError."""
        with self._session(writing=True) as session:
            yield session

    @contextmanager
    def _session(self, *, writing: bool) -> Generator[Session]:
        try:
            with self.engine.connect().execution_options(hotline_writing=writing) as connection:
                if not self.keeps:
                    connection.begin()
                mode = "conditional_savepoint" if self.keeps else "rollback_only"
                with Session(
                    bind=connection, expire_on_commit=False, autoflush=False, join_transaction_mode=mode
                ) as session:
                    yield session
        except HotlineError:
            raise
        except StaleDataError as error:
            raise Conflict(CHANGED) from error
        except (DBAPIError, OSError) as error:
            raise translate(error) from error

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def translate(error: Exception) -> HotlineError:
    """The sentence for a failure of the database."""
    text = str(getattr(error, "orig", error)).lower()
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if "unique" in text and "sequence" in text:
        return Conflict(CHANGED)
    if state in ("40001", "40P01", "55P03"):
        return Conflict(CHANGED)
    if "full" in text or "no space" in text or state == "53100" or getattr(error, "errno", None) == 28:
        return StorageError("磁盘已满, 没有存入; 请清理磁盘后重试, 已录入的内容仍在草稿中")
    if "disk i/o" in text:
        return StorageError("磁盘读写出错, 没有存入; 请检查磁盘空间和磁盘是否完好")
    if "unable to open" in text:
        return StorageError("数据库文件打不开, 请检查路径和权限")
    if "no such table" in text or state == "42P01":
        return StorageError("数据库尚未建立, 请先运行 hotline init")
    if "not a database" in text or "malformed" in text:
        return StorageError("数据库文件打不开: 已损坏, 或加密口令不对")
    if "locked" in text or "busy" in text:
        return StorageError("数据库正忙, 没有存入; 请稍后重试")
    if "readonly" in text or "read-only" in text:
        return StorageError("数据库是只读的, 没有存入; 请检查文件权限")
    if "password authentication" in text or state in ("28P01", "28000"):
        return StorageError("数据库拒绝登录, 请检查 HOTLINE_DATABASE_URL 中的用户名和口令")
    if state == "3D000" or ("database" in text and "does not exist" in text):
        return StorageError("数据库服务器上没有这个库, 请检查 HOTLINE_DATABASE_URL 中的库名")
    if isinstance(error, (OperationalError, InterfaceError, OSError)):
        return StorageError("数据库连接不上, 请检查网络和 HOTLINE_DATABASE_URL; 已录入的内容仍在草稿中")
    return StorageError(f"数据库出错, 没有存入: {str(getattr(error, 'orig', error)).splitlines()[0]}")


def _sqlite(url: sa.URL, key: str) -> sa.Engine:
    # Carries a SQLite without the WAL defect of older ones; it ships no types.
    from sqlcipher3 import dbapi2  # pyright: ignore[reportMissingTypeStubs]

    engine = sa.create_engine(
        url, module=dbapi2, connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
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


def _postgres(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url,
        pool_size=4,
        max_overflow=4,
        pool_pre_ping=True,
        connect_args={"prepare_threshold": None, "connect_timeout": CONNECT_SECONDS},
    )


def ensure_folder(url: sa.URL) -> None:
    """Make the folder and the file of an embedded database, for their owner alone; raises StorageError."""
    if url.get_backend_name() == "sqlite" and url.database:
        try:
            Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            Path(url.database).touch(mode=0o600)
        except OSError as error:
            raise StorageError(f"建不了数据目录 {Path(url.database).parent}: {error.strerror}") from error
