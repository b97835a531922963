"""Who is at an order just now: who took it from a queue, and who looks at it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table


class Claim(Table, table=True):
    """Who has an order from a queue, so that no two ring the same citizen or dispatch the same matter (R-11.6)."""

    order_id: UUID = Field(foreign_key="work_order.id", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    until: datetime = Field(sa_type=UTC_TIME)
    """It returns to the queue at this time unless renewed."""


class Presence(Table, table=True):
    """Who has an order open: others see it, and are not kept from anything."""

    order_id: UUID = Field(foreign_key="work_order.id", primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    until: datetime = Field(sa_type=UTC_TIME)
    """Gone at this time unless renewed."""
