"""The databases that tests are handed are fresh, real and their own."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import create_engine, inspect, literal_column, select, text
from sqlalchemy.engine.interfaces import CacheStats


@pytest.mark.parametrize("again", range(3))
def test_each_test_is_handed_an_empty_database_of_its_own(database_url: str, storage: str, again: int) -> None:
    engine = create_engine(database_url)
    assert engine.dialect.name == {"sqlite": "sqlite", "postgres": "postgresql"}[storage]
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE trace (id INTEGER)"))
    engine.dispose()


@pytest.mark.parametrize("again", range(2))
def test_a_migrated_database_has_the_tables_and_nothing_of_the_test_before(migrated_url: str, again: int) -> None:
    engine = create_engine(migrated_url)
    with engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        assert "alembic_version" in tables
        assert "trace" not in tables
        connection.execute(text("CREATE TABLE trace (id INTEGER)"))
    engine.dispose()


def test_what_one_engine_compiled_serves_the_next_of_its_kind(database_url: str) -> None:
    statement = select(literal_column("1").label(f"of_{uuid4().hex}"))
    found: list[CacheStats] = []
    for _ in range(2):
        engine = create_engine(database_url)
        with engine.connect() as connection:
            found.append(connection.execute(statement).context.cache_hit)
        engine.dispose()
    assert found == [CacheStats.CACHE_MISS, CacheStats.CACHE_HIT]
