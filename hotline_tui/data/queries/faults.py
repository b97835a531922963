"""责任追究 by unit, as the appraisal counts it (R-17, R-18)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import among, orders_of
from hotline_tui.models import Misconduct, WorkOrder
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Fault


def faults(session: Session, viewer: Viewer, since: datetime, until: datetime) -> dict[str, dict[Fault, int]]:
    """By unit (its key in hex) how many of each were recorded in a period (UTC), of orders that the viewer may find."""
    unit, fault, at = col(Misconduct.unit_id), col(Misconduct.fault), col(Misconduct.recorded_at)
    query = (
        orders_of(viewer, unit, fault, sa.func.count().label("many"))
        .join(Misconduct, col(Misconduct.order_id) == col(WorkOrder.id))
        .where(at >= since, at < until)
        .group_by(unit, fault)
    )
    if viewer.unit_ids:
        query = query.where(among(unit, viewer.unit_ids))
    found: dict[str, dict[Fault, int]] = defaultdict(dict)
    for row in fetch(session, query):
        found[row[0].hex][row[1]] = row.many
    return dict(found)
