"""来电人: personal data, apart from the order and never in an event (R-13b)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id


class Caller(Table, table=True):
    """A citizen as he gave himself for one or more orders."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = ""
    phone: str = Field(default="", index=True)
    workplace: str = ""
    home_address: str = ""
    ip: str = ""
    created_at: datetime = Field(sa_type=UTC_TIME)


class OrderCaller(Table, table=True):
    """Whose matter it is; a merged order adds its caller to the living one."""

    order_id: UUID = Field(foreign_key="work_order.id", primary_key=True)
    caller_id: UUID = Field(foreign_key="caller.id", primary_key=True, index=True)
    position: int = 0
    """0 for the first caller."""
