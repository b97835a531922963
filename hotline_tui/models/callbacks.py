"""回访: each attempt and what the caller said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id, word_type
from hotline_tui.rules.words import Verdict


class Callback(Table, table=True):
    """One attempt."""

    __table_args__ = (
        UniqueConstraint("order_id", "attempt"),
        Index("callback_called", "called_at", "verdict", "order_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    attempt: int
    """1 for the first of the order."""
    caller_id: UUID | None = Field(default=None, foreign_key="caller.id")
    """Which of the order's callers; empty where none left data."""
    reply_id: UUID | None = Field(default=None, foreign_key="reply.id")
    """The released reply that the attempt is about."""
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    """The unit that led when the caller was rung: what he says counts for it."""
    verdict: Verdict = Field(sa_type=word_type(Verdict))
    remark: str = ""
    not_solved: str = ""
    """What the caller says was not solved."""
    called_by: UUID | None = Field(default=None, foreign_key="account.id")
    called_at: datetime = Field(sa_type=UTC_TIME)
