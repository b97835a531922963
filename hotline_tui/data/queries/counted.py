"""What stands behind a figure: the counted things one by one, as far as the viewer may see them (R-11.7, R-13a).

By the very conditions that the figure was counted by, so that the list is as long as the figure says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from hotline_tui.data.queries.measured import Scope, joined, own, source_of, within
from hotline_tui.data.queries.rows import COLUMNS, MOST, Cursor, OrderRow, Page, before, order_row, order_rows, page_of
from hotline_tui.data.queries.statistics import ALL, Reckoning, is_serious
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.periods import Period
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Measure


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that a figure counts: an order, a unit's share or deadline of one, a callback."""

    order: OrderRow
    id: UUID
    """Of the thing itself."""
    at: datetime
    """The time by whose day it counts."""
    unit_id: UUID | None
    """The unit that was responsible; of orders themselves none."""


def counted(
    session: Session,
    viewer: Viewer,
    reckoning: Reckoning,
    measure: Measure,
    period: Period,
    *,
    scope: Scope = ALL,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page[Counted]:
    """A page of what a figure counts, the newest first; an order stands there as often as it was counted."""
    source = source_of(measure)
    unit: Any = sa.null() if source.unit is None else source.unit
    query = order_rows(viewer, source.id.label("thing"), source.at.label("told_at"), unit.label("told_by"))
    until = min(period.until, reckoning.now + timedelta.resolution)
    query = joined(query, source, period.since, until).where(*own(source, viewer), *within(source, scope))
    condition = is_serious(reckoning, period) if measure is Measure.SERIOUS else source.counts[measure]
    if condition is not None:
        query = query.where(condition)
    if after is not None:
        query = query.where(before(source.at, source.id, after))
    query = query.order_by(source.at.desc(), source.id.desc()).limit(MOST)
    edges = reckoning.edges
    return page_of(session, query, limit, lambda row: _counted(row, edges), lambda one: Cursor(one.at, one.id))


def _counted(row: Any, edges: Edges) -> Counted:
    thing, at, unit_id = row[COLUMNS:]
    return Counted(order_row(row, edges), thing, at, unit_id)
