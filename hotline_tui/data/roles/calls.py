"""The database's functions (`passages.py`), as queries and services ask them at a guarded seat."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from hotline_tui.data.queries.visibility import Query
from hotline_tui.models.columns import UTC_TIME

_hotline = sa.func.hotline
_TEXTS = ARRAY(sa.Text)


def callers_at(phones: Iterable[str]) -> Query:
    """The keys of callers with one of these numbers."""
    return _keys(_hotline.callers_at(sa.bindparam(None, list(phones), _TEXTS)))


def callers_like(order_id: UUID) -> Query:
    """The keys of callers with a number of this order's callers."""
    return _keys(_hotline.callers_like(order_id))


def joined(order_id: UUID) -> Query:
    """Number, subject, narrative and time of each order that was merged into this one, first merged first."""
    rows = _hotline.joined(order_id).table_valued(
        sa.column("id", sa.Uuid), "number", "subject", "narrative", sa.column("closed_at", UTC_TIME)
    )
    columns = (rows.c.number, rows.c.subject, rows.c.narrative, rows.c.closed_at)
    return sa.select(*columns).order_by(rows.c.closed_at, rows.c.id)


def merges(order_id: UUID) -> Query:
    """Key, time, actor and number of each merge into this order, oldest first."""
    rows = _hotline.merges(order_id).table_valued(
        sa.column("id", sa.Uuid), sa.column("at", UTC_TIME), "actor", "number"
    )
    return sa.select(rows.c.id, rows.c.at, rows.c.actor, rows.c.number).order_by(rows.c.at, rows.c.id)


def handled(orders: Query, deeds: Collection[str]) -> Query:
    """Those of these keys of orders on which, or on one merged into which, who sits here did one of these.

    Asked of all at once: called for each row, a function costs 50 times as much.
    """
    keys = sa.func.array(orders.correlate(None).scalar_subquery())
    return _keys(_hotline.handled(keys, sa.bindparam(None, list(deeds), _TEXTS)))


def caller_of(told: Mapping[str, str]) -> Query:
    """The key of who told just this before."""
    return sa.select(_hotline.caller_of(told["name"], told["phone"], told["workplace"], told["home_address"]))


def same_person(one: UUID, other: UUID) -> Query:
    """Whether two callers are one name at one number."""
    return sa.select(_hotline.same_person(one, other))


def look(order_id: UUID, why: str) -> Query:
    """Say that the callers of an order are about to be read; whether they may be."""
    return sa.select(_hotline.look(order_id, why))


def callers_in_full(order_id: UUID) -> Query:
    """Name, number, workplace and home of each caller, first caller first."""
    rows = _hotline.callers_in_full(order_id).table_valued("name", "phone", "workplace", "home_address")
    return sa.select(rows.c.name, rows.c.phone, rows.c.workplace, rows.c.home_address)


def next_number(site: str, day: date, many: int) -> Query:
    """The last of so many numbers that a site gives."""
    return sa.select(_hotline.next_number(site, day, many))


def last_revision() -> Query:
    """Of any standard answer, drafts of others among them."""
    return sa.select(_hotline.last_revision())


def has_source(article_id: UUID) -> Query:
    """Whether a standard answer was written from a reply, of whatever order."""
    return sa.select(_hotline.has_source(article_id))


def hold(order_id: UUID) -> Query:
    """Let this transaction go on with an order that it is about to hide from itself."""
    return sa.select(_hotline.hold(order_id))


def missed(key: UUID, asked: str, words: str, counts: Mapping[str, int], at: datetime) -> Query:
    """Keep what was asked in vain."""
    many = (counts["empty"], counts["unused"], counts["dispatched"])
    return sa.select(_hotline.missed(key, asked, words, *many, sa.literal(at, UTC_TIME)))


def _keys(function: Any) -> Query:
    return sa.select(function.column_valued("key"))
