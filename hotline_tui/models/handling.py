"""办理: assignments, their clocks, replies, what units ask consent for, what is found on the spot."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from hotline_tui.models.columns import JSON_TYPE, UTC_TIME, Table, new_id, word_type
from hotline_tui.rules.words import AssignmentState, AssignmentType, Duty, Fault, Release, RequestMatter, Share

OPEN_DEADLINE = text("met_at IS NULL AND void_at IS NULL")
LATE_DEADLINE = text("met_at > due_at AND void_at IS NULL")
# As SQLAlchemy says it in a query: SQLite knows an index by the words of its condition.
_URGENT_LITE = text("met_at IS NULL AND void_at IS NULL AND urgent IS 1")
_URGENT = text("met_at IS NULL AND void_at IS NULL AND urgent IS TRUE")


class Assignment(Table, table=True):
    """One unit's share of an order; a re-dispatch makes a new one (R-D6)."""

    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        Index("assignment_dispatched", "dispatched_at", "id"),
        Index("assignment_unit_state", "unit_id", "state", "order_id", "veiled"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    position: int
    """1 for the first dispatch of the order."""
    unit_id: UUID = Field(foreign_key="unit.id")
    type: AssignmentType = Field(sa_type=word_type(AssignmentType))
    share: Share = Field(sa_type=word_type(Share))
    state: AssignmentState = Field(sa_type=word_type(AssignmentState))
    remark: str = ""
    """What the dispatcher tells the unit."""
    again: bool = False
    """After a callback that was not satisfied."""
    dispatched_at: datetime = Field(sa_type=UTC_TIME)
    dispatched_by: UUID | None = Field(default=None, foreign_key="account.id")
    signed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    signed_by: UUID | None = Field(default=None, foreign_key="account.id")
    returned_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    return_reason: str = ""
    return_late: bool = False
    completed_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    """The leader approved the final reply."""
    promised_day: date | None = None
    """The promised day in force, as the caller was told it (R-D8)."""
    delegated_to_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    """The subordinate unit that does the work; `unit_id` answers for it (R-S1)."""
    veiled: bool = False
    """As the order."""


class Deadline(Table, table=True):
    """One clock; several may run on an order at once. Open while neither met nor void."""

    __table_args__ = (
        CheckConstraint("met_at IS NULL OR void_at IS NULL", name="met_or_void"),
        Index(
            "deadline_open",
            "due_at",
            "place",
            "veiled",
            "unit_id",
            "duty",
            "order_id",
            sqlite_where=OPEN_DEADLINE,
            postgresql_where=OPEN_DEADLINE,
        ),
        Index(
            "deadline_open_unit",
            "unit_id",
            "due_at",
            "place",
            "veiled",
            "duty",
            "order_id",
            sqlite_where=OPEN_DEADLINE,
            postgresql_where=OPEN_DEADLINE,
        ),
        Index("deadline_urgent", "due_at", "id", sqlite_where=_URGENT_LITE, postgresql_where=_URGENT),
        Index(
            "deadline_late",
            "due_at",
            "met_at",
            "unit_id",
            "veiled",
            "duty",
            "order_id",
            sqlite_where=LATE_DEADLINE,
            postgresql_where=LATE_DEADLINE,
        ),
        Index("deadline_due", "duty", "due_at", "unit_id", "veiled", "met_at", "void_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    assignment_id: UUID | None = Field(default=None, foreign_key="assignment.id", index=True)
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    duty: Duty = Field(sa_type=word_type(Duty))
    day_zero: date
    """The Shanghai date of dispatch, which is not counted (R-D2)."""
    working_days: int
    due_at: datetime = Field(sa_type=UTC_TIME)
    provisional: bool = False
    """A year it touches has no notice yet (R-D3)."""
    met_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    void_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    place: int = 0
    """While it runs: 0 the order's earliest reply or promise clock, 1 its unit's, 2 another; 3 another duty."""
    veiled: bool = False
    """As the order."""
    urgent: bool = False
    """As the order, while it runs."""


_PUBLIC = text(f"release = '{Release.PUBLIC.value}'")


class Reply(Table, table=True):
    """回复: a text of a unit, from draft to release."""

    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("(released_at IS NULL) = (release IS NULL)", name="released"),
        Index("reply_public", "released_at", "id", sqlite_where=_PUBLIC, postgresql_where=_PUBLIC),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    assignment_id: UUID = Field(foreign_key="assignment.id", index=True)
    position: int
    text: str
    promised_day: date | None = None
    """Set in the first reply of a promised order (R-11.2.2b)."""
    drafted_by: UUID | None = Field(default=None, foreign_key="account.id")
    drafted_at: datetime = Field(sa_type=UTC_TIME)
    approved_by: UUID | None = Field(default=None, foreign_key="account.id")
    approved_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    sent_back_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    sent_back_reason: str = ""
    release: Release | None = Field(default=None, sa_type=word_type(Release))
    released_text: str = ""
    """What left the office: the unit's words, or the public version of them."""
    public_title: str = ""
    """What stands over it online: of the office, never the citizen's words."""
    cleared: list[list[str]] = Field(default_factory=list, sa_type=JSON_TYPE)
    """What of the personal-data check's hits a person let go, by kind and words; nothing else may go out (R-14)."""
    clear_reason: str = ""
    """Why that may be published."""
    cleared_by: UUID | None = Field(default=None, foreign_key="account.id")
    released_by: UUID | None = Field(default=None, foreign_key="account.id")
    released_at: datetime | None = Field(default=None, sa_type=UTC_TIME)


class Request(Table, table=True):
    """What a unit asks the office to consent to: a late return, another promised day (R-D5, R-D8)."""

    __table_args__ = (CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name="request_decided"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    assignment_id: UUID = Field(foreign_key="assignment.id", index=True)
    matter: RequestMatter = Field(sa_type=word_type(RequestMatter))
    reason: str
    day: date | None = None
    """The promised day wished for."""
    before: date | None = None
    """The promised day until then."""
    asked_at: datetime = Field(sa_type=UTC_TIME)
    asked_by: UUID | None = Field(default=None, foreign_key="account.id")
    granted: bool | None = None
    remark: str = ""
    """The office's words."""
    decided_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")


class OnSite(Table, table=True):
    """现场处置: who was sent, when, what was found (R-11.4)."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    staff: str
    sent_at: datetime = Field(sa_type=UTC_TIME)
    arrived_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    found: str = ""


class Misconduct(Table, table=True):
    """责任追究: what a unit did, counted in its appraisal (R-17, R-18)."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    unit_id: UUID = Field(foreign_key="unit.id", index=True)
    fault: Fault = Field(sa_type=word_type(Fault))
    text: str
    recorded_at: datetime = Field(sa_type=UTC_TIME)
    recorded_by: UUID | None = Field(default=None, foreign_key="account.id")
