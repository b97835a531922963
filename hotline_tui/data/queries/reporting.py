"""The office's own words for a report, and the confirmed versions of an appraisal: for who sees every order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import sees_every_order
from hotline_tui.errors import DamagedData
from hotline_tui.models import Appraisal, ReportText
from hotline_tui.rules.periods import Period
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Report


@dataclass(frozen=True, slots=True)
class Text:
    """What the office wrote; `version` 0 for what nobody wrote yet."""

    number: int | None = None
    problems: str = ""
    next_steps: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A version of an appraisal."""

    version: int
    at: datetime
    """UTC."""
    by: str
    digest: str


def text(session: Session, viewer: Viewer, report: Report, period: Period) -> Text:
    """What was written for this report of this period."""
    if not sees_every_order(viewer):
        return Text()
    columns = (col(ReportText.number), col(ReportText.problems), col(ReportText.next_steps), col(ReportText.version))
    query = sa.select(*columns).where(
        col(ReportText.report) == report, col(ReportText.first) == period.first, col(ReportText.last) == period.last
    )
    found = fetch(session, query)
    return Text(*found[0]) if found else Text()


def confirmed(session: Session, viewer: Viewer, period: Period) -> list[Confirmed]:
    """The versions of a period, the first first."""
    if not sees_every_order(viewer):
        return []
    columns = (col(Appraisal.version), col(Appraisal.confirmed_at), col(Appraisal.confirmer), col(Appraisal.digest))
    query = sa.select(*columns).where(*_of(period)).order_by(col(Appraisal.version))
    return [Confirmed(*row) for row in fetch(session, query)]


def frozen(session: Session, viewer: Viewer, period: Period, version: int) -> bytes:
    """A version's figures as they were packed; empty where there is none. Raises DamagedData."""
    from hashlib import sha256

    if not sees_every_order(viewer):
        return b""
    query = sa.select(col(Appraisal.figures), col(Appraisal.digest)).where(
        *_of(period), col(Appraisal.version) == version
    )
    found = fetch(session, query)
    if found and sha256(found[0].figures).hexdigest() != found[0].digest:
        raise DamagedData(f"{period.title}考评第 {version} 版的数据与确认时不同, 请保留现场, 从备份恢复")
    return found[0].figures if found else b""


def _of(period: Period) -> tuple[sa.ColumnElement[bool], ...]:
    return col(Appraisal.first) == period.first, col(Appraisal.last) == period.last
