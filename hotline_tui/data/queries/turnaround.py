"""答复用时: of the letters of each year, how many were answered within so many working days (R-10, R-11.7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.days import shanghai_date
from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.statistics import Reckoning
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.models import WorkOrder
from hotline_tui.rules.indicators import Share
from hotline_tui.rules.periods import Period
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Channel, OrderState

LIMITS = (3, 5, 15)
"""Working days, after the day on which a letter came."""


@dataclass(frozen=True, slots=True)
class Turnaround:
    """The letters that came in one year."""

    year: int
    accepted: int
    answered: int
    """By now."""
    within: tuple[Share, ...]
    """Of the accepted, those answered on or before the last day of each limit."""


def turnaround(
    session: Session,
    viewer: Viewer,
    reckoning: Reckoning,
    period: Period | None = None,
    limits: Sequence[int] = LIMITS,
) -> list[Turnaround]:
    """Of the letters that came in this period, or ever, the earliest year first; merged and refused ones left out."""
    came, answered = shanghai_date(col(WorkOrder.received_at)), shanghai_date(col(WorkOrder.answered_at))
    query = (
        orders_of(viewer, came.label("came"), answered.label("answered"), sa.func.count().label("many"))
        .where(
            col(WorkOrder.channel) == Channel.MAILBOX,
            col(WorkOrder.state).not_in((OrderState.REFUSED, OrderState.MERGED)),
            col(WorkOrder.received_at) < reckoning.now + timedelta.resolution,
        )
        .group_by(came, answered)
    )
    if period is not None:
        query = query.where(col(WorkOrder.received_at) >= period.since, col(WorkOrder.received_at) < period.until)
    letters: defaultdict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    for row in fetch(session, query):
        letters[row.came.year].append((row.came, row.answered, row.many))
    found: list[Turnaround] = []
    for year, days in sorted(letters.items()):
        accepted = sum(many for *_, many in days)
        replied = [(first, last, many) for first, last, many in days if last is not None]
        within = (
            sum(many for first, last, many in replied if last <= reckoning.calendar.after(first, limit))
            for limit in limits
        )
        shares = tuple(Share(many, accepted) for many in within)
        found.append(Turnaround(year, accepted, sum(many for *_, many in replied), shares))
    return found
