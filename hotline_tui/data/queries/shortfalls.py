"""What a unit's rates fall short by, one by one: why it has the score that it has (R-11.8)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.measured import joined, own, source_of
from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.statistics import Reckoning
from hotline_tui.data.queries.visibility import among, orders_of
from hotline_tui.models import Misconduct, WorkOrder
from hotline_tui.rules.periods import Period
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Fault, Measure


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One counted thing."""

    unit_id: UUID
    number: str
    """Of the order."""
    at: datetime
    """The time (UTC) by whose day it counts."""


def shortfalls(
    session: Session,
    viewer: Viewer,
    reckoning: Reckoning,
    period: Period,
    measure: Measure,
    *,
    but: Collection[Measure] = (),
) -> list[Shortfall]:
    """What `measure` counts of units and none of `but` does, the first first; all of one table."""
    source = source_of(measure)
    until = min(period.until, reckoning.now + timedelta.resolution)
    query = orders_of(viewer, source.unit.label("unit_id"), col(WorkOrder.number), source.at.label("told_at"))
    query = joined(query, source, period.since, until).where(*own(source, viewer), source.unit.is_not(None))
    wanted = source.counts[measure]
    query = query if wanted is None else query.where(wanted)
    for each in but:
        query = query.where(sa.func.coalesce(source.counts[each], sa.false()).is_(False))
    return [Shortfall(*row) for row in fetch(session, query.order_by(source.at, source.id))]


def recorded(session: Session, viewer: Viewer, period: Period) -> list[tuple[Fault, Shortfall]]:
    """责任追究 of a period, the first first (R-17, R-18)."""
    fault, at = col(Misconduct.fault), col(Misconduct.recorded_at)
    query = (
        orders_of(viewer, fault, col(Misconduct.unit_id), col(WorkOrder.number), at)
        .join(Misconduct, col(Misconduct.order_id) == col(WorkOrder.id))
        .where(at >= period.since, at < period.until)
        .order_by(at, col(Misconduct.id))
    )
    if viewer.unit_ids:
        query = query.where(among(col(Misconduct.unit_id), viewer.unit_ids))
    return [(row[0], Shortfall(*row[1:])) for row in fetch(session, query)]
