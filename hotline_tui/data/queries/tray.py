"""What a unit has in hand, its own and what its superior delegated to it (Art. 11(2), R-S1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.consents import waits_for_answer
from hotline_tui.data.queries.countersigned import assists_owe
from hotline_tui.data.queries.queues import Waiting
from hotline_tui.data.queries.rows import (
    COLUMNS,
    KEPT,
    MOST,
    Cursor,
    Page,
    has_units_below,
    order_row,
    order_rows,
    page_of,
    place_of,
    short_name,
    urgent_then_behind,
)
from hotline_tui.data.queries.visibility import Query, among, owes_answer, runs
from hotline_tui.models import Assignment, Deadline, Request, Unit, WorkOrder
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import AssignmentState, AssignmentType, Duty, RequestMatter, Share, Standing
from hotline_tui.rules.workflow import LIVE, Relation

_Holder = aliased(Unit, name="tray_unit")
_Below = aliased(Unit, name="tray_below")


@dataclass(frozen=True, slots=True)
class Held(Waiting):
    """One assignment in a unit's tray."""

    assignment_id: UUID
    holder: str
    """Short name of the unit that answers for it: the own one, one below it, or the superior that delegated it."""
    worker: str
    """Short name of the subordinate unit that it was delegated to; empty without one."""
    type: AssignmentType
    share: Share
    state: AssignmentState
    again: bool
    remark: str
    dispatched_at: datetime
    signed_at: datetime | None
    due_at: datetime | None
    """Of this assignment's own reply and promise clocks the earliest."""
    provisional: bool
    return_until: datetime | None
    """Until when a return is on time; None once nothing runs that says so."""
    reply_until: datetime | None
    """Until when a first reply is on time; None once it has left or runs no more."""
    asks: RequestMatter | None
    """What the unit has asked the office, as long as no answer has come and somebody can give one."""
    assists_owe: bool
    """Whether assisting units beside it still owe their answers (R-11.2.2c)."""
    units_below: bool
    """Whether the holder has units below it that it could hand the order to."""
    relation: Relation
    """What the viewer is to this share."""
    standing: Standing | None


def tray(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    *,
    after: Cursor | None = None,
    limit: int = 50,
    states: frozenset[AssignmentState] = LIVE,
    delegated: bool = True,
) -> Page[Held]:
    """What the viewer's unit and those below it still owe, and what is `delegated` to them.

    Urgent first, then the earliest deadline.
    """

    def row(values: Any) -> Held:
        *facts, unit_id, worker_id = values[COLUMNS:]
        due_at: datetime | None = facts[10]
        relation = Relation(own_unit=unit_id in viewer.unit_ids, delegated=worker_id in viewer.unit_ids)
        standing = edges.standing(due_at) if due_at else None
        return Held(order_row(values, edges), *facts, relation=relation, standing=standing)

    def end(share: Held) -> Cursor:
        return Cursor(share.due_at or share.dispatched_at, share.assignment_id, share.order.urgent)

    query = _tray(viewer, states, after.urgent if after else None, delegated=delegated)
    return page_of(session, query, limit, row, end, **place_of(after))


@lru_cache(maxsize=KEPT)
def _tray(viewer: Viewer, states: frozenset[AssignmentState], after_urgent: bool | None, *, delegated: bool) -> Query:
    own = among(col(Assignment.unit_id), viewer.unit_ids)
    lent = among(col(Assignment.delegated_to_id), viewer.unit_ids)
    earliest = _clock(col(Deadline.due_at), owes_answer())
    urgent, due = (
        col(WorkOrder.urgent),
        sa.func.coalesce(earliest, col(Assignment.dispatched_at), type_=UTC_TIME),
    )
    query = (
        order_rows(
            viewer,
            col(Assignment.id),
            short_name(_Holder),
            short_name(_Below),
            col(Assignment.type),
            col(Assignment.share),
            col(Assignment.state),
            col(Assignment.again),
            col(Assignment.remark),
            col(Assignment.dispatched_at),
            col(Assignment.signed_at),
            earliest,
            sa.func.coalesce(_clock(col(Deadline.provisional), owes_answer()), sa.false()),
            _clock(col(Deadline.due_at), runs(Duty.RETURN)),
            _clock(col(Deadline.due_at), runs(Duty.REPLY)),
            _asks(),
            assists_owe(),
            has_units_below(col(Assignment.unit_id)),
            col(Assignment.unit_id),
            col(Assignment.delegated_to_id),
        )
        .join(Assignment, col(Assignment.order_id) == col(WorkOrder.id))
        .join(_Holder, col(_Holder.id) == col(Assignment.unit_id))
        .outerjoin(_Below, col(_Below.id) == col(Assignment.delegated_to_id))
        .where(sa.or_(own, lent) if delegated else own, among(col(Assignment.state), states))
        .order_by(urgent.desc(), due, col(Assignment.id))
        .limit(MOST)
    )
    if after_urgent is not None:
        query = query.where(urgent_then_behind(urgent, due, col(Assignment.id), after_urgent=after_urgent))
    return query


def to_approve(
    session: Session, viewer: Viewer, edges: Edges, *, after: Cursor | None = None, limit: int = 50
) -> Page[Held]:
    """Replies that wait for the leader in charge: of a delegated order the superior's (R-S1)."""
    states = frozenset({AssignmentState.REPLY_DRAFTED})
    return tray(session, viewer, edges, after=after, limit=limit, states=states, delegated=False)


def _clock(column: Any, runs: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    """Of the share's running clocks the earliest."""
    return (
        sa.select(column)
        .where(col(Deadline.assignment_id) == col(Assignment.id), runs)
        .order_by(col(Deadline.due_at), col(Deadline.id))
        .limit(1)
        .correlate(Assignment)
        .scalar_subquery()
    )


def _asks() -> sa.ScalarSelect[Any]:
    return (
        sa.select(col(Request.matter))
        .where(col(Request.assignment_id) == col(Assignment.id), waits_for_answer())
        .order_by(col(Request.id))
        .limit(1)
        .correlate(Assignment, WorkOrder)
        .scalar_subquery()
    )
