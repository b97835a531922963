"""The demonstration city's orders many times over, in the database itself: what a hotline holds after three years.

Orders that are closed are spread over three years in whole weeks; those under way stay where they are in the city.
Every copy has its own callers, shares, clocks, replies and callbacks. Of the events one closed copy in ten keeps its
own: all of them would be most of the file and no list reads them. They are of a node that no desk seals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from hotline_tui.data.append_only import sqlite_triggers
from hotline_tui.data.store import Store

Run = Callable[[str], object]
WEEKS = 156
LIVING = 5_000
"""Orders under way; the rest is closed."""
WITH_EVENTS = 10
"""One closed copy of so many keeps its events."""
FREQUENT = "13900002211"
"""The number of one caller in a thousand."""
NODE = "bench"
TABLES = (
    "work_order", "caller", "order_caller", "order_accused", "assignment", "deadline", "reply", "request", "on_site",
    "misconduct", "callback", "report", "instruction", "instructed_unit", "event",
)  # fmt: skip
_CLOSED = "state IN ('archived', 'refused')"
_OWN_KEYS = {f"{table}.id" for table in TABLES}


def multiply(store: Store, orders: int, living: int = LIVING, tables: Sequence[str] = TABLES) -> None:
    """Add copies until there are about `orders`, `living` of them under way; only of these tables.

    Afterwards nobody else may have the database open.
    """
    connection = store.engine.raw_connection()
    cursor, lite = connection.cursor(), store.is_sqlite
    run: Run = cursor.execute
    held = _unhinder(cursor) if lite else _unhinder_server(cursor)
    if lite:
        run("BEGIN")
    _plan(cursor, orders, living, lite=lite)
    for table in tables:
        run(_copied(table, lite=lite))
    run(
        "INSERT INTO number_series (site, day, last) SELECT site, day, MAX(last) FROM made GROUP BY site, day"
        " ON CONFLICT (site, day) DO UPDATE SET last = excluded.last"
    )
    connection.commit()
    for statement in held:
        run(statement)
    connection.commit()
    connection.detach()
    connection.close()


def analyse(store: Store) -> None:
    """Let the engine count what its planner goes by."""
    connection = store.engine.raw_connection()
    connection.cursor().execute("ANALYZE")
    connection.commit()
    connection.close()


def _unhinder(cursor: Any) -> list[str]:
    """Take away what slows filling; returns the statements that bring it back."""
    for pragma in ("foreign_keys=OFF", "journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=FILE"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
    indexes, triggers = [tuple(row) for row in cursor.fetchall()], list(sqlite_triggers())
    for kind, found in (("INDEX", indexes), ("TRIGGER", triggers)):
        for name, _ in found:
            cursor.execute(f"DROP {kind} {name}")
    return [str(statement) for _, statement in [*indexes, *triggers]]


def _unhinder_server(cursor: Any) -> list[str]:
    """The same of Postgres: foreign keys are not looked at, indexes are made at the end; needs a superuser."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute(
        "SELECT indexdef, indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint) ORDER BY indexname"
    )
    indexes = [tuple(row) for row in cursor.fetchall()]
    for _, name in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    return [str(made) for made, _ in indexes]


def _plan(cursor: Any, orders: int, many_living: int, *, lite: bool) -> None:
    """`made`: one row a new order, in the order of time, with the beginning of its keys and its number."""
    run: Run = cursor.execute
    for table in TABLES:
        run(f'CREATE TEMP TABLE "old_{table}" AS SELECT * FROM "{table}"')
        if table != "caller":
            run(f'CREATE INDEX "old_{table}_of" ON "old_{table}" ({"id" if table == "work_order" else "order_id"})')
    run("CREATE INDEX old_caller_id ON old_caller (id)")
    closed = _count(cursor, _CLOSED)
    living = _count(cursor, f"NOT ({_CLOSED})")
    of_living = max(1, min(many_living, orders // 2) // living)
    of_closed = max(1, (orders - (of_living + 1) * living - closed) // closed)
    moved = _moved("received_at", "days * 86400 + seconds", lite=lite)
    day = f"date({_moved('at', '28800', lite=True)})" if lite else "CAST(timezone('Asia/Shanghai', at) AS DATE)"
    milliseconds = (
        "CAST(ROUND((julianday(at) - 2440587.5) * 86400000) AS INTEGER)"
        if lite
        else "CAST(EXTRACT(EPOCH FROM at) * 1000 AS BIGINT)"
    )
    stem = (
        f"printf('%012x7%03x8%04x', {milliseconds}, n % 4096, n / 4096)"
        if lite
        else f"lpad(to_hex({milliseconds}), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8'"
        " || lpad(to_hex(n / 4096), 4, '0')"
    )
    four = (
        "printf('%04d', last)"
        if lite
        else "CASE WHEN last < 10000 THEN lpad(CAST(last AS text), 4, '0') ELSE CAST(last AS text) END"
    )
    compact = "strftime('%Y%m%d', day)" if lite else "to_char(day, 'YYYYMMDD')"
    run(f"""
        CREATE TEMP TABLE made AS
        WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {of_living + of_closed}),
        old AS (SELECT id, site, received_at, {_CLOSED} AS closed, row_number() OVER (ORDER BY id) AS place
                FROM old_work_order),
        placed AS (
            SELECT n, id, site, received_at, place,
                CASE WHEN closed THEN -7 * ((n * 7919) % {WEEKS}) ELSE 0 END AS days,
                CASE WHEN closed THEN (n * 1009 + place * 7919) % 7200 - 3600
                    ELSE -((n * 61 + place) % 3600) END AS seconds
            FROM copy JOIN old ON closed = (n > {of_living})),
        timed AS (SELECT n, id, site, place, days, seconds, {moved} AS at FROM placed),
        dated AS (SELECT *, {day} AS day FROM timed),
        counted AS (
            SELECT dated.*, row_number() OVER (PARTITION BY dated.site, dated.day ORDER BY at, n, id)
                + COALESCE(number_series.last, 0) AS last
            FROM dated LEFT JOIN number_series ON number_series.site = dated.site AND number_series.day = dated.day)
        SELECT n, id, site, day, last, place, days, seconds, {stem} AS stem,
            site || '-' || {compact} || '-' || {four} AS number
        FROM counted ORDER BY at, n, id
    """)
    run("CREATE INDEX made_of ON made (id, n)")
    if not lite:
        run("ANALYZE made")


def _copied(table: str, *, lite: bool) -> str:
    """The statement that fills a table; SQLite keeps a cross join's order, and so that of time."""
    columns = SQLModel.metadata.tables[table].columns
    values = ", ".join(_value(table, column, lite=lite) for column in columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    source = f'made CROSS JOIN "old_{table}" AS o WHERE o.order_id = made.id'
    match table:
        case "work_order":
            source = (
                "made CROSS JOIN old_work_order AS o"
                " LEFT JOIN made AS living ON living.id = o.merged_into_id AND living.n = made.n WHERE o.id = made.id"
            )
        case "caller":
            source = (
                "made CROSS JOIN old_order_caller AS oc CROSS JOIN old_caller AS o"
                " WHERE oc.order_id = made.id AND o.id = oc.caller_id"
            )
        case "event":
            source += f" AND (made.n % {WITH_EVENTS} = 0 OR made.days = 0)"
        case _:
            pass
    return f'INSERT INTO "{table}" ({names}) SELECT {values} FROM {source}'


def _value(table: str, column: sa.Column[object], *, lite: bool) -> str:
    own = f'o."{column.name}"'
    for said in _said(table, column.name, lite=lite):
        return said
    target = next((key.target_fullname for key in column.foreign_keys), "")
    if target == "work_order.id":
        return _key("made.id", lite=lite)
    if (table in TABLES and column.primary_key and not target and column.name == "id") or target in _OWN_KEYS:
        return _key(own, lite=lite)
    if isinstance(column.type, sa.Date):
        return f"date({own}, printf('%+d days', made.days))" if lite else f"{own} + CAST(made.days AS integer)"
    if "DateTime" in type(column.type).__name__:
        # A deadline stands on the closing hour.
        by = "made.days * 86400" if column.name == "due_at" else "made.days * 86400 + made.seconds"
        return _moved(own, by, lite=lite)
    return own


def _said(table: str, column: str, *, lite: bool) -> Iterator[str]:
    """Columns that are neither a key nor a time."""
    if table == "work_order" and column == "number":
        yield "made.number"
    if table == "work_order" and column == "fingerprint":
        yield "o.fingerprint || '-' || made.n"
    if table == "work_order" and column == "merged_into_id":
        key = _key("living.id", lite=lite).replace("made.stem", "living.stem")
        yield f"CASE WHEN o.merged_into_id IS NOT NULL THEN {key} END"
    if table == "caller" and column == "phone":
        digits = "(made.n / 3 * 1009 + made.place * 31) % 100000000"
        tail = f"printf('%08d', {digits})" if lite else f"lpad(CAST({digits} AS text), 8, '0')"
        yield (
            f"CASE WHEN o.phone = '' THEN '' WHEN (made.n * 31 + made.place) % 1000 = 0 THEN '{FREQUENT}'"
            f" ELSE '138' || {tail} END"
        )
    if table == "caller" and column == "masked_phone":
        yield "CASE WHEN o.phone = '' THEN '' ELSE '138****0000' END"
    if table == "event" and column in ("assignment_id", "base"):
        yield f"CASE WHEN o.{column} IS NOT NULL THEN {_key(f'o.{column}', lite=lite)} END"
    if table == "event" and column == "node":
        yield f"'{NODE}'"


def _count(cursor: Any, condition: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM old_work_order WHERE {condition}")
    return int(cursor.fetchone()[0])


def _key(old: str, *, lite: bool) -> str:
    if lite:
        return f"made.stem || substr({old}, -11)"
    return f"CAST(made.stem || right(replace(CAST({old} AS text), '-', ''), 11) AS uuid)"


def _moved(time: str, seconds: str, *, lite: bool) -> str:
    """A time so many seconds later."""
    if lite:
        return f"strftime('%Y-%m-%d %H:%M:%f000', {time}, printf('%+d seconds', {seconds}))"
    return f"{time} + ({seconds}) * INTERVAL '1 second'"
