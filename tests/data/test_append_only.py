"""The database itself refuses to change or delete an event, a seal or a confirmed appraisal (R-11.7, Art. 5)."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import select

from hotline_tui.data.append_only import missing
from hotline_tui.data.seal import seal
from hotline_tui.errors import Conflict, StorageError
from hotline_tui.models import Appraisal, Event, Seal
from hotline_tui.models.columns import new_id
from tests.builders import Town

pytestmark = pytest.mark.requirement("R-11.7")

REFUSED_EVERYWHERE = [
    "UPDATE {table} SET {column} = 'X'",
    "DELETE FROM {table}",
]
REFUSED_BY_SQLITE = [
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "REPLACE INTO {table} SELECT * FROM {table}",
    "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT ({key}) DO UPDATE SET {column} = 'X'",
]
REFUSED_BY_POSTGRES = [
    "TRUNCATE {table} CASCADE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {column} = 'X'",
]
KEYS = {"event": "id", "seal": "node, number", "appraisal": "id"}
COLUMN = {"event": "node", "seal": "node", "appraisal": "digest"}


def execute(town: Town, statement: str) -> None:
    with town.store.write() as session:
        session.connection().execute(sa.text(statement))
        session.commit()


@pytest.mark.parametrize("table", list(KEYS))
@pytest.mark.parametrize("statement", REFUSED_EVERYWHERE + REFUSED_BY_SQLITE + REFUSED_BY_POSTGRES)
def test_nothing_that_was_recorded_is_changed_or_deleted(town: Town, table: str, statement: str) -> None:
    if statement in (REFUSED_BY_POSTGRES if town.store.is_sqlite else REFUSED_BY_SQLITE):
        pytest.skip("the other engine's way of saying it")
    written(town)
    with pytest.raises(StorageError, match="只能追加"):
        execute(town, statement.format(table=table, key=KEYS[table], column=COLUMN[table]))
    with town.store.read() as session:
        assert [event.node for event in session.exec(select(Event))] == ["C01"]
        assert [each.node for each in session.exec(select(Seal))] == ["C01"]
        assert [each.digest for each in session.exec(select(Appraisal))] == ["D"]


def written(town: Town) -> None:
    """One row of each."""
    town.register()
    seal(town.store, "C01")
    year = {"first": date(2025, 1, 1), "last": date(2025, 12, 31), "version": 1}
    with town.store.write() as session:
        session.add(Appraisal(**year, figures=b"F", digest="D", confirmed_at=town.now, confirmer="信访局 王某"))
        session.commit()


# A SQLite library in another process, without our pragmas: what a stranger's tool is.
STRANGER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("PRAGMA recursive_triggers").fetchone())
connection.execute("PRAGMA foreign_keys = OFF")
for statement in sys.argv[2:]:
    try:
        connection.execute(statement)
        print("done", statement)
    except sqlite3.IntegrityError as error:
        print(error)
connection.commit()
"""
COLUMNS = {
    "event": "id, node, order_id, sequence, action, actor, at, payload",
    "seal": "node, number, event_id, previous, hash",
    "appraisal": "id, first, last, version, figures, digest, confirmed_at, confirmer",
}
REPLACED = {
    "event": [
        "id, 'X', order_id, 99, action, actor, at, payload",
        "lower(hex(randomblob(16))), 'X', order_id, sequence, action, actor, at, payload",
        "lower(hex(randomblob(16))), 'X', order_id, 99, action, actor, at, payload",
    ],
    "seal": [
        "node, number, lower(hex(randomblob(16))), 'X', 'X'",
        "'X', 99, event_id, 'X', 'X'",
        "'X', 99, lower(hex(randomblob(16))), 'X', 'X'",
    ],
    "appraisal": [
        "id, first, last, 99, figures, 'X', confirmed_at, confirmer",
        "lower(hex(randomblob(16))), first, last, version, figures, 'X', confirmed_at, confirmer",
        "lower(hex(randomblob(16))), first, last, 99, figures, 'X', confirmed_at, confirmer",
    ],
}


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", list(KEYS))
def test_a_strangers_connection_replaces_nothing_either(town: Town, table: str) -> None:
    written(town)
    columns, (same_key, same_place, same_row) = COLUMNS[table], REPLACED[table]
    statements = [
        f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {same_key} FROM {table}",
        f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {same_place} FROM {table}",
        f"INSERT OR REPLACE INTO {table} (rowid, {columns}) SELECT rowid, {same_row} FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"UPDATE OR REPLACE {table} SET {COLUMN[table]} = 'X'",
        (
            f"INSERT INTO {table} SELECT * FROM {table} WHERE true"
            f" ON CONFLICT ({KEYS[table]}) DO UPDATE SET {COLUMN[table]} = 'X'"
        ),
    ]
    before = rows(town, table)
    command = [sys.executable, "-c", STRANGER, str(town.store.url.database), *statements]
    done = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert done[0] == "(0,)"
    assert len(done) == 1 + len(statements)
    assert all(line.startswith("append-only") for line in done[1:])
    assert rows(town, table) == before


def rows(town: Town, table: str) -> list[tuple[object, ...]]:
    with town.store.read() as session:
        return [tuple(row) for row in session.connection().execute(sa.text(f"SELECT * FROM {table}"))]


def test_a_lost_race_for_an_orders_next_event_is_still_told_as_one(town: Town) -> None:
    order = town.register()
    with town.store.read() as session:
        first = session.exec(select(Event).where(Event.order_id == order.order_id)).one()
        columns = {name: getattr(first, name) for name in ("node", "order_id", "sequence", "action", "at", "payload")}
    with pytest.raises(Conflict, match="已被他人办理"):
        add(town, Event(**columns))


def test_the_same_key_twice_is_no_race(town: Town) -> None:
    town.register()
    with town.store.read() as session:
        first = session.exec(select(Event)).one()
        columns = {name: getattr(first, name) for name in ("id", "node", "action", "at", "payload")}
    with pytest.raises(StorageError):
        add(town, Event(**columns))


def add(town: Town, event: Event) -> None:
    with town.store.write() as session:
        session.add(event)
        session.commit()


def test_events_without_an_order_stand_beside_each_other(town: Town) -> None:
    town.register()
    with town.store.write() as session:
        first = session.exec(select(Event)).one()
        for _ in range(3):
            session.add(Event(id=new_id(), node="C01", action=first.action, at=first.at))
        session.commit()
    assert len(rows(town, "event")) == 4


@pytest.mark.parametrize("table", list(KEYS))
def test_a_trigger_that_is_gone_is_missed(town: Town, table: str) -> None:
    with town.store.write() as session:
        connection = session.connection()
        assert missing(connection) == []
        if town.store.is_sqlite:
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_replace")
            assert missing(connection) == [f"{table}_no_replace"]
        else:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
            assert missing(connection) == [f"{table}_append_only"]


def test_a_trigger_that_was_made_toothless_is_missed(town: Town) -> None:
    with town.store.write() as session:
        connection = session.connection()
        if town.store.is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER event_no_update")
            connection.exec_driver_sql("CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END")
            assert missing(connection) == ["event_no_update"]
        else:
            connection.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RETURN NEW; END $$"
            )
            assert len(missing(connection)) == 2 * len(KEYS)
