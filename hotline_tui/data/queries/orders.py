"""查询: orders by whatever a person remembers of them, newest first or as they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import (
    Cursor,
    OrderRow,
    Page,
    before,
    behind,
    earliest_due,
    fetch,
    order_row,
    order_rows,
    page_of,
)
from hotline_tui.data.queries.visibility import orders_of, owes_answer
from hotline_tui.errors import NotFound, Refused
from hotline_tui.models import Caller, Deadline, OrderCaller, Topic, WorkOrder
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.numbers import dialled, normalise
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Channel, Kind, OrderState, Role, Standing

MAY_ASK_BY_PHONE = frozenset({Role.AGENT, Role.OFFICE})
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What is looked for; every field that is given must hold."""

    number: str = ""
    """Whole, as typed, or its beginning or its end."""
    words: str = ""
    """Each of them in the narrative, the subject or the address."""
    phone: str = ""
    """Exactly; for the front desk and the office alone (R-13b)."""
    kind: Kind | None = None
    states: frozenset[OrderState] = frozenset()
    unit_id: UUID | None = None
    """The unit that leads now."""
    topic_id: UUID | None = None
    """With the topics below it."""
    region_id: UUID | None = None
    since: datetime | None = None
    """Received at this moment or later."""
    until: datetime | None = None
    """Received before this moment."""
    urgent: bool | None = None
    channel: Channel | None = None
    standing: Standing | None = None


EVERYTHING = OrderFilter()


class Sort(StrEnum):
    """In which order they come."""

    NEWEST = "newest"
    DUE = "due"
    """The earliest deadline first; orders that owe no answer are left out."""
    OLDEST = "oldest"


def page(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    filters: OrderFilter = EVERYTHING,
    *,
    sort: Sort = Sort.NEWEST,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page[OrderRow]:
    """Orders that this viewer may see, as sorted; raises Refused when the role may not ask by phone."""
    query = order_rows(viewer).where(*_conditions(viewer, filters, edges))
    at: Any = col(WorkOrder.received_at)
    if sort is Sort.DUE:
        at = earliest_due()
        query = query.where(col(WorkOrder.id).in_(sa.select(col(Deadline.order_id)).where(owes_answer())))
    if sort is Sort.NEWEST:
        beyond, keys = before, (at.desc(), col(WorkOrder.id).desc())
    else:
        beyond, keys = behind, (at, col(WorkOrder.id))
    if after is not None:
        query = query.where(beyond(at, col(WorkOrder.id), after))

    def end(row: OrderRow) -> Cursor:
        return Cursor(row.due_at if sort is Sort.DUE and row.due_at else row.received_at, row.id)

    return page_of(session, query.order_by(*keys), limit, lambda values: order_row(values, edges), end)


def row(session: Session, viewer: Viewer, edges: Edges, order_id: UUID) -> OrderRow | None:
    """One order as a list shows it, for painting a line again; None when it is not to be seen."""
    found = fetch(session, order_rows(viewer).where(col(WorkOrder.id) == order_id))
    return order_row(found[0], edges) if found else None


def by_number(session: Session, viewer: Viewer, number: str) -> UUID:
    """The order with this spoken number, in whatever form it was typed; raises NotFound."""
    known = normalise(number)
    for found in fetch(session, orders_of(viewer, col(WorkOrder.id)).where(col(WorkOrder.number) == known)):
        return found.id
    raise NotFound(f"没有编号为 {clean_line(number)[:40]} 的工单, 请核对编号")


def _conditions(viewer: Viewer, asked: OrderFilter, edges: Edges) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    equal = (
        (col(WorkOrder.kind), asked.kind),
        (col(WorkOrder.channel), asked.channel),
        (col(WorkOrder.unit_id), asked.unit_id),
        (col(WorkOrder.region_id), asked.region_id),
    )
    conditions += [column == value for column, value in equal if value is not None]
    if asked.number.strip():
        conditions.append(_number(asked.number))
    if asked.phone.strip():
        conditions.append(by_phone(viewer, asked.phone))
    for word in asked.words.split()[:MOST_WORDS]:
        texts = (col(WorkOrder.narrative), col(WorkOrder.subject), col(WorkOrder.address))
        conditions.append(sa.or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if asked.states:
        conditions.append(col(WorkOrder.state).in_(sorted(asked.states)))
    if asked.topic_id is not None:
        conditions.append(_topic(asked.topic_id))
    if asked.since is not None:
        conditions.append(col(WorkOrder.received_at) >= asked.since)
    if asked.until is not None:
        conditions.append(col(WorkOrder.received_at) < asked.until)
    if asked.urgent is not None:
        conditions.append(col(WorkOrder.urgent).is_(asked.urgent))
    if asked.standing is not None:
        conditions.append(_standing(asked.standing, edges))
    return conditions


def _number(text: str) -> sa.ColumnElement[bool]:
    whole = normalise(text)
    if whole is not None:
        return col(WorkOrder.number) == whole
    part = clean_line(text).upper().replace(" ", "")
    return sa.or_(
        col(WorkOrder.number).startswith(part, autoescape=True), col(WorkOrder.number).endswith(part, autoescape=True)
    )


def by_phone(viewer: Viewer, phone: str) -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: it came from this number; raises Refused for roles that may not ask (R-13b)."""
    if viewer.role not in MAY_ASK_BY_PHONE:
        raise Refused(f"{viewer.role.label}不能按来电号码查询", "第十三条")
    return sa.exists(
        sa.select(sa.literal(1))
        .join_from(OrderCaller, Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(col(OrderCaller.order_id) == col(WorkOrder.id), col(Caller.phone) == dialled(clean_line(phone)))
        .correlate(WorkOrder)
    )


def _topic(topic_id: UUID) -> sa.ColumnElement[bool]:
    top, below = aliased(Topic), aliased(Topic)
    within = sa.or_(col(below.id) == col(top.id), col(below.path).startswith(col(top.path).concat("/")))
    return col(WorkOrder.topic_id).in_(sa.select(col(below.id)).join(top, within).where(col(top.id) == topic_id))


def _standing(standing: Standing, edges: Edges) -> sa.ColumnElement[bool]:
    """By the earliest open clock; what is seriously overdue is overdue too (R-D7)."""
    due = col(Deadline.due_at)
    match standing:
        case Standing.SERIOUSLY_OVERDUE:
            return _has_clock(due < edges.serious_before)
        case Standing.OVERDUE:
            return _has_clock(due < edges.now)
        case Standing.DUE_SOON:
            return _has_clock(due >= edges.now, due <= edges.soon_until) & ~_has_clock(due < edges.now)
        case Standing.IN_TIME:
            return _has_clock(due > edges.soon_until) & ~_has_clock(due <= edges.soon_until)


def _has_clock(*bounds: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    clock = sa.select(sa.literal(1)).where(col(Deadline.order_id) == col(WorkOrder.id), owes_answer(), *bounds)
    return sa.exists(clock.correlate(WorkOrder))
