"""The working calendar in force: the `holidays` library with the office's rows on top (R-D3)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlmodel import Session, select

from hotline_tui.models import CalendarRow, NoticedYear
from hotline_tui.rules.calendar import DayRow, WorkingCalendar


def calendar_in_force(session: Session) -> WorkingCalendar:
    """The calendar as this transaction sees it; the same rows give the same object."""
    rows = session.exec(select(CalendarRow)).all()
    return calendar_of(rows, session.exec(select(NoticedYear.year)).all())


def calendar_of(rows: Iterable[CalendarRow], noticed: Iterable[int]) -> WorkingCalendar:
    """The calendar that these rows make: for each day the one issued last, of two of one date the one added last."""
    ordered = sorted(rows, key=lambda row: (row.day, row.issued, row.added_at, row.source))
    in_force = {row.day: DayRow(row.day, row.works, row.name, row.source) for row in ordered}
    return _calendar(tuple(in_force.values()), tuple(sorted(set(noticed))))


@lru_cache(maxsize=4)
def _calendar(rows: tuple[DayRow, ...], years: tuple[int, ...]) -> WorkingCalendar:
    return WorkingCalendar(rows, years)
