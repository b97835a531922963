"""What callers told of themselves, in full: to hold a text against it, and to unmask it (R-13b).

The one read of it. At a guarded seat the database gives it only to who has said before, in a transaction that is
committed, whose it is and why; it keeps that, whatever becomes of the transaction that reads.
"""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.roles import calls
from hotline_tui.data.store import store_of
from hotline_tui.models import Caller, OrderCaller, WorkOrder
from hotline_tui.rules.personal import Known
from hotline_tui.rules.secrecy import Viewer


def told(session: Session, viewer: Viewer, order_id: UUID, why: str) -> list[Known]:
    """Of each caller, first caller first; nobody of an order that this viewer may not see."""
    if viewer.guarded:
        return _asked_for(session, order_id, why)
    query = (
        orders_of(viewer, col(Caller.name), col(Caller.phone), col(Caller.workplace), col(Caller.home_address))
        .join(OrderCaller, col(OrderCaller.order_id) == col(WorkOrder.id))
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(col(WorkOrder.id) == order_id)
        .order_by(col(OrderCaller.position))
    )
    return [Known(*facts) for facts in fetch(session, query)]


def _asked_for(session: Session, order_id: UUID, why: str) -> list[Known]:
    store = store_of(session)
    with store.write() as own:
        seen = own.connection().execute(calls.look(order_id, why)).scalar_one()
        own.commit()
    if not seen:
        return []
    with store.read() as own:
        return [Known(*facts) for facts in own.connection().execute(calls.callers_in_full(order_id))]
