"""查看记录: who looked at whose data, when and why, for those who watch over it (R-13b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.queries.rows import MOST, Cursor, Page, before, page_of
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.errors import Refused
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.numbers import normalise
from hotline_tui.rules.secrecy import MAY_READ_LOOKS, Viewer
from hotline_tui.rules.words import Action


@dataclass(frozen=True, slots=True)
class Look:
    """One look at unmasked data."""

    id: UUID
    at: datetime
    actor: str
    """Name and post at that time."""
    order_id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class LookFilter:
    """What is looked for; every field that is given must hold."""

    person: str = ""
    """Part of the name or of the unit."""
    number: str = ""
    """Whole, as typed, or a part of it."""
    since: datetime | None = None
    """At this moment or later."""
    until: datetime | None = None
    """Before this moment."""


EVERY_LOOK = LookFilter()


def looks(
    session: Session, viewer: Viewer, asked: LookFilter = EVERY_LOOK, *, after: Cursor | None = None, limit: int = 50
) -> Page[Look]:
    """Looks at orders that this viewer may see himself, newest first; raises Refused."""
    if viewer.role not in MAY_READ_LOOKS:
        raise Refused(f"{viewer.role.label}不查阅查看记录", "第十三条")
    at, key = col(Event.at), col(Event.id)
    query = (
        orders_of(
            viewer,
            key,
            at,
            col(Event.actor),
            col(WorkOrder.id).label("order_id"),
            col(WorkOrder.number),
            col(Event.payload)["facts"]["reason"].label("reason"),
        )
        .join(Event, col(Event.order_id) == col(WorkOrder.id))
        .where(col(Event.action) == Action.UNMASK)
    )
    if asked.person.strip():
        query = query.where(col(Event.actor).icontains(asked.person.strip(), autoescape=True))
    if asked.number.strip():
        number = normalise(asked.number) or asked.number.strip().upper()
        query = query.where(col(WorkOrder.number).contains(number, autoescape=True))
    if asked.since is not None:
        query = query.where(at >= asked.since)
    if asked.until is not None:
        query = query.where(at < asked.until)
    if after is not None:
        query = query.where(before(at, key, after))
    return page_of(
        session,
        query.order_by(at.desc(), key.desc()).limit(MOST),
        limit,
        lambda row: Look(*row[:-1], reason=str(row.reason or "")),
        lambda look: Cursor(look.at, look.id),
    )
