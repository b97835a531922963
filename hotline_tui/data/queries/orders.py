"""查询: orders by whatever a person remembers of them, newest first or as they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries import stretches
from hotline_tui.data.queries.rows import (
    Cursor,
    OrderRow,
    Page,
    before,
    behind,
    earliest_due,
    fetch,
    order_row,
    order_rows,
)
from hotline_tui.data.queries.visibility import Query, orders_here, orders_of, owes_answer
from hotline_tui.data.roles import calls
from hotline_tui.data.store import store_of
from hotline_tui.errors import NotFound, Refused
from hotline_tui.models import Assignment, Caller, Deadline, OrderCaller, Topic, WorkOrder
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.numbers import dialled, normalise
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Channel, Kind, OrderState, Role, Standing

MAY_ASK_BY_PHONE = frozenset({Role.AGENT, Role.OFFICE})
MOST_WORDS = 8
MANY_SHARES, MANY_GUARDED = 20_000, 5_000
"""Of a unit; fewer where nothing is asked for, and the database looks at each row that it reads."""


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What is looked for; every field that is given must hold."""

    number: str = ""
    """Whole, as typed, or its beginning or its end."""
    words: str = ""
    """Each of them in the narrative, the subject or the address."""
    readings: tuple[tuple[str, ...], ...] = ()
    """What words of pinyin may mean: of each one of these there, too."""
    phone: str = ""
    """Exactly; for the front desk and the office alone (R-13b)."""
    kind: Kind | None = None
    states: frozenset[OrderState] = frozenset()
    unit_id: UUID | None = None
    """The unit that leads now."""
    topic_id: UUID | None = None
    """With the topics below it."""
    region_id: UUID | None = None
    since: datetime | None = None
    """Received at this moment or later."""
    until: datetime | None = None
    """Received before this moment."""
    urgent: bool | None = None
    malicious: bool = False
    """Referred as malicious, false or abusive (Art. 16)."""
    channel: Channel | None = None
    standing: Standing | None = None


EVERYTHING = OrderFilter()


class Sort(StrEnum):
    """In which order they come."""

    NEWEST = "newest"
    DUE = "due"
    """The earliest deadline first; orders that owe no answer are left out."""
    OLDEST = "oldest"


def page(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    filters: OrderFilter = EVERYTHING,
    *,
    sort: Sort = Sort.NEWEST,
    after: Cursor | None = None,
    limit: int = 50,
    seconds: float | None = None,
) -> Page[OrderRow]:
    """Orders that this viewer may see, as sorted; raises Refused when the role may not ask by phone.

    `seconds`: no longer, where all orders would have to be read; `looked_to` says how far it came.
    """
    query = orders_here(session, viewer, col(WorkOrder.id)).where(*_conditions(viewer, filters))
    part = filters.number.strip() and normalise(filters.number) is None
    # By the clocks, a number or a caller few are found, and all at once.
    few = sort is Sort.DUE or filters.standing or filters.phone.strip() or (filters.number.strip() and not part)
    in_stretches = seconds is not None and not few
    clocks = _clocks(filters.standing, edges) if filters.standing or sort is Sort.DUE else None
    # Newest first the page is full soon, unless the database looks at each row that it reads.
    by_clock = clocks is not None and (sort is not Sort.NEWEST or bool(viewer.guarded and viewer.unit_ids))
    if clocks is not None:
        query = query.where(_has_one_of(session, clocks, first=by_clock))
    if viewer.unit_ids and not (by_clock and viewer.guarded):
        most = MANY_GUARDED if viewer.guarded and filters == EVERYTHING else MANY_SHARES
        texts = bool(part or filters.words.strip() or filters.readings)
        if (texts and not in_stretches) or _few_shares(session, viewer, most):
            query = query.where(col(WorkOrder.id).in_(_shares(viewer)))
    at: Any = earliest_due() if sort is Sort.DUE else col(WorkOrder.received_at)
    if sort is Sort.NEWEST:
        beyond, keys = before, (at.desc(), col(WorkOrder.id).desc())
    else:
        beyond, keys = behind, (at, col(WorkOrder.id))

    def behind_it(after: Cursor | None) -> Query:
        return (query if after is None else query.where(beyond(at, col(WorkOrder.id), after))).order_by(*keys)

    # What a line shows is asked of those on the page alone: SQLite would ask it of every order that it sorts.
    ended: Cursor | None = None
    if seconds is not None and in_stretches:
        times = _times(session, viewer, edges, filters, newest_first=sort is Sort.NEWEST)
        some, ended = stretches.look(session, behind_it, at, times, after=after, limit=limit + 1, seconds=seconds)
    else:
        some = fetch(session, behind_it(after).limit(limit + 1))
    found: list[UUID] = [each.id for each in some]
    lines = {
        each.id: order_row(each, edges)
        for each in fetch(session, order_rows(viewer).where(col(WorkOrder.id).in_(found)))
    }
    rows = tuple(lines[key] for key in found[:limit])
    last = rows[-1] if len(found) > limit and rows else None
    if ended is not None:
        return Page(rows, ended, ended.at)
    return Page(
        rows, Cursor(last.due_at if sort is Sort.DUE and last.due_at else last.received_at, last.id) if last else None
    )


def row(session: Session, viewer: Viewer, edges: Edges, order_id: UUID) -> OrderRow | None:
    """One order as a list shows it, for painting a line again; None when it is not to be seen."""
    found = fetch(session, order_rows(viewer).where(col(WorkOrder.id) == order_id))
    return order_row(found[0], edges) if found else None


def numbered(session: Session, viewer: Viewer, edges: Edges, number: str) -> OrderRow | None:
    """The order with this spoken number as a list shows it; None when there is none to be seen."""
    found = fetch(session, order_rows(viewer).where(col(WorkOrder.number) == normalise(number)))
    return order_row(found[0], edges) if found else None


def by_number(session: Session, viewer: Viewer, number: str) -> UUID:
    """The order with this spoken number, in whatever form it was typed; raises NotFound."""
    known = normalise(number)
    for found in fetch(session, orders_of(viewer, col(WorkOrder.id)).where(col(WorkOrder.number) == known)):
        return found.id
    raise NotFound(f"没有编号为 {clean_line(number)[:40]} 的工单, 请核对编号")


def _times(
    session: Session, viewer: Viewer, edges: Edges, asked: OrderFilter, *, newest_first: bool
) -> stretches.Times:
    """Between which moments orders are looked for; the first order of all is asked for where it is the beginning."""
    newest = min(edges.now, asked.until) if asked.until else edges.now
    if newest_first:
        return stretches.Times(newest_first, newest, asked.since)
    oldest = asked.since
    if oldest is None:
        at = col(WorkOrder.received_at)
        first = fetch(session, orders_here(session, viewer, at).order_by(at, col(WorkOrder.id)).limit(1))
        oldest = first[0][0] if first else newest
    return stretches.Times(newest_first, oldest, newest)


def _conditions(viewer: Viewer, asked: OrderFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    equal = (
        (col(WorkOrder.kind), asked.kind),
        (col(WorkOrder.channel), asked.channel),
        (col(WorkOrder.unit_id), asked.unit_id),
        (col(WorkOrder.region_id), asked.region_id),
    )
    conditions += [column == value for column, value in equal if value is not None]
    if asked.number.strip():
        conditions.append(_number(asked.number))
    if asked.phone.strip():
        conditions.append(by_phone(viewer, asked.phone))
    texts = (col(WorkOrder.narrative), col(WorkOrder.subject), col(WorkOrder.address))
    for any_of in (*((word,) for word in asked.words.split()), *asked.readings)[:MOST_WORDS]:
        conditions.append(sa.or_(*(text.icontains(word, autoescape=True) for word in any_of for text in texts)))
    if asked.states:
        conditions.append(col(WorkOrder.state).in_(sorted(asked.states)))
    if asked.topic_id is not None:
        conditions.append(_topic(asked.topic_id))
    if asked.since is not None:
        conditions.append(col(WorkOrder.received_at) >= asked.since)
    if asked.until is not None:
        conditions.append(col(WorkOrder.received_at) < asked.until)
    if asked.urgent is not None:
        conditions.append(col(WorkOrder.urgent).is_(asked.urgent))
    if asked.malicious:
        conditions.append(col(WorkOrder.malicious).is_(True))
    return conditions


def _number(text: str) -> sa.ColumnElement[bool]:
    whole = normalise(text)
    if whole is not None:
        return col(WorkOrder.number) == whole
    part = clean_line(text).upper().replace(" ", "")
    return sa.or_(
        col(WorkOrder.number).startswith(part, autoescape=True), col(WorkOrder.number).endswith(part, autoescape=True)
    )


def _shares(viewer: Viewer) -> sa.CompoundSelect[Any]:
    """The orders of this unit's shares: `visible` once more, from the other end.

    Told order by order alone, an engine reads the orders of all units until a page is full of this one's.
    """
    own = sa.select(col(Assignment.order_id)).where(col(Assignment.unit_id).in_(viewer.unit_ids))
    lent = sa.select(col(Assignment.order_id)).where(col(Assignment.delegated_to_id).in_(viewer.unit_ids))
    return own.union(lent)


def _few_shares(session: Session, viewer: Viewer, most: int) -> bool:
    """Of a unit with many, the orders that come first hold a page of it soon."""
    some = sa.select(sa.literal(1)).where(col(Assignment.unit_id).in_(viewer.unit_ids)).limit(most)
    many = sa.select(sa.func.count()).select_from(some.subquery()).execution_options(viewer=viewer)
    return fetch(session, many)[0][0] < most


def by_phone(viewer: Viewer, *phones: str) -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: it came from one of these numbers; raises Refused for other roles (R-13b).

    It begins at the numbers: told order by order, no planner without statistics would.
    """
    if viewer.role not in MAY_ASK_BY_PHONE:
        raise Refused(f"{viewer.role.label}不能按来电号码查询", "第十三条")
    numbers = [dialled(clean_line(phone)) for phone in phones]
    if viewer.guarded:
        return of_callers(calls.callers_at(numbers))
    return col(WorkOrder.id).in_(
        sa.select(col(OrderCaller.order_id))
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(col(Caller.phone).in_(numbers))
    )


def of_callers(keys: Query) -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: it came from one of these callers."""
    return col(WorkOrder.id).in_(sa.select(col(OrderCaller.order_id)).where(col(OrderCaller.caller_id).in_(keys)))


def _topic(topic_id: UUID) -> sa.ColumnElement[bool]:
    top, below = aliased(Topic), aliased(Topic)
    within = sa.or_(col(below.id) == col(top.id), col(below.path).startswith(col(top.path).concat("/")))
    return col(WorkOrder.topic_id).in_(sa.select(col(below.id)).join(top, within).where(col(top.id) == topic_id))


def _clocks(standing: Standing | None, edges: Edges) -> Any:
    """The orders that stand so by their earliest open clock; what is seriously overdue is overdue too (R-D7).

    What one clock takes in and another leaves out is one set: asked of each order, a planner takes the second for so
    dear that it would rather read all orders.
    """
    due, owed = col(Deadline.due_at), sa.select(col(Deadline.order_id)).where(owes_answer())
    match standing:
        case None:
            return owed
        case Standing.SERIOUSLY_OVERDUE:
            return owed.where(due < edges.serious_before)
        case Standing.OVERDUE:
            return owed.where(due < edges.now)
        case Standing.DUE_SOON:
            return owed.where(due >= edges.now, due <= edges.soon_until).except_(owed.where(due < edges.now))
        case Standing.IN_TIME:
            return owed.where(due > edges.soon_until).except_(owed.where(due <= edges.soon_until))


def _has_one_of(session: Session, clocks: Any, *, first: bool) -> sa.ColumnElement[bool]:
    """A condition on WorkOrder; `first`: Postgres is to begin at the open clocks, which are few beside the orders.

    It takes a policy's rows for so many that it would read all orders of a unit, or of the city, instead.
    """
    if first and not store_of(session).is_sqlite:
        return col(WorkOrder.id) == sa.any_(sa.func.array(clocks.scalar_subquery()))
    return col(WorkOrder.id).in_(clocks)
