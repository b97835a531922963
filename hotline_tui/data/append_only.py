"""The triggers through which the database itself refuses to change or delete what is written once (Art. 5, R-11.7)."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

TABLES = ("event", "seal", "appraisal")
# REPLACE deletes the row in its way without asking the delete trigger, unless each connection asks for it.
# Where no rowid is given, NEW.rowid is -1.
_TAKEN = {
    "event": {
        "event_no_replace": "SELECT 1 FROM event WHERE id = NEW.id OR (NEW.rowid > 0 AND rowid = NEW.rowid)",
        "event_no_second": (
            "SELECT 1 FROM event WHERE order_id = NEW.order_id AND sequence = NEW.sequence AND id <> NEW.id"
        ),
    },
    "seal": {
        "seal_no_replace": (
            "SELECT 1 FROM seal WHERE (node = NEW.node AND number = NEW.number) OR event_id = NEW.event_id"
            " OR (NEW.rowid > 0 AND rowid = NEW.rowid)"
        ),
    },
    "appraisal": {
        "appraisal_no_replace": (
            "SELECT 1 FROM appraisal WHERE id = NEW.id OR (NEW.rowid > 0 AND rowid = NEW.rowid)"
            " OR (first = NEW.first AND last = NEW.last AND version = NEW.version)"
        ),
    },
}
_SAID = {"event_no_second": "append-only: event.sequence is UNIQUE"}
"""`data.failures` tells a lost race by its words."""
_FUNCTION = "refuse_change"
_BODY = " BEGIN RAISE EXCEPTION 'append-only'; END "


def sqlite_triggers() -> Iterator[tuple[str, str]]:
    """Name and statement of each."""
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            yield name, f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {_abort(name)}"
        for name, taken in _TAKEN[table].items():
            yield name, f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN EXISTS ({taken}) {_abort(name)}"


def _abort(name: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{_SAID.get(name, 'append-only')}'); END"


def postgres_function() -> str:
    """The statement for what the triggers call."""
    return f"CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"


def postgres_triggers() -> Iterator[tuple[str, str]]:
    """Name and statement of each; an upsert asks the update trigger."""
    for table in TABLES:
        for name, verbs, each in (
            (f"{table}_append_only", "UPDATE OR DELETE", "ROW"),
            (f"{table}_no_truncate", "TRUNCATE", "STATEMENT"),
        ):
            call = f"FOR EACH {each} EXECUTE FUNCTION {_FUNCTION}()"
            yield name, f"CREATE TRIGGER {name} BEFORE {verbs} ON {table} {call}"


def missing(connection: sa.Connection) -> list[str]:
    """The triggers that are not there, switched off or other than they were made."""
    if connection.dialect.name == "sqlite":
        found = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there = {str(name): str(sql) for name, sql in connection.execute(found)}
        return [name for name, statement in sqlite_triggers() if there.get(name) != statement]
    found = sa.text(
        "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE tgrelid IN (to_regclass('event'), to_regclass('seal'), to_regclass('appraisal'))"
        " AND tgenabled IN ('O', 'A') AND tgqual IS NULL AND proname = :function AND prosrc = :body"
    )
    working = set(connection.execute(found, {"function": _FUNCTION, "body": _BODY}).scalars())
    return [name for name, _ in postgres_triggers() if name not in working]
