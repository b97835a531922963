"""An order as every list shows it, and the pages that lists are read by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.visibility import Query, orders_of, owes_answer
from hotline_tui.models import Deadline, Region, Topic, Unit, WorkOrder
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Channel, Kind, OrderState, Standing

BRIEF = 60
KEPT = 16
"""Statements that one function keeps, by what they were made for: a seat makes each once, for the one who sits there.

What is another each time is a bound parameter with a name. Made anew, a statement costs more than asking it.
"""
MOST = sa.bindparam("most", type_=sa.Integer())
"""How many rows a page asks for."""
NOW, AT, KEY = (
    sa.bindparam("now", type_=UTC_TIME),
    sa.bindparam("at", type_=UTC_TIME),
    sa.bindparam("key", type_=sa.Uuid()),
)
LeadUnit = aliased(Unit, name="lead_unit")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of a list; nothing in it is the caller's personal data (R-13b)."""

    id: UUID
    version: int
    number: str
    kind: Kind
    state: OrderState
    channel: Channel
    topic: str
    region: str
    address: str
    brief: str
    """The beginning of the subject, or of the narrative, on one line."""
    unit_id: UUID | None
    unit: str
    """Short name of the unit that leads now."""
    urgent: bool
    secret: bool
    received_at: datetime
    dispatches: int
    returns: int
    urges: int
    due_at: datetime | None
    """The earliest open reply or promise deadline."""
    provisional: bool
    standing: Standing | None
    """Of that deadline; None when no answer is owed."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the values of its last row that the list is sorted by."""

    at: datetime
    id: UUID
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and where the next page begins; `next` is None on the last one."""

    rows: tuple[Row, ...]
    next: Cursor | None = None
    looked_to: datetime | None = None
    """There may be more on this page: the rows beyond this time were not looked through yet."""


def earliest_due() -> sa.ScalarSelect[Any]:
    """Per order: the earliest open reply or promise deadline."""
    return (
        sa.select(sa.func.min(col(Deadline.due_at)))
        .where(col(Deadline.order_id) == col(WorkOrder.id), owes_answer())
        .correlate(WorkOrder)
        .scalar_subquery()
    )


def is_provisional() -> sa.ColumnElement[bool]:
    """Per order: whether one of those deadlines is provisional."""
    found = (
        sa.select(sa.literal(1))
        .where(
            col(Deadline.order_id) == col(WorkOrder.id),
            owes_answer(),
            col(Deadline.provisional).is_(True),
        )
        .correlate(WorkOrder)
    )
    return is_there(found)


def is_there(found: Query) -> sa.ColumnElement[bool]:
    """A value of each row: whether this finds anything.

    Not EXISTS: Postgres would sooner gather the answers for all rows there are than ask for those of a page.
    """
    return found.limit(1).scalar_subquery().is_not(None)


def order_rows(viewer: Viewer, *more: Any) -> Query:
    """The columns of OrderRow of the orders this viewer may see, and more columns after them."""
    text = sa.case((col(WorkOrder.subject) != "", col(WorkOrder.subject)), else_=col(WorkOrder.narrative))
    columns = (
        col(WorkOrder.id),
        col(WorkOrder.version),
        col(WorkOrder.number),
        col(WorkOrder.kind),
        col(WorkOrder.state),
        col(WorkOrder.channel),
        sa.func.coalesce(col(Topic.path), "").label("topic"),
        sa.func.coalesce(col(Region.name), "").label("region"),
        col(WorkOrder.address),
        sa.func.substr(text, 1, BRIEF).label("brief"),
        col(WorkOrder.unit_id),
        short_name(LeadUnit).label("unit"),
        col(WorkOrder.urgent),
        col(WorkOrder.secret),
        col(WorkOrder.received_at),
        col(WorkOrder.dispatches),
        col(WorkOrder.returns),
        col(WorkOrder.urges),
        earliest_due().label("due_at"),
        is_provisional().label("provisional"),
    )
    return (
        orders_of(viewer, *columns, *more)
        .outerjoin(Topic, col(Topic.id) == col(WorkOrder.topic_id))
        .outerjoin(Region, col(Region.id) == col(WorkOrder.region_id))
        .outerjoin(LeadUnit, col(LeadUnit.id) == col(WorkOrder.unit_id))
    )


def short_name(unit: type[Unit]) -> sa.ColumnElement[str]:
    """A unit's short name, or its name where it has none; empty without a unit."""
    return sa.func.coalesce(sa.func.nullif(col(unit.short_name), ""), col(unit.name), "")


def has_units_below(unit_id: Any) -> sa.ColumnElement[bool]:
    """Whether a unit could hand an order on to one below it (R-S1)."""
    child = aliased(Unit, name="child")
    return sa.exists(sa.select(sa.literal(1)).where(col(child.parent_id) == unit_id, col(child.active)))


COLUMNS = 20
"""How many columns `order_rows` puts first."""


def order_row(values: Sequence[Any], edges: Edges) -> OrderRow:
    """The first columns of a row as an OrderRow."""
    given: list[Any] = list(values[:COLUMNS])
    given[9] = " ".join(str(given[9]).split())
    due_at: datetime | None = given[18]
    return OrderRow(*given, standing=edges.standing(due_at) if due_at else None)


def fetch(session: Session, query: Query, **told: object) -> Sequence[Any]:
    """The rows of a query, as plain tuples with names; `told`: the values of its bound parameters."""
    return session.connection().execute(query, told).all()


def page_of(
    session: Session, query: Query, limit: int, row: Callable[[Any], Row], end: Callable[[Row], Cursor], **told: object
) -> Page[Row]:
    """One page of an ordered query that ends in `limit(MOST)`; `told` as for `fetch`.

    One row more is asked for than is shown, to know whether there is a next page.
    """
    found = fetch(session, query, most=limit + 1, **told)
    rows = tuple(row(values) for values in found[:limit])
    return Page(rows, end(rows[-1]) if len(found) > limit and rows else None)


def behind(at: Any, key: Any, after: Cursor) -> sa.ColumnElement[bool]:
    """The condition for rows after a cursor, sorted by time and key from the oldest."""
    return sa.tuple_(at, key) > sa.tuple_(sa.literal(after.at, UTC_TIME), sa.literal(after.id, sa.Uuid()))


def urgent_then_behind(urgent: Any, at: Any, key: Any, *, after_urgent: bool) -> sa.ColumnElement[bool]:
    """The condition for rows after the cursor `AT` and `KEY`, sorted by urgency, then time and key from the oldest."""
    same = sa.and_(urgent.is_(after_urgent), sa.tuple_(at, key) > sa.tuple_(AT, KEY))
    return sa.or_(same, urgent.is_(False)) if after_urgent else same


def place_of(after: Cursor | None) -> dict[str, object]:
    """The values of `AT` and `KEY`."""
    return {} if after is None else {"at": after.at, "key": after.id}


def before(at: Any, key: Any, after: Cursor) -> sa.ColumnElement[bool]:
    """The same, sorted from the newest."""
    return sa.tuple_(at, key) < sa.tuple_(sa.literal(after.at, UTC_TIME), sa.literal(after.id, sa.Uuid()))
