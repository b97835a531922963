"""来电历史: earlier orders of a phone number, for the front desk and the office (R-13b)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.orders import MAY_ASK_BY_PHONE, by_phone, of_callers
from hotline_tui.data.queries.rows import OrderRow, fetch, order_row, order_rows
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.roles import calls
from hotline_tui.models import Caller, OrderCaller, WorkOrder
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Kind
from hotline_tui.rules.workflow import FINAL


@dataclass(frozen=True, slots=True)
class History:
    """What a number has brought before."""

    rows: tuple[OrderRow, ...] = ()
    """Newest first, at most as many as were asked for."""
    counts: tuple[tuple[Kind, int], ...] = ()
    """All of them, most frequent kind first."""

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(count for _, count in self.counts)


def history(session: Session, viewer: Viewer, edges: Edges, phone: str, limit: int = 20) -> History:
    """Earlier orders of a number; an empty number has none. Raises Refused for roles that may not ask by phone."""
    came_from = by_phone(viewer, phone)
    if not phone.strip():
        return History()
    rows = (
        order_rows(viewer)
        .where(came_from)
        .order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc())
        .limit(limit)
    )
    many = sa.func.count().label("many")
    kinds = orders_of(viewer, col(WorkOrder.kind), many).where(came_from).group_by(col(WorkOrder.kind))
    found: list[tuple[Kind, int]] = [(values.kind, values.many) for values in fetch(session, kinds)]
    return History(
        tuple(order_row(values, edges) for values in fetch(session, rows)),
        tuple(sorted(found, key=lambda pair: (-pair[1], list(Kind).index(pair[0])))),
    )


def same_caller(session: Session, viewer: Viewer, edges: Edges, order_id: UUID, limit: int = 8) -> tuple[OrderRow, ...]:
    """Other orders under way from a number of this order's callers, newest first: what it may repeat (R-8).

    None for roles that may not ask by phone, and of an order that the viewer may not see.
    """
    if viewer.role not in MAY_ASK_BY_PHONE:
        return ()
    came_from = of_callers(calls.callers_like(order_id)) if viewer.guarded else _like(session, viewer, order_id)
    query = (
        order_rows(viewer)
        .where(came_from, col(WorkOrder.id) != order_id, col(WorkOrder.state).not_in(sorted(FINAL)))
        .order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc())
        .limit(limit)
    )
    return tuple(order_row(values, edges) for values in fetch(session, query))


def _like(session: Session, viewer: Viewer, order_id: UUID) -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: it came from a number of this order's callers."""
    numbers = (
        orders_of(viewer, col(Caller.phone))
        .join(OrderCaller, col(OrderCaller.order_id) == col(WorkOrder.id))
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(col(WorkOrder.id) == order_id, col(Caller.phone) != "")
    )
    phones = sorted({row.phone for row in fetch(session, numbers)})
    return by_phone(viewer, *phones) if phones else sa.false()
