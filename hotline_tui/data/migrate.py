"""Alembic, one history for both engines (R-6d)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hotline_tui.data.store import Session, Store, ensure_folder
from hotline_tui.errors import DamagedData, StorageError

MIGRATIONS = Path(__file__).parent / "migrations"
NOT_MADE = "数据库尚未建立, 请先运行 hotline init"
NO_VERSION = "数据库中有本程序的表而没有版本号: 已损坏, 请停止使用, 保留现场, 从备份恢复"


def upgrade(url: str, key: str = "") -> None:
    """Bring a database to this program's version; an empty one is built from nothing. Raises StorageError."""
    import sqlalchemy as sa
    from alembic import command

    store = Store(url, key)
    ensure_folder(store.url)
    must_exist(store)
    try:
        with store.write() as session:
            if not store.is_sqlite:  # of two that upgrade at once the second waits, and then finds nothing to do
                session.connection().execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('hotline db', 0))"))
            refuse_newer(store)
            config = _config()
            config.attributes["connection"] = session.connection()
            command.upgrade(config, "head")
            session.commit()
    finally:
        store.dispose()


def current(store: Store) -> str | None:
    """The database's version; None when it is empty. Raises DamagedData where there are tables without a version."""
    import sqlalchemy as sa

    with store.read() as session:
        connection = session.connection()
        found: list[str] = []
        if sa.inspect(connection).has_table("alembic_version"):
            found += connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars()
        if len(found) == 1:
            return found[0]
        if found or _our_tables() & set(sa.inspect(connection).get_table_names()):
            raise DamagedData(NO_VERSION)
        return None


def missing(session: Session) -> Iterator[str]:
    """The tables and columns that this program's version has and the database has not."""
    import sqlalchemy as sa
    from sqlmodel import SQLModel

    known = _our_tables()
    found = {name: columns for (_, name), columns in sa.inspect(session.connection()).get_multi_columns().items()}
    for name in sorted(known):
        if name not in found:
            yield f"{name} 表"
            continue
        there = {column["name"] for column in found[name]}
        yield from (
            f"{name} 表的 {column.name} 列"
            for column in SQLModel.metadata.tables[name].columns
            if column.name not in there
        )


def _our_tables() -> set[str]:
    from sqlmodel import SQLModel

    import hotline_tui.models  # noqa: F401  # pyright: ignore[reportUnusedImport]

    return set(SQLModel.metadata.tables)


def must_exist(store: Store) -> None:
    """Raise StorageError where an embedded database has not been made; makes no file."""
    if store.file is not None and store.file.is_dir():
        raise StorageError(f"数据库文件的位置上是一个目录, 请移走或改名: {store.file}")
    if store.file is not None and not store.file.is_file():
        raise StorageError(NOT_MADE)


def revisions() -> list[str]:
    """Every version that this program knows, oldest first: a file begins with its number. A seat needs no Alembic."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """This program's version of the database."""
    return revisions()[-1]


def refuse_newer(store: Store) -> None:
    """Raise StorageError when a newer program made this database."""
    revision = current(store)
    if revision is not None and revision not in revisions():
        raise StorageError("数据库由更新版本的程序建立, 请先升级本程序")


def check(store: Store) -> None:
    """Raise StorageError unless the database is at this program's version; makes no file."""
    must_exist(store)
    refuse_newer(store)
    revision = current(store)
    if revision is None:
        raise StorageError(NOT_MADE)
    if revision != head():
        raise StorageError("数据库版本较旧, 请先运行 hotline db upgrade")


def _config():  # noqa: ANN202 - alembic is imported where first needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
