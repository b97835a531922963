"""Who and where: sites, regions, units, topics, accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from hotline_tui.models.columns import UTC_TIME, Table, new_id, word_type
from hotline_tui.rules.words import Role


class Site(Table, table=True):
    """A place that gives numbers: the centre, or a service point that may be offline."""

    code: str = Field(primary_key=True, max_length=8)
    name: str


class Region(Table, table=True):
    """属地: a street or a community."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(unique=True)
    name: str
    spelling: str = ""
    parent_id: UUID | None = Field(default=None, foreign_key="region.id", index=True)


class Unit(Table, table=True):
    """承办单位."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(unique=True)
    name: str
    short_name: str = ""
    spelling: str = ""
    duties: str = ""
    aliases: str = ""
    """One a line, as their spellings are."""
    alias_spellings: str = ""
    parent_id: UUID | None = Field(default=None, foreign_key="unit.id", index=True)
    region_id: UUID | None = Field(default=None, foreign_key="region.id")
    active: bool = True


class Topic(Table, table=True):
    """诉求分类: a node of the tree; `path` is what people read, such as 物业管理/停车收费."""

    __table_args__ = (UniqueConstraint("path"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    path: str
    spelling: str = ""
    words: str = ""
    parent_id: UUID | None = Field(default=None, foreign_key="topic.id", index=True)
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    active: bool = True


class Account(Table, table=True):
    """A person at a desk."""

    __table_args__ = (
        CheckConstraint(
            "unit_id IS NOT NULL OR role NOT IN ('handler', 'unit_leader')",
            name="unit_of_unit_roles",
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    login: str = Field(unique=True, max_length=32)
    name: str
    spelling: str = ""
    role: Role = Field(sa_type=word_type(Role))
    unit_id: UUID | None = Field(default=None, foreign_key="unit.id")
    site: str = Field(foreign_key="site.code")
    password_hash: str
    active: bool = True
    failures: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
    signed_in_at: datetime | None = Field(default=None, sa_type=UTC_TIME)


class UnknownLogin(Table, table=True):
    """How often sign-in failed under names that nobody has: many names share a row, so that the rows stay few.

    Neither the name nor anything it could be found from is kept: people type their password into that field.
    """

    bucket: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    failures: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=UTC_TIME)
