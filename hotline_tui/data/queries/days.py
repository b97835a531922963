"""The Shanghai calendar day of a stored time, in SQL on both engines."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class shanghai_date(FunctionElement[Any]):  # noqa: N801 - reads as the SQL function that it is
    """`shanghai_date(column)`: the date in Asia/Shanghai of an aware time."""

    name = "shanghai_date"
    type = sa.Date()
    inherit_cache = True


@compiles(shanghai_date, "postgresql")
def _postgres(element: shanghai_date, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return f"CAST(timezone('Asia/Shanghai', {compiler.process(element.clauses, **options)}) AS DATE)"


@compiles(shanghai_date, "sqlite")
def _sqlite(element: shanghai_date, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    # Shanghai has kept +08:00 since 1991; SQLite knows no zones.
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


class month_of(FunctionElement[Any]):  # noqa: N801 - as above
    """`month_of(date)`: the month of a date, as `2026-09`."""

    name = "month_of"
    type = sa.String()
    inherit_cache = True


@compiles(month_of, "postgresql")
def _postgres_month(element: month_of, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return f"to_char({compiler.process(element.clauses, **options)}, 'YYYY-MM')"


@compiles(month_of, "sqlite")
def _sqlite_month(element: month_of, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return f"substr({compiler.process(element.clauses, **options)}, 1, 7)"


class shanghai_hour(FunctionElement[Any]):  # noqa: N801 - as above
    """`shanghai_hour(column)`: the hour of the day in Asia/Shanghai of an aware time, 0 to 23."""

    name = "shanghai_hour"
    type = sa.Integer()
    inherit_cache = True


@compiles(shanghai_hour, "postgresql")
def _postgres_hour(element: shanghai_hour, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return (
        f"CAST(EXTRACT(HOUR FROM timezone('Asia/Shanghai', {compiler.process(element.clauses, **options)})) AS INTEGER)"
    )


@compiles(shanghai_hour, "sqlite")
def _sqlite_hour(element: shanghai_hour, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    return f"CAST(strftime('%H', {compiler.process(element.clauses, **options)}, '+8 hours') AS INTEGER)"
