"""The working calendar in force: the `holidays` library with the office's rows on top (R-D3)."""

from __future__ import annotations

from functools import lru_cache

from sqlmodel import Session, select

from hotline_tui.models import CalendarRow, NoticedYear
from hotline_tui.rules.calendar import DayRow, WorkingCalendar


def calendar_in_force(session: Session) -> WorkingCalendar:
    """The calendar as this transaction sees it; the same rows give the same object."""
    rows = session.exec(select(CalendarRow)).all()
    years = session.exec(select(NoticedYear.year)).all()
    return _calendar(
        tuple(sorted((DayRow(row.day, row.works, row.name, row.source) for row in rows), key=lambda row: row.day)),
        tuple(sorted(years)),
    )


@lru_cache(maxsize=4)
def _calendar(rows: tuple[DayRow, ...], years: tuple[int, ...]) -> WorkingCalendar:
    return WorkingCalendar(rows, years)
