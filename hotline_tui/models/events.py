"""办理过程: append-only events and the seals that chain them; the database itself refuses to change one (R-11.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from hotline_tui.models.columns import JSON_TYPE, UTC_TIME, AnyWord, Table, new_id
from hotline_tui.rules.words import Action, OfficeAction

_LOOK = text(f"action = '{Action.UNMASK.value}'")


class Event(Table, table=True):
    """One step: who, when, what, from which state to which.

    `payload["changes"]` holds the rows as they stand after it, so that the order's tables can be rebuilt;
    `payload["facts"]` what the time line shows. Personal data of callers is never in it.
    """

    __table_args__ = (
        UniqueConstraint("order_id", "sequence"),
        Index("event_node", "node", "id"),
        Index("event_at", "at"),
        Index("event_look", "at", "id", sqlite_where=_LOOK, postgresql_where=_LOOK),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    node: str
    order_id: UUID | None = Field(default=None, foreign_key="work_order.id")
    sequence: int | None = None
    """1 for the order's first event; empty for what concerns no order."""
    action: Action | OfficeAction = Field(sa_type=AnyWord(Action, OfficeAction))
    actor_id: UUID | None = None
    actor: str = ""
    """Name and post at that time, as the time line shows them."""
    at: datetime = Field(sa_type=UTC_TIME)
    assignment_id: UUID | None = None
    from_state: str | None = None
    to_state: str | None = None
    base: UUID | None = None
    """The order's last event that the actor saw."""
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_TYPE)


class Seal(Table, table=True):
    """An event's place in its node's chain: gap-free number, previous hash, hash (SHA-256, hex)."""

    node: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", unique=True)
    previous: str
    hash: str
