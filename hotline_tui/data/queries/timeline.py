"""办理过程: an order's steps, and each as a line in plain Chinese (SCREENS, 工单)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import Part, number_of_part, orders_of
from hotline_tui.data.roles import calls
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import (
    Action,
    OfficeAction,
    OrderState,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the order, or what was merged into it."""

    sequence: int | None
    """None of a merge, which is an event of the order that ended."""
    at: datetime
    action: Action | OfficeAction
    actor: str
    """Name and post at that time."""
    assignment_id: UUID | None
    from_state: OrderState | None
    to_state: OrderState | None
    facts: dict[str, Any]


def timeline(session: Session, viewer: Viewer, order_id: UUID) -> tuple[Step, ...]:
    """The steps of an order from the first, with what was merged into it; none of one that this viewer may not see."""
    query = (
        orders_of(
            viewer,
            col(Event.id),
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
    steps = [
        (
            row.id,
            Step(
                *row[1:6],
                from_state=OrderState(row.from_state) if row.from_state else None,
                to_state=OrderState(row.to_state) if row.to_state else None,
                facts=row.facts or {},
            ),
        )
        for row in fetch(session, query)
    ]
    for key, joined in _joined(session, viewer, order_id):
        # The order's own steps stay as they are numbered, whatever the clocks of their seats said.
        before = ((each.at, known) <= (joined.at, key) for known, each in reversed(steps))
        place = next((number for number, is_before in enumerate(before) if is_before), len(steps))
        steps.insert(len(steps) - place, (key, joined))
    return tuple(step for _, step in steps)


def _joined(session: Session, viewer: Viewer, order_id: UUID) -> list[tuple[UUID, Step]]:
    """Merges into an order, oldest first; the number of the part where this viewer may see that order too (R-8)."""
    query = (
        calls.merges(order_id)
        if viewer.guarded
        else (
            orders_of(viewer, col(Event.id), col(Event.at), col(Event.actor), number_of_part(viewer))
            .join(Part, col(Part.merged_into_id) == col(WorkOrder.id))
            .join(Event, sa.and_(col(Event.order_id) == col(Part.id), col(Event.action) == Action.MERGE))
            .where(col(WorkOrder.id) == order_id)
            .order_by(col(Event.at), col(Event.id))
        )
    )
    return [
        (event_id, Step(None, at, Action.MERGE, actor, None, None, None, {"joined": number or ""}))
        for event_id, at, actor, number in fetch(session, query)
    ]
