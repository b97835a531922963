"""One history for both engines: up from nothing, the models' very tables at its end, a newer one refused."""

from __future__ import annotations

import subprocess
import sys
from subprocess import PIPE

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from hotline_tui.data import migrate
from hotline_tui.data.store import Store
from hotline_tui.errors import DamagedData, StorageError

pytestmark = pytest.mark.requirement("R-6d")


@pytest.fixture
def store(database_url: str):
    store = Store(database_url)
    yield store
    store.dispose()


def test_an_empty_database_asks_for_init(store: Store) -> None:
    assert migrate.current(store) is None
    with pytest.raises(StorageError, match="hotline init"):
        migrate.check(store)


def test_tables_without_a_version_are_damage_and_nothing_is_built_over_them(database_url: str, store: Store) -> None:
    migrate.upgrade(database_url)
    for statement in ("DELETE FROM alembic_version", "DROP TABLE alembic_version"):
        with store.write() as session:
            session.connection().execute(sa.text(statement))
            session.commit()
        for refused in (lambda: migrate.check(store), lambda: migrate.upgrade(database_url)):
            with pytest.raises(DamagedData, match="没有版本号"):
                refused()


def test_a_database_that_holds_what_is_not_ours_asks_for_init(store: Store) -> None:
    with store.write() as session:
        session.connection().execute(sa.text("CREATE TABLE of_another_program (a INTEGER)"))
        session.commit()
    with pytest.raises(StorageError, match="hotline init"):
        migrate.check(store)


def test_from_nothing_to_this_version_and_again_changes_nothing(database_url: str, store: Store) -> None:
    for _ in range(2):
        migrate.upgrade(database_url)
        assert migrate.current(store) == migrate.head()
    migrate.check(store)


def test_the_migrations_make_the_tables_that_the_models_say(database_url: str, store: Store) -> None:
    migrate.upgrade(database_url)
    with store.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_from_each_version_on_the_way_the_upgrade_reaches_the_end(database_url: str, store: Store) -> None:
    from alembic import command

    for revision in ("0001", "0002"):
        with store.write() as session:
            config = migrate._config()
            config.attributes["connection"] = session.connection()
            command.upgrade(config, revision)
            session.commit()
        assert migrate.current(store) == revision
    migrate.upgrade(database_url)
    migrate.check(store)


def test_the_versions_known_by_name_are_those_of_the_history() -> None:
    from alembic.script import ScriptDirectory

    history = [script.revision for script in ScriptDirectory.from_config(migrate._config()).walk_revisions()]
    assert migrate.revisions() == history[::-1]


def test_a_database_of_a_newer_program_is_left_alone(database_url: str, store: Store) -> None:
    migrate.upgrade(database_url)
    set_version(store, "9999")
    for refused in (lambda: migrate.check(store), lambda: migrate.upgrade(database_url)):
        with pytest.raises(StorageError, match="更新版本"):
            refused()
    assert migrate.current(store) == "9999"


def test_an_older_database_asks_for_the_upgrade(database_url: str, store: Store) -> None:
    migrate.upgrade(database_url)
    set_version(store, "0001")
    with pytest.raises(StorageError, match="hotline db upgrade"):
        migrate.check(store)


def test_two_upgrades_at_once_build_one_database(database_url: str, store: Store) -> None:
    code = "import sys; from hotline_tui.data.migrate import upgrade; input(); upgrade(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", code, database_url], stdin=PIPE, stderr=PIPE, text=True) for _ in "ab"
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in started] == ["", ""]
    migrate.check(store)


def set_version(store: Store, version: str) -> None:
    with store.write() as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        session.commit()
