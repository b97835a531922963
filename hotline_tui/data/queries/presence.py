"""Who else is at an order just now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.models import Account, Claim, Presence, WorkOrder
from hotline_tui.rules.secrecy import Viewer


@dataclass(frozen=True, slots=True)
class Company:
    """Others at an order, by name."""

    busy: tuple[str, ...] = ()
    """Who has taken it from a queue."""
    looking: tuple[str, ...] = ()
    """Who has it open."""


def others_at(session: Session, viewer: Viewer, order_id: UUID, now: datetime) -> Company:
    """Who is at the order beside the viewer."""
    busy, looking = (_names(session, viewer, order_id, table, now) for table in (Claim, Presence))
    return Company(busy, tuple(name for name in looking if name not in busy))


def _names(
    session: Session, viewer: Viewer, order_id: UUID, table: type[Claim | Presence], now: datetime
) -> tuple[str, ...]:
    query = (
        orders_of(viewer, col(Account.name))
        .join(table, col(table.order_id) == col(WorkOrder.id))
        .join(Account, col(Account.id) == col(table.account_id))
        .where(col(WorkOrder.id) == order_id, col(table.until) > now)
        .order_by(col(Account.name))
    )
    if viewer.account_id is not None:
        query = query.where(col(table.account_id) != viewer.account_id)
    return tuple(str(row[0]) for row in fetch(session, query))
