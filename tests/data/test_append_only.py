"""The database itself refuses to change or delete an event or a seal (R-11.7)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import select

from hotline_tui.data.seal import seal
from hotline_tui.errors import StorageError
from hotline_tui.models import Event, Seal
from tests.builders import Town

REFUSED_EVERYWHERE = [
    "UPDATE {table} SET node = 'X'",
    "DELETE FROM {table}",
]
REFUSED_BY_SQLITE = [
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "REPLACE INTO {table} SELECT * FROM {table}",
]
REFUSED_BY_POSTGRES = [
    "TRUNCATE {table} CASCADE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET node = 'X'",
]
KEYS = {"event": "id", "seal": "node, number"}


def execute(town: Town, statement: str) -> None:
    with town.store.write() as session:
        session.connection().execute(sa.text(statement))
        session.commit()


@pytest.mark.parametrize("table", ["event", "seal"])
@pytest.mark.parametrize("statement", REFUSED_EVERYWHERE + REFUSED_BY_SQLITE + REFUSED_BY_POSTGRES)
def test_nothing_that_was_recorded_is_changed_or_deleted(town: Town, table: str, statement: str) -> None:
    if statement in (REFUSED_BY_POSTGRES if town.store.is_sqlite else REFUSED_BY_SQLITE):
        pytest.skip("the other engine's way of saying it")
    town.register()
    seal(town.store, "C01")
    with pytest.raises(StorageError, match="append-only"):
        execute(town, statement.format(table=table, key=KEYS[table]))
    with town.store.read() as session:
        assert [event.node for event in session.exec(select(Event))] == ["C01"]
        assert [each.node for each in session.exec(select(Seal))] == ["C01"]
