"""What suggestions stand on: the region's streets and communities, and what was learned from earlier orders."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id


class Place(Table, table=True):
    """地名: a street, a road, a community or a housing estate, and the region that it lies in."""

    __table_args__ = (UniqueConstraint("name", "region_id"), Index("place_revision", "revision"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    aliases: str = ""
    """One a line."""
    region_id: UUID = Field(foreign_key="region.id", index=True)
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    """Who looks after it, where that is not the region's unit."""
    revision: int = 0
    """Grows with every import: a seat asks by it whether it knows them all."""


class Learned(Table, table=True):
    """What `hotline assist train` made of the office's orders; the latest row counts. Numbers, no text."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    made_at: datetime = Field(sa_type=UTC_TIME)
    made_by: UUID | None = Field(default=None, foreign_key="account.id")
    orders: int
    """So many it was learned from."""
    data: bytes
    """As `data/suggest/packed.py` packs it, compressed."""
