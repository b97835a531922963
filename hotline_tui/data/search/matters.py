"""Orders of late as they are compared: what each is about, read for one viewer; and what is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import Cursor, before, fetch
from hotline_tui.data.queries.visibility import Query, orders_of
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.secrecy import Viewer

DAYS = 30
TEXT = 400
"""Characters of a narrative that are compared; what comes after adds nothing to tell matters apart by."""
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Matter:
    """What an order is about; nothing in it is the caller's."""

    id: UUID
    received_at: datetime
    subject: str
    address: str
    text: str

    @property
    def stamp(self) -> int:
        """Changes with what is compared."""
        return digest("\0".join((self.subject, self.address, self.text)).encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the matter in hand."""

    text: str
    place: str = ""
    subject: str = ""
    names: tuple[str, ...] = ()
    """Names of places that the text says: where it is, not what."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """An order and how much it is like what was told: 1 is the same."""

    order_id: UUID
    score: float
    """The cosine of both, less where the order is long: what they are ranked by."""
    mark: int | None = None
    """The same for orders of the same text."""


def latest(session: Session, viewer: Viewer, since: datetime, most: int) -> Iterator[Matter]:
    """Those that this viewer may see, newest first, at most so many."""
    query = _matters(viewer, since).order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc())
    after: Cursor | None = None
    while most > 0:
        page = query if after is None else query.where(before(col(WorkOrder.received_at), col(WorkOrder.id), after))
        rows = [Matter(*row) for row in fetch(session, page.limit(min(PAGE, most)))]
        yield from rows
        most -= len(rows)
        if len(rows) < PAGE:
            return
        after = Cursor(rows[-1].received_at, rows[-1].id)


def touched(session: Session, viewer: Viewer, since: datetime, event: UUID, most: int) -> list[Matter]:
    """What this viewer may see and to which something was done after this event, newest first, at most so many."""
    events = sa.select(col(Event.order_id)).where(col(Event.id) > event, col(Event.order_id).is_not(None))
    query = _matters(viewer, since).where(col(WorkOrder.id).in_(events))
    newest = query.order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc())
    return [Matter(*row) for row in fetch(session, newest.limit(most))]


def _matters(viewer: Viewer, since: datetime) -> Query:
    columns: tuple[Any, ...] = (
        col(WorkOrder.id),
        col(WorkOrder.received_at),
        col(WorkOrder.subject),
        col(WorkOrder.address),
        sa.func.substr(col(WorkOrder.narrative), 1, TEXT),
    )
    return orders_of(viewer, *columns).where(col(WorkOrder.received_at) >= since)


def digest(told: bytes) -> int:
    """Of 63 bits, the same on every machine."""
    return int.from_bytes(blake2b(told, digest_size=8).digest()) >> 1
