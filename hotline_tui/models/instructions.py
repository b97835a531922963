"""批办: the office's reports to leaders and the leaders' instructions, kept (Art. 11(2)3)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id, word_type
from hotline_tui.rules.words import Share


class Report(Table, table=True):
    """呈报: the office lays an order before a leader."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    leader_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    """Empty: before any of the city's leaders."""
    text: str
    countersign: bool = False
    """Proposed as 会签件."""
    reported_at: datetime = Field(sa_type=UTC_TIME)
    reported_by: UUID | None = Field(default=None, foreign_key="account.id")


class Instruction(Table, table=True):
    """批示: a leader's words."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    leader: str
    text: str
    given_at: datetime = Field(sa_type=UTC_TIME)
    recorded_by: UUID | None = Field(default=None, foreign_key="account.id")


class InstructedUnit(Table, table=True):
    """A unit that the instruction names: 牵头单位 or 协办单位."""

    instruction_id: UUID = Field(foreign_key="instruction.id", primary_key=True)
    unit_id: UUID = Field(foreign_key="unit.id", primary_key=True)
    order_id: UUID = Field(foreign_key="work_order.id", index=True)
    share: Share = Field(sa_type=word_type(Share))
