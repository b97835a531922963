"""What a viewer is to an order, for the workflow tables: asked once, the same for screens and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import KEPT, fetch, is_there
from hotline_tui.data.queries.visibility import Query, orders_of, parts
from hotline_tui.data.roles import calls
from hotline_tui.models import Assignment, Caller, Event, OrderCaller, WorkOrder
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import AssignmentState, AssignmentType, Verdict
from hotline_tui.rules.workflow import CASE_OF_VERDICT, HANDLING, LIVE, Relation


class Standing(Protocol):
    """What is asked of an order beside its shares: the mapped object, or a row of a query."""

    id: UUID
    verdict: Verdict | None
    unreached: int
    reported_at: datetime | None
    instructed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ties:
    """The relation to an order as a whole, and to each of its assignments."""

    order: Relation
    by_assignment: dict[UUID, Relation]

    def to(self, assignment_id: UUID | None) -> Relation:
        """The relation to one assignment, or to the order."""
        return self.order if assignment_id is None else self.by_assignment[assignment_id]


def ties(session: Session, viewer: Viewer, order: Standing) -> Ties:
    """What this viewer is to an order; nothing to one that it may not see."""
    found = fetch(session, _ties(viewer), order=order.id)
    # Each share with what is so of the order as a whole; an order without shares is one row.
    handled = not (found and found[0].not_handled)
    callers, reachable = (found[0].callers, found[0].reachable) if found else (0, False)
    shares = [each for each in found if each.id is not None]

    def relation(*concerned: Any) -> Relation:
        return Relation(
            own_unit=any(each.unit_id in viewer.unit_ids for each in concerned),
            delegated=any(each.delegated_to_id in viewer.unit_ids for each in concerned),
            countersigned=any(each.type is AssignmentType.COUNTERSIGNED and each.state in LIVE for each in shares),
            reported=order.reported_at is not None,
            instructed=order.instructed_at is not None,
            returns=sum(each.state is AssignmentState.RETURNED for each in shares),
            handled=handled,
            reachable=bool(reachable),
            several=callers > 1,
            last_case=CASE_OF_VERDICT[order.verdict] if order.verdict else None,
            unreached=order.unreached,
        )

    return Ties(relation(*shares), {each.id: relation(each) for each in shares})


def not_handled(viewer: Viewer, among: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: this person did none of `HANDLING` on it, nor on an order merged into it (R-11.6).

    `among`: another condition on it, which only few orders meet.
    """
    if viewer.account_id is None:
        return sa.true()
    if viewer.guarded:
        few = orders_of(viewer, col(WorkOrder.id)).where(among)
        return col(WorkOrder.id).not_in(calls.handled(few, sorted(HANDLING)))
    every = parts()
    # Asked of each part by itself: joined, SQLite would put all events of this person in an index of its own first.
    did = sa.exists(
        sa.select(sa.literal(1))
        .where(
            col(Event.order_id) == every.c.id,
            col(Event.actor_id) == viewer.account_id,
            col(Event.action).in_(sorted(HANDLING)),
        )
        .correlate(every)
    )
    return ~sa.exists(sa.select(sa.literal(1)).select_from(every).where(did).correlate(WorkOrder))


@lru_cache(maxsize=KEPT)
def _ties(viewer: Viewer) -> Query:
    """Of one order: its shares; whether this viewer did not handle it, how many callers, whether one left a number."""
    callers = (
        sa.select(sa.func.count())
        .select_from(OrderCaller)
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(col(OrderCaller.order_id) == col(WorkOrder.id))
        .correlate(WorkOrder)
    )
    itself = col(WorkOrder.id) == sa.bindparam("order")
    columns = (
        not_handled(viewer, itself).label("not_handled"),
        callers.scalar_subquery().label("callers"),
        is_there(callers.where(col(Caller.masked_phone) != "").with_only_columns(sa.literal(1))).label("reachable"),
        col(Assignment.id),
        col(Assignment.unit_id),
        col(Assignment.delegated_to_id),
        col(Assignment.type),
        col(Assignment.state),
    )
    query = orders_of(viewer, *columns).outerjoin(Assignment, col(Assignment.order_id) == col(WorkOrder.id))
    return query.where(itself)
