"""日历: rows that the office adds over the `holidays` library (R-D3)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table


class CalendarRow(Table, table=True):
    """A day made off or working by one source; of several for a day the one issued last is in force."""

    day: date = Field(primary_key=True)
    source: str = Field(primary_key=True)
    works: bool
    name: str
    national: bool = False
    """By a notice of the State Council, and so no day of a region or by hand."""
    issued: date
    added_at: datetime = Field(sa_type=UTC_TIME)
    added_by: UUID | None = Field(default=None, foreign_key="account.id")


class NoticedYear(Table, table=True):
    """A year whose State Council notice the office has taken in."""

    year: int = Field(primary_key=True)
    source: str = Field(primary_key=True)
    added_at: datetime = Field(sa_type=UTC_TIME)
    added_by: UUID | None = Field(default=None, foreign_key="account.id")
