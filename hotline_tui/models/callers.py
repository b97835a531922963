"""来电人: personal data, apart from the order and never in an event (R-13b)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id
from hotline_tui.rules.secrecy import MASKS


def _masked(fact: str) -> Any:
    """A column that holds what of this fact everybody may see who may see the order, made as the row is inserted."""
    mask: Callable[[str], str] = MASKS[fact]

    def made(context: DefaultExecutionContext) -> str:
        return mask(context.get_current_parameters().get(fact) or "")

    return Field(default=None, sa_column=Column(String, default=made, nullable=False))


class Caller(Table, table=True):
    """A citizen as he gave himself for one or more orders; what queries read of him are the masked columns."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = ""
    phone: str = Field(default="", index=True)
    workplace: str = ""
    home_address: str = ""
    ip: str = ""
    masked_name: str = _masked("name")
    masked_phone: str = _masked("phone")
    """Empty where there is no number to ring."""
    masked_workplace: str = _masked("workplace")
    masked_home_address: str = _masked("home_address")
    created_at: datetime = Field(sa_type=UTC_TIME)


class OrderCaller(Table, table=True):
    """Whose matter it is; a merged order adds its caller to the living one."""

    order_id: UUID = Field(foreign_key="work_order.id", primary_key=True)
    caller_id: UUID = Field(foreign_key="caller.id", primary_key=True, index=True)
    position: int = 0
    """0 for the first caller."""
