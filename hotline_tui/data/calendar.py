"""The working calendar in force: the `holidays` library with the office's rows on top (R-D3)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.models import CalendarRow, NoticedYear
from hotline_tui.rules.calendar import DayRow, WorkingCalendar

_COLUMNS = tuple(
    col(each)
    for each in (
        CalendarRow.day,
        CalendarRow.source,
        CalendarRow.works,
        CalendarRow.name,
        CalendarRow.issued,
        CalendarRow.added_at,
    )
)
_ALL = sa.union_all(
    sa.select(*_COLUMNS, sa.null().label("year")),
    sa.select(*(sa.null() for _ in _COLUMNS), col(NoticedYear.year)),
)
"""Rows and years in one statement: most that a seat does asks for them."""


def calendar_in_force(session: Session) -> WorkingCalendar:
    """The calendar as this transaction sees it; the same rows give the same object."""
    return _of(tuple(tuple(row) for row in session.connection().execute(_ALL)))


@lru_cache(maxsize=4)
def _of(rows: tuple[tuple[Any, ...], ...]) -> WorkingCalendar:
    days = (
        CalendarRow(day=day, source=source, works=works, name=name, issued=issued, added_at=added_at)
        for day, source, works, name, issued, added_at, year in rows
        if year is None
    )
    return calendar_of(days, (row[-1] for row in rows if row[-1] is not None))


def calendar_of(rows: Iterable[CalendarRow], noticed: Iterable[int]) -> WorkingCalendar:
    """The calendar that these rows make: for each day the one issued last, of two of one date the one added last."""
    ordered = sorted(rows, key=lambda row: (row.day, row.issued, row.added_at, row.source))
    in_force = {row.day: DayRow(row.day, row.works, row.name, row.source) for row in ordered}
    return _calendar(tuple(in_force.values()), tuple(sorted(set(noticed))))


@lru_cache(maxsize=4)
def _calendar(rows: tuple[DayRow, ...], years: tuple[int, ...]) -> WorkingCalendar:
    return WorkingCalendar(rows, years)
