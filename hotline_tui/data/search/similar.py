"""相似工单: what the same number or the same place brought lately, beside an intake that is being typed."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.orders import MAY_ASK_BY_PHONE, by_phone
from hotline_tui.data.queries.rows import OrderRow, fetch, order_row, order_rows
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.data.search.tokens import of_query
from hotline_tui.models import WorkOrder
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import OrderState

DAYS = 30
CANDIDATES = 300
"""The latest orders that are compared."""
TEXT = 200
"""Characters of a narrative that are compared."""
ALIKE = 0.3
"""The part of what was typed, rare pairs counting more, that another order must hold to be named."""
LEAST_PAIRS = 3
NOT_ALIVE = (OrderState.REFUSED, OrderState.MERGED)


@dataclass(frozen=True, slots=True)
class Similar:
    """An order that may be the same matter."""

    order: OrderRow
    same_phone: bool
    alike: float
    """0 to 1: how much of what was typed it holds."""


def similar_orders(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    *,
    text: str,
    place: str = "",
    phone: str = "",
    topic_id: UUID | None = None,
    limit: int = 5,
) -> tuple[Similar, ...]:
    """Orders of the last 30 days that this viewer may see: of the same number first, then the most alike."""
    since = edges.now - timedelta(days=DAYS)
    recent = sa.and_(col(WorkOrder.received_at) >= since, col(WorkOrder.state).not_in(NOT_ALIVE))
    alike = _alike(_candidates(session, viewer, recent), text[: 2 * TEXT], place, topic_id)
    best = sorted(alike, key=lambda key: -alike[key])[:limit]
    same = _of_number(session, viewer, recent, phone, limit * 4)
    query = (
        order_rows(viewer)
        .where(col(WorkOrder.id).in_({*best, *same}))
        .order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc())
        .limit(limit * 4)
    )
    found = [
        Similar(order_row(values, edges), values.id in same, alike.get(values.id, 0.0))
        for values in (fetch(session, query) if best or same else ())
    ]
    return tuple(sorted(found, key=lambda each: (not each.same_phone, -each.alike))[:limit])


def _of_number(
    session: Session, viewer: Viewer, recent: sa.ColumnElement[bool], phone: str, limit: int
) -> frozenset[UUID]:
    """The latest orders of this number; none for those who may not ask by it."""
    if not phone.strip() or viewer.role not in MAY_ASK_BY_PHONE:
        return frozenset()
    query = orders_of(viewer, col(WorkOrder.id)).where(recent, by_phone(viewer, phone))
    newest = query.order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc()).limit(limit)
    return frozenset(row.id for row in fetch(session, newest))


def _candidates(session: Session, viewer: Viewer, recent: sa.ColumnElement[bool]) -> list[Any]:
    query = (
        orders_of(
            viewer,
            col(WorkOrder.id),
            col(WorkOrder.address),
            col(WorkOrder.subject),
            sa.func.substr(col(WorkOrder.narrative), 1, TEXT).label("narrative"),
            col(WorkOrder.topic_id),
        )
        .where(recent)
        .order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc())
        .limit(CANDIDATES)
    )
    return list(fetch(session, query))


def _alike(candidates: list[Any], text: str, place: str, topic_id: UUID | None) -> dict[UUID, float]:
    """How much of the typed pairs each candidate holds; a pair that many hold counts little."""
    typed = set(of_query(f"{text}\n{place}"))
    if len(typed) < LEAST_PAIRS:
        return {}
    held = {row.id: typed & set(of_query(f"{row.address}\n{row.subject}\n{row.narrative}")) for row in candidates}
    common = Counter(pair for pairs in held.values() for pair in pairs)
    weight = {pair: math.log(1 + (len(candidates) + 1) / (1 + common[pair])) for pair in typed}
    whole = sum(weight.values())
    scores: dict[UUID, float] = {}
    for row in candidates:
        pairs = held[row.id]
        part = sum(weight[pair] for pair in pairs) / whole
        if topic_id is not None and row.topic_id == topic_id and len(pairs) >= LEAST_PAIRS:
            part = min(1.0, part * 1.2)
        if part >= ALIKE and len(pairs) >= LEAST_PAIRS:
            scores[row.id] = round(part, 3)
    return scores
