"""What waits for whom: dispatch, release, callback, review, archive (Art. 11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.countersigned import lacks_assist
from hotline_tui.data.queries.hearing import unheard
from hotline_tui.data.queries.relation import not_handled
from hotline_tui.data.queries.rows import (
    COLUMNS,
    KEPT,
    MOST,
    NOW,
    Cursor,
    OrderRow,
    Page,
    order_row,
    order_rows,
    page_of,
    place_of,
    short_name,
    urgent_then_behind,
)
from hotline_tui.data.queries.visibility import Query
from hotline_tui.models import Account, Assignment, Callback, Claim, OrderCaller, Reply, Unit, WorkOrder
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import AssignmentState, OrderState, Verdict
from hotline_tui.rules.workflow import UNREACHED_BEFORE_ARCHIVE

TrayUnit = aliased(Unit, name="tray_unit")
SATISFIED = (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED)
Row = TypeVar("Row", bound="Waiting")
Stands = tuple[sa.SQLColumnExpression[bool], sa.SQLColumnExpression[datetime]]
BY_AGE: Stands = (col(WorkOrder.urgent), col(WorkOrder.received_at))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order in a queue."""

    order: OrderRow


@dataclass(frozen=True, slots=True)
class ToDispatch(Waiting):
    """待派, or a countersigned order that lacks an assisting unit; `order.returns` says how often it was returned."""

    returned_by: str
    """The unit that returned it last; empty when none has."""
    return_reason: str
    holder: str
    """Another agent who has it just now, by name; empty when it is free or the viewer's own."""

    @property
    def assisting(self) -> bool:
        """Whether only an assisting share came back: the lead unit goes on (R-11.3)."""
        return self.order.state is OrderState.ASSIGNED


@dataclass(frozen=True, slots=True)
class ToRelease(Waiting):
    """待审核发布."""

    approved_at: datetime | None
    """When the unit's leader let the reply go."""


@dataclass(frozen=True, slots=True)
class ToCallBack(Waiting):
    """待回访, or ready to be archived."""

    attempts: int
    verdict: Verdict | None
    """Of the last attempt since the last dispatch."""
    unreached: int
    """Attempts in a row without reaching the caller."""
    called_at: datetime | None
    holder: str
    """Another agent who has it just now, by name; empty when it is free or the viewer's own."""
    callers: int
    """How many callers it has; of a merged order several."""


@dataclass(frozen=True, slots=True)
class ToReview(Waiting):
    """待复查."""

    not_solved: str
    """What a caller said was not solved, the last to say so."""


def to_dispatch(
    session: Session, viewer: Viewer, edges: Edges, *, after: Cursor | None = None, limit: int = 50, free: bool = False
) -> Page[ToDispatch]:
    """Orders without a unit, or without one of the assisting units, urgent first, then the oldest.

    `free`: without those that another has just now.
    """
    pages = [
        urgent_first(session, query, edges, (after, limit), ToDispatch) for query in _to_dispatch(viewer, free=free)
    ]
    rows = sorted(
        (row for page in pages for row in page.rows),
        key=lambda row: (not row.order.urgent, row.order.received_at, row.order.id),
    )
    more = len(rows) > limit or any(page.next for page in pages)
    last_row = rows[:limit][-1] if rows and more else None
    return Page(tuple(rows[:limit]), _cursor(last_row, *_received(last_row)) if last_row else None)


@lru_cache(maxsize=KEPT)
def _to_dispatch(viewer: Viewer, *, free: bool) -> tuple[Query, Query]:
    last = aliased(Assignment, name="last_return")
    newer = aliased(Assignment, name="newer_return")
    back = AssignmentState.RETURNED
    query = (
        order_rows(
            viewer,
            short_name(TrayUnit).label("returned_by"),
            sa.func.coalesce(col(last.return_reason), ""),
            _holder(viewer),
        )
        .outerjoin(
            last,
            sa.and_(
                col(last.order_id) == col(WorkOrder.id),
                col(last.state) == back,
                ~sa.exists(
                    sa.select(sa.literal(1))
                    .where(
                        col(newer.order_id) == col(last.order_id),
                        col(newer.state) == back,
                        col(newer.position) > col(last.position),
                    )
                    .correlate(last)
                ),
            ),
        )
        .outerjoin(TrayUnit, col(TrayUnit.id) == col(last.unit_id))
    )
    if free:
        query = query.where(_free(viewer))
    # Each by itself lies in the order of an index; asked together both would be sorted as a whole.
    return query.where(col(WorkOrder.state) == OrderState.RECEIVED), query.where(lacks_assist())


def to_release(
    session: Session, viewer: Viewer, edges: Edges, *, after: Cursor | None = None, limit: int = 50
) -> Page[ToRelease]:
    """Orders whose reply the office has to release, urgent first, then the oldest."""
    return urgent_first(session, _to_release(viewer), edges, (after, limit), ToRelease)


@lru_cache(maxsize=KEPT)
def _to_release(viewer: Viewer) -> Query:
    approved = (
        sa.select(sa.func.max(col(Reply.approved_at), type_=UTC_TIME))
        .where(col(Reply.order_id) == col(WorkOrder.id), col(Reply.released_at).is_(None))
        .correlate(WorkOrder)
        .scalar_subquery()
    )
    return order_rows(viewer, approved).where(col(WorkOrder.state) == OrderState.REPLIED)


def to_call_back(
    session: Session, viewer: Viewer, edges: Edges, *, after: Cursor | None = None, limit: int = 50, free: bool = False
) -> Page[ToCallBack]:
    """Orders whose caller this viewer may ring for a verdict, urgent first, then the oldest (R-11.6).

    Who was rung in vain, urgent or not, stands behind at the time of that call: three attempts are not three keys in a
    row. `free`: without those that another has just now.
    """
    query = _to_call_back(viewer, free=free)
    return urgent_first(session, query, edges, (after, limit), ToCallBack, stands=_stands(), stood=_waited_since)


@lru_cache(maxsize=KEPT)
def _to_call_back(viewer: Viewer, *, free: bool) -> Query:
    waiting = col(WorkOrder.state) == OrderState.AWAITING_CALLBACK
    query = _called(viewer).where(
        waiting,
        sa.or_(col(WorkOrder.verdict).is_(None), col(WorkOrder.verdict).not_in(SATISFIED), unheard()),
        not_handled(viewer, waiting),
    )
    return query.where(_free(viewer)) if free else query


@lru_cache(maxsize=1)
def _stands() -> Stands:
    tried = col(WorkOrder.unreached) > 0
    since = sa.case((tried, _last_call().scalar_subquery()), else_=col(WorkOrder.received_at))
    return sa.and_(col(WorkOrder.urgent), ~tried), since


def to_archive(
    session: Session, viewer: Viewer, edges: Edges, *, after: Cursor | None = None, limit: int = 50
) -> Page[ToCallBack]:
    """Orders that the front desk may close: answered, satisfied, or not reached often enough (Art. 11(6))."""
    return urgent_first(session, _to_archive(viewer), edges, (after, limit), ToCallBack)


@lru_cache(maxsize=KEPT)
def _to_archive(viewer: Viewer) -> Query:
    return _called(viewer).where(
        sa.or_(
            col(WorkOrder.state) == OrderState.ANSWERED,
            sa.and_(
                col(WorkOrder.state) == OrderState.AWAITING_CALLBACK,
                sa.or_(
                    sa.and_(col(WorkOrder.verdict).in_(SATISFIED), ~unheard()),
                    col(WorkOrder.unreached) >= UNREACHED_BEFORE_ARCHIVE,
                ),
            ),
        )
    )


def to_review(
    session: Session, viewer: Viewer, edges: Edges, *, after: Cursor | None = None, limit: int = 50
) -> Page[ToReview]:
    """Orders whose caller was not satisfied, urgent first, then the oldest."""
    return urgent_first(session, _to_review(viewer), edges, (after, limit), ToReview)


@lru_cache(maxsize=KEPT)
def _to_review(viewer: Viewer) -> Query:
    not_solved = (
        sa.select(col(Callback.not_solved))
        .where(col(Callback.order_id) == col(WorkOrder.id), col(Callback.not_solved) != "")
        .order_by(col(Callback.attempt).desc())
        .limit(1)
        .correlate(WorkOrder)
        .scalar_subquery()
    )
    return order_rows(viewer, sa.func.coalesce(not_solved, "")).where(col(WorkOrder.state) == OrderState.UNDER_REVIEW)


def _called(viewer: Viewer) -> Query:
    calls = sa.select(sa.func.count()).where(col(Callback.order_id) == col(WorkOrder.id)).correlate(WorkOrder)
    callers = sa.select(sa.func.count()).where(col(OrderCaller.order_id) == col(WorkOrder.id)).correlate(WorkOrder)
    return order_rows(
        viewer,
        calls.scalar_subquery(),
        col(WorkOrder.verdict),
        col(WorkOrder.unreached),
        _last_call().scalar_subquery(),
        _holder(viewer),
        callers.scalar_subquery(),
    )


def _free(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Nobody else has taken the order."""
    return _holder(viewer) == ""


def _holder(viewer: Viewer) -> sa.ColumnElement[str]:
    """Another who has taken the order, by name."""
    holder = (
        sa.select(col(Account.name))
        .join(Claim, col(Claim.account_id) == col(Account.id))
        .where(col(Claim.order_id) == col(WorkOrder.id), col(Claim.until) > NOW)
        .correlate(WorkOrder)
    )
    if viewer.account_id is not None:
        holder = holder.where(col(Claim.account_id) != viewer.account_id)
    return sa.func.coalesce(holder.scalar_subquery(), "")


def _last_call() -> Query:
    return (
        sa.select(sa.func.max(col(Callback.called_at), type_=UTC_TIME))
        .where(col(Callback.order_id) == col(WorkOrder.id))
        .correlate(WorkOrder)
    )


def urgent_first(
    session: Session,
    query: Query,
    edges: Edges,
    seek: tuple[Cursor | None, int],
    kind: Callable[..., Row],
    *,
    stands: Stands | None = None,
    stood: Callable[[Row], tuple[bool, datetime]] | None = None,
) -> Page[Row]:
    """A page of a queue, urgent first, then the oldest; `kind` gets the columns after those of the order, too.

    `stands`: what comes first and what the age is counted from, if not urgency and receipt, `stood`: both in a row.
    The query and `stands` are those that were made once: they are told apart by which they are.
    """
    after, limit = seek
    return page_of(
        session,
        _in_order(query, stands or BY_AGE, after.urgent if after else None),
        limit,
        lambda values: kind(order_row(values, edges), *values[COLUMNS:]),
        lambda row: _cursor(row, *(stood or _received)(row)),
        now=edges.now,
        **place_of(after),
    )


@lru_cache(maxsize=8 * KEPT)
def _in_order(query: Query, stands: Stands, after_urgent: bool | None) -> Query:
    (urgent, age), key = stands, col(WorkOrder.id)
    if after_urgent is not None:
        query = query.where(urgent_then_behind(urgent, age, key, after_urgent=after_urgent))
    return query.order_by(urgent.desc(), age, key).limit(MOST)


def _received(row: Waiting) -> tuple[bool, datetime]:
    return row.order.urgent, row.order.received_at


def _waited_since(row: ToCallBack) -> tuple[bool, datetime]:
    if row.unreached and row.called_at is not None:
        return False, row.called_at
    return _received(row)


def _cursor(row: Waiting, urgent: bool, at: datetime) -> Cursor:
    return Cursor(at, row.order.id, urgent)
