"""What is kept of reports: the office's own words, and appraisals as they were confirmed (Art. 5, 11(8))."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id, word_type
from hotline_tui.rules.words import Report as ReportKind


class ReportText(Table, table=True):
    """What the office writes itself for one kind of report of one period; the last edit counts."""

    __table_args__ = (UniqueConstraint("report", "first", "last"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    report: ReportKind = Field(sa_type=word_type(ReportKind))
    first: date
    """Of the period, as `last` a Shanghai day."""
    last: date
    number: int | None = None
    """Of the issue; None for its place in the year."""
    problems: str = ""
    """存在问题, in Markdown."""
    next_steps: str = ""
    """下一步工作, in Markdown."""
    version: int = 1
    written_at: datetime = Field(sa_type=UTC_TIME)
    written_by: UUID | None = Field(default=None, foreign_key="account.id")


class Appraisal(Table, table=True):
    """考评 of a period as the authority confirmed it: never changed, a later confirmation is a new version."""

    __table_args__ = (UniqueConstraint("first", "last", "version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    first: date
    """Of the period, as `last` a Shanghai day."""
    last: date
    version: int
    figures: bytes
    """As `reports.frozen` packs them."""
    digest: str
    """SHA-256 of `figures`, which the event holds, too."""
    confirmed_at: datetime = Field(sa_type=UTC_TIME)
    confirmed_by: UUID | None = Field(default=None, foreign_key="account.id")
    confirmer: str
    """Whose name stood there."""
