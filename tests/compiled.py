"""Every test has a database and so an engine of its own; what one engine compiled serves the next of its kind.

A seat keeps one engine all day: statements come out of its cache as they do here, and are not compiled anew each time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache

_KEPT = LRUCache(2000)


def _alike(dialect: Dialect, other: Any) -> bool:
    return type(dialect) is type(other) and dialect.server_version_info == other.server_version_info


def _hash(dialect: Dialect) -> int:
    return hash(type(dialect))


def pytest_configure() -> None:
    """Caches of engines and mappers are keyed by the dialect, and each engine has another."""
    kinds: tuple[Any, ...] = (PGDialect_psycopg, SQLiteDialect_pysqlite)
    for kind in kinds:
        kind.__eq__ = _alike
        kind.__hash__ = _hash
    engine: Any = Engine
    engine._compiled_cache = property(lambda _engine: _KEPT, lambda _engine, _own: None)
