"""The order that a duplicate lives on in, and what it has come to (R-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.models import Reply, WorkOrder
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import OrderState


@dataclass(frozen=True, slots=True)
class Living:
    """How the matter stands."""

    number: str
    state: OrderState
    reply: str
    """The text released last; empty before the first release."""
    released_at: datetime | None


def living(session: Session, viewer: Viewer, order_id: UUID) -> Living | None:
    """Where the order stands that a duplicate was merged into, however often that one was merged in its turn.

    None where the viewer may not see it.
    """
    passed: set[UUID] = set()
    while True:
        query = orders_of(viewer, col(WorkOrder.number), col(WorkOrder.state), col(WorkOrder.merged_into_id))
        found = fetch(session, query.where(col(WorkOrder.id) == order_id))
        if not found:
            return None
        passed.add(order_id)
        number, state, further = found[0]
        if further is None or further in passed:
            break
        order_id = further
    released = (
        orders_of(viewer, col(Reply.text), col(Reply.released_text), col(Reply.released_at))
        .join(Reply, col(Reply.order_id) == col(WorkOrder.id))
        .where(col(WorkOrder.id) == order_id, col(Reply.released_at).is_not(None))
        .order_by(col(Reply.position).desc())
        .limit(1)
    )
    for text, shortened, at in fetch(session, released):
        return Living(number, state, shortened or text, at)
    return Living(number, state, "", None)
