"""工单: one matter, from phone or letter, until archived."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy import Table as Table_
from sqlalchemy.orm import declared_attr
from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id, word_type
from hotline_tui.rules.words import Channel, Kind, OrderState, RefusalReason, Route, Verdict

_OPEN = text("closed_at IS NULL")
_ANSWERED, _PUBLISHED = text("answered_at IS NOT NULL"), text("published_at IS NOT NULL")
# As SQLAlchemy says it in a query: SQLite knows an index by the words of its condition.
_URGENT_LITE, _URGENT = text("closed_at IS NULL AND urgent IS 1"), text("closed_at IS NULL AND urgent IS TRUE")
_BACK_LITE, _BACK = text("given_back IS 1"), text("given_back IS TRUE")


class WorkOrder(Table, table=True):
    """One matter. `version` is the sequence of its last event; a write that saw an older one loses the race."""

    __table_args__ = (
        CheckConstraint("state <> 'refused' OR refusal_reason IS NOT NULL", name="refusal_reason"),
        CheckConstraint("state <> 'merged' OR merged_into_id IS NOT NULL", name="merged_into"),
        CheckConstraint("state <> 'answered' OR article_id IS NOT NULL", name="answer"),
        CheckConstraint(
            "(state IN ('archived', 'refused', 'merged')) = (closed_at IS NOT NULL)", name="work_order_closed"
        ),
        Index("work_order_received", "received_at", "id", "veiled", "state", "route"),
        Index("work_order_waiting", "state", "urgent", "received_at", "id"),
        Index("work_order_state", "state", "received_at", "id"),
        Index("work_order_topic", "topic_id", "received_at", "id"),
        Index("work_order_unit", "unit_id", "received_at", "id"),
        Index("work_order_open", "state", "veiled", "urgent", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("work_order_urgent", "state", "id", "veiled", sqlite_where=_URGENT_LITE, postgresql_where=_URGENT),
        Index(
            "work_order_given_back",
            "state",
            "urgent",
            "received_at",
            "id",
            sqlite_where=_BACK_LITE,
            postgresql_where=_BACK,
        ),
        Index("work_order_answered", "answered_at", "id", sqlite_where=_ANSWERED, postgresql_where=_ANSWERED),
        Index("work_order_published", "published_at", "id", sqlite_where=_PUBLISHED, postgresql_where=_PUBLISHED),
        Index(
            "work_order_fingerprint",
            "fingerprint",
            unique=True,
            sqlite_where=text("fingerprint IS NOT NULL"),
            postgresql_where=text("fingerprint IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True)
    version: int = 0
    site: str = Field(foreign_key="site.code")
    channel: Channel = Field(sa_type=word_type(Channel))
    kind: Kind = Field(sa_type=word_type(Kind))
    state: OrderState = Field(sa_type=word_type(OrderState))
    route: Route | None = Field(default=None, sa_type=word_type(Route))
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")
    region_id: UUID | None = Field(default=None, foreign_key="region.id", index=True)
    address: str = ""
    """Where the matter is, which may not be where the caller lives."""
    subject: str = ""
    narrative: str
    urgent: bool = False
    secret: bool = False
    veiled: bool = False
    """Not for a wall that anybody passes: secret, a tip-off, or accusing a unit (`rules.secrecy.is_veiled`)."""
    malicious: bool = False
    referral: str = ""
    """To whom a malicious, false or abusive matter was referred, and what came of it (Art. 16)."""
    reported_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    """The office's report to a leader, since the order last began to wait for an instruction."""
    instructed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    """The leader's instruction, likewise."""
    received_at: datetime = Field(sa_type=UTC_TIME)
    registered_by: UUID | None = Field(default=None, foreign_key="account.id")
    answered_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    """The first answer that left the house: a direct one, or a unit's reply that was released."""
    published_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    """The first of them that all can read online."""
    closed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)

    first_unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    """首接: the unit first dispatched to, for the order's whole life (R-D9)."""
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    """The unit that leads now."""
    dispatches: int = 0
    returns: int = 0
    given_back: bool = False
    """What was last given out or back was given back; of a closed order not told any more."""
    urges: int = 0

    article_id: UUID | None = Field(default=None, foreign_key="article.id")
    article_version: int | None = None
    answered_online: bool | None = None
    """A direct answer went online (true) or on the call (false)."""
    refusal_reason: RefusalReason | None = Field(default=None, sa_type=word_type(RefusalReason))
    refusal_told: str = ""
    merged_into_id: UUID | None = Field(default=None, foreign_key="work_order.id", index=True)
    verdict: Verdict | None = Field(default=None, sa_type=word_type(Verdict))
    """Of the last callback since the last dispatch."""
    unreached: int = 0
    """Attempts in a row without reaching the caller."""
    archive_reason: str = ""

    source: str = ""
    """The file a letter came in, or empty."""
    external_number: str = ""
    fingerprint: str | None = None
    """Identity of an imported letter; the same letter again is recognised by it."""

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        table: Table_ = getattr(cls, "__table__")  # noqa: B009 - SQLModel's types do not know it
        return {"version_id_col": table.c.version, "version_id_generator": False}


class OrderAccused(Table, table=True):
    """被反映单位: neither it nor a unit below it may receive or find the order (R-13a)."""

    order_id: UUID = Field(foreign_key="work_order.id", primary_key=True)
    unit_id: UUID = Field(foreign_key="unit.id", primary_key=True, index=True)


class NumberSeries(Table, table=True):
    """How many numbers a site has given on a Shanghai day."""

    site: str = Field(foreign_key="site.code", primary_key=True)
    day: date = Field(primary_key=True)
    last: int = 0
