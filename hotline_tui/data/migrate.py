"""Alembic, one history for both engines (R-6d)."""

from __future__ import annotations

from pathlib import Path

from hotline_tui.data.store import Store, ensure_folder
from hotline_tui.errors import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str, key: str = "") -> None:
    """Bring a database to this program's version; an empty one is built from nothing. Raises StorageError."""
    import sqlalchemy as sa
    from alembic import command

    store = Store(url, key)
    ensure_folder(store.url)
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
    """The database's version; None when it is empty."""
    import sqlalchemy as sa

    with store.read() as session:
        connection = session.connection()
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


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
    """Raise StorageError unless the database is at this program's version."""
    refuse_newer(store)
    revision = current(store)
    if revision is None:
        raise StorageError("数据库尚未建立, 请先运行 hotline init")
    if revision != head():
        raise StorageError("数据库版本较旧, 请先运行 hotline db upgrade")


def _config():  # noqa: ANN202 - alembic is imported where first needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
