"""办理过程: an order's steps, and each as a line in plain Chinese (SCREENS, 工单)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import (
    Action,
    OfficeAction,
    OrderState,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the order."""

    sequence: int
    at: datetime
    action: Action | OfficeAction
    actor: str
    """Name and post at that time."""
    assignment_id: UUID | None
    from_state: OrderState | None
    to_state: OrderState | None
    facts: dict[str, Any]


def timeline(session: Session, viewer: Viewer, order_id: UUID) -> tuple[Step, ...]:
    """The steps of an order from the first; none for an order that this viewer may not see."""
    query = (
        orders_of(
            viewer,
            col(Event.sequence),
            col(Event.at),
            col(Event.action),
            col(Event.actor),
            col(Event.assignment_id),
            col(Event.from_state),
            col(Event.to_state),
            col(Event.payload)["facts"].label("facts"),
        )
        .join(Event, col(Event.order_id) == col(WorkOrder.id))
        .where(col(WorkOrder.id) == order_id)
        .order_by(col(Event.sequence))
    )
    return tuple(
        Step(
            *row[:5],
            from_state=OrderState(row.from_state) if row.from_state else None,
            to_state=OrderState(row.to_state) if row.to_state else None,
            facts=row.facts or {},
        )
        for row in fetch(session, query)
    )
