"""What pickers choose from: units, topics, regions; and the accounts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch, short_name
from hotline_tui.errors import Refused
from hotline_tui.models import Account, Region, Topic, Unit
from hotline_tui.rules.pinyin import normal
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Role

MAY_LIST_ACCOUNTS = frozenset({Role.ADMIN, Role.OFFICE})


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """承办单位."""

    id: UUID
    key: str
    name: str
    short: str
    spelling: str
    """Of the name, for `rules.pinyin.match`."""
    aliases: tuple[tuple[str, str], ...]
    """Other names, the short one first, each with its spelling."""
    duties: str
    parent_id: UUID | None
    path: str
    """The names from the top, joined by `/`."""
    region_id: UUID | None
    active: bool


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """诉求分类."""

    id: UUID
    name: str
    path: str
    spelling: str
    words: str
    unit_id: UUID | None
    """The unit that it usually goes to."""
    unit: str
    leaf: bool


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """属地."""

    id: UUID
    key: str
    name: str
    spelling: str
    parent_id: UUID | None
    path: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A person who may sign in."""

    id: UUID
    login: str
    name: str
    role: Role
    unit: str
    site: str
    active: bool


def units(session: Session, *, retired: bool = False) -> tuple[UnitChoice, ...]:
    """All units by key; those no longer active only when asked."""
    query = sa.select(
        col(Unit.id),
        col(Unit.key),
        col(Unit.name),
        short_name(Unit).label("short"),
        col(Unit.spelling),
        col(Unit.aliases),
        col(Unit.alias_spellings),
        col(Unit.duties),
        col(Unit.parent_id),
        col(Unit.region_id),
        col(Unit.active),
    ).order_by(col(Unit.key))
    found = fetch(session, query)
    paths = _paths({row.id: (row.name, row.parent_id) for row in found})
    return tuple(
        UnitChoice(
            row.id,
            row.key,
            row.name,
            row.short,
            row.spelling,
            _aliases(row),
            row.duties,
            row.parent_id,
            path=paths[row.id],
            region_id=row.region_id,
            active=row.active,
        )
        for row in found
        if row.active or retired
    )


def topics(session: Session, *, retired: bool = False) -> tuple[TopicChoice, ...]:
    """All topics by path; those no longer active only when asked."""
    below = aliased(Topic)
    leaf = ~sa.exists(
        sa.select(sa.literal(1)).where(col(below.parent_id) == col(Topic.id), col(below.active)).correlate(Topic)
    )
    query = (
        sa.select(
            col(Topic.id),
            col(Topic.name),
            col(Topic.path),
            col(Topic.spelling),
            col(Topic.words),
            col(Topic.unit_id),
            short_name(Unit).label("unit"),
            leaf.label("leaf"),
        )
        .select_from(Topic)
        .outerjoin(Unit, col(Unit.id) == col(Topic.unit_id))
        .order_by(col(Topic.path))
    )
    if not retired:
        query = query.where(col(Topic.active))
    return tuple(TopicChoice(*row[:7], leaf=bool(row.leaf)) for row in fetch(session, query))


def regions(session: Session) -> tuple[RegionChoice, ...]:
    """All regions by key; `spelling` is that of the path, which is what people choose by."""
    query = sa.select(
        col(Region.id), col(Region.key), col(Region.name), col(Region.spelling), col(Region.parent_id)
    ).order_by(col(Region.key))
    found = fetch(session, query)
    paths = _paths({row.id: (row.name, row.parent_id) for row in found})
    spelled = _paths({row.id: (row.spelling, row.parent_id) for row in found}, " ")
    return tuple(
        RegionChoice(row.id, row.key, row.name, spelled[row.id], row.parent_id, path=paths[row.id]) for row in found
    )


def accounts(session: Session, viewer: Viewer) -> tuple[AccountRow, ...]:
    """All accounts by login; raises Refused for who neither administers nor runs the hotline."""
    if viewer.role not in MAY_LIST_ACCOUNTS:
        raise Refused(f"{viewer.role.label}不能查看账号")
    query = (
        sa.select(
            col(Account.id),
            col(Account.login),
            col(Account.name),
            col(Account.role),
            short_name(Unit).label("unit"),
            col(Account.site),
            col(Account.active),
        )
        .select_from(Account)
        .outerjoin(Unit, col(Unit.id) == col(Account.unit_id))
        .order_by(col(Account.login))
    )
    return tuple(AccountRow(*row[:6], active=row.active) for row in fetch(session, query))


def _aliases(row: Any) -> tuple[tuple[str, str], ...]:
    """The short name is spelled as its characters are in the name, as far as they come from there."""
    syllables = dict(zip(normal(row.name), row.spelling.split(), strict=False))
    short = (row.short, " ".join(syllables.get(sign, sign) for sign in normal(row.short)))
    spellings = row.alias_spellings.split("\n")
    others = [each for each in zip_longest(row.aliases.split("\n"), spellings, fillvalue="") if each[0]]
    return tuple(each for each in dict([short, *others]).items() if each[0] != row.name)


def _paths(known: dict[UUID, tuple[str, UUID | None]], between: str = "/") -> dict[UUID, str]:
    def path(key: UUID) -> str:
        names: list[str] = []
        here: UUID | None = key
        while here is not None and here in known and len(names) < len(known):
            name, here = known[here]
            names.append(name)
        return between.join(reversed(names))

    return {key: path(key) for key in known}
