"""网上公开: the check of a text against the callers of its order, and the answers that all may read (Art. 14, R-14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.told import told
from hotline_tui.data.queries.visibility import Query, orders_of
from hotline_tui.errors import Refused
from hotline_tui.models import Assignment, Caller, Event, OrderCaller, Reply, Topic, Unit, WorkOrder
from hotline_tui.rules.personal import Hit, Known, Personal, counted, find, standing
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Action, Kind, Release, Role

OTHER = "其他"
"""The title of an answer without topic."""
MAY_PUBLISH = frozenset({Role.OFFICE})
"""Who may ask: the answer tells whether a text holds a caller's data (R-13b)."""


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """A reply released to the public, with nothing of the citizen's."""

    number: str
    position: int
    """Of the reply in its order: a promise and its end are two answers."""
    kind: Kind
    topic: str
    title: str
    """The office's; without one the name of the topic."""
    unit: str
    text: str
    received_at: datetime
    released_at: datetime
    found: Mapping[Personal, int]
    """What the check finds in title and text now and nobody has cleared."""

    @property
    def may_go_out(self) -> bool:
        """Nothing was found but what a person cleared."""
        return not self.found


def hits(session: Session, viewer: Viewer, order_id: UUID, text: str) -> tuple[Hit, ...]:
    """Personal information in a text about an order; raises Refused for all but the office."""
    _check(viewer)
    return find(text, told(session, viewer, order_id, "核对文字"))


def answers(
    session: Session, viewer: Viewer, since: datetime | None = None, until: datetime | None = None
) -> tuple[PublicAnswer, ...]:
    """Answers made public from `since` up to but not at `until`, the first first; raises Refused but for the office.

    An answer whose order was sent to be done again is none any more: the next one takes its place (Art. 11(6)); nor is
    one of an order that was hidden from somebody since (Art. 13).
    """
    _check(viewer)
    at = col(Reply.released_at)
    public = [col(Reply.release) == Release.PUBLIC, col(WorkOrder.secret).is_(False)]
    public += [~_done_again(), ~_hidden_since()]
    public += [at >= since] if since is not None else []
    public += [at < until] if until is not None else []
    rows = fetch(session, _replies(viewer).where(*public).order_by(at, col(Reply.id)))
    replied = (
        sa.select(sa.literal(1)).where(col(Reply.order_id) == col(WorkOrder.id), *public).correlate(WorkOrder).exists()
    )
    known = _known(session, viewer, replied)
    return tuple(_answer(row, known[row.id]) for row in rows)


def _done_again() -> sa.ColumnElement[bool]:
    """The order was dispatched again after the reply's own dispatch."""
    own, later = aliased(Assignment), aliased(Assignment)
    return (
        sa.select(sa.literal(1))
        .select_from(own)
        .join(later, col(later.order_id) == col(own.order_id))
        .where(col(own.id) == col(Reply.assignment_id), col(later.again), col(later.position) > col(own.position))
        .correlate(Reply)
        .exists()
    )


def _hidden_since() -> sa.ColumnElement[bool]:
    """Who may know of the order was limited after the reply had become public (限定知悉)."""
    return (
        sa.select(sa.literal(1))
        .select_from(Event)
        .where(
            col(Event.order_id) == col(Reply.order_id),
            col(Event.action) == Action.RESTRICT,
            col(Event.at) >= col(Reply.released_at),
        )
        .correlate(Reply)
        .exists()
    )


def _check(viewer: Viewer) -> None:
    if viewer.role not in MAY_PUBLISH:
        raise Refused(f"{viewer.role.label}不核对公开的文字", "第十四条")


def _known(session: Session, viewer: Viewer, orders: sa.ColumnElement[bool]) -> defaultdict[UUID, list[Known]]:
    """The callers of these orders, those of merged orders among them. They never leave this module."""
    known: defaultdict[UUID, list[Known]] = defaultdict(list)
    if viewer.guarded:
        for (order_id,) in fetch(session, orders_of(viewer, col(WorkOrder.id)).where(orders)):
            known[order_id] = told(session, viewer, order_id, "核对公开的答复")
        return known
    columns = (col(Caller.name), col(Caller.phone), col(Caller.workplace), col(Caller.home_address))
    query = (
        orders_of(viewer, col(WorkOrder.id), *columns)
        .join(OrderCaller, col(OrderCaller.order_id) == col(WorkOrder.id))
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(orders)
    )
    for order_id, *facts in fetch(session, query):
        known[order_id].append(Known(*facts))
    return known


def _replies(viewer: Viewer) -> Query:
    return (
        orders_of(
            viewer,
            col(WorkOrder.id),
            col(WorkOrder.number),
            col(Reply.position),
            col(WorkOrder.kind),
            sa.func.coalesce(col(Topic.path), "").label("topic"),
            sa.func.coalesce(sa.func.nullif(col(Reply.public_title), ""), col(Topic.name), OTHER).label("title"),
            col(Unit.name).label("unit"),
            col(Reply.released_text),
            col(WorkOrder.received_at),
            col(Reply.released_at),
            col(Reply.public_title),
            col(Reply.cleared),
        )
        .join(Reply, col(Reply.order_id) == col(WorkOrder.id))
        .join(Assignment, col(Assignment.id) == col(Reply.assignment_id))
        .join(Unit, col(Unit.id) == col(Assignment.unit_id))
        .outerjoin(Topic, col(Topic.id) == col(WorkOrder.topic_id))
    )


def _answer(row: Any, callers: Sequence[Known]) -> PublicAnswer:
    found = [hit for text in (row.public_title, row.released_text) for hit in find(text, callers)]
    cleared = [(Personal(kind), words) for kind, words in row.cleared]
    return PublicAnswer(
        number=row.number,
        position=row.position,
        kind=row.kind,
        topic=row.topic,
        title=row.title,
        unit=row.unit,
        text=row.released_text,
        received_at=row.received_at,
        released_at=row.released_at,
        found=counted(standing(found, cleared)),
    )
