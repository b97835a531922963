"""What waits for a leader's word: proposed, reported, instructed (Art. 11(2)2(3), 11(2)3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.queues import Waiting, urgent_first
from hotline_tui.data.queries.rows import KEPT, Cursor, OrderRow, Page, order_rows, short_name
from hotline_tui.data.queries.visibility import Query, runs
from hotline_tui.models import Account, Assignment, Deadline, Event, Report, Unit, WorkOrder
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Action, Duty, OrderState, Role


class Stage(Enum):
    """How far an order that waits for a leader has come."""

    PROPOSED = "待呈报"
    REPORTED = "待批示"
    INSTRUCTED = "待交办"


@dataclass(frozen=True, slots=True)
class ToInstruct(Waiting):
    """待批示."""

    order: OrderRow
    reported_at: datetime | None
    instructed_at: datetime | None
    leader: str
    """Before whom the office laid it last; empty: before any of the city's leaders."""
    countersign: bool
    """Reported, or before that proposed, as 会签件."""
    until: datetime | None
    """When the instruction is expected."""
    proposer: str
    """The unit, or else the person, that last asked for a leader's word."""

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        if self.reported_at is None:
            return Stage.PROPOSED
        return Stage.REPORTED if self.instructed_at is None else Stage.INSTRUCTED


@dataclass(frozen=True, slots=True)
class LeaderChoice:
    """A city leader to whom can be reported."""

    id: UUID
    name: str
    spelling: str


def to_instruct(
    session: Session,
    viewer: Viewer,
    edges: Edges,
    *,
    stage: Stage | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page[ToInstruct]:
    """Orders that wait for a leader, of one stage or of all, urgent first, then the oldest.

    A city leader gets what was reported to him or to all of them, and not yet instructed.
    """
    return urgent_first(session, _to_instruct(viewer, stage), edges, (after, limit), ToInstruct)


@lru_cache(maxsize=KEPT)
def _to_instruct(viewer: Viewer, stage: Stage | None) -> Query:
    query = order_rows(
        viewer,
        col(WorkOrder.reported_at),
        col(WorkOrder.instructed_at),
        sa.func.coalesce(_of_last_report(_leader()), ""),
        sa.case(
            (col(WorkOrder.reported_at).is_(None), _of_last_proposal(_proposes_to_countersign())),
            else_=sa.func.coalesce(_of_last_report(col(Report.countersign)), sa.false()),
        ),
        _until(),
        sa.func.coalesce(_of_last_proposal(_proposing_unit()), _of_last_proposal(col(Event.actor)), ""),
    ).where(col(WorkOrder.state) == OrderState.AWAITING_INSTRUCTION)
    if viewer.role is Role.CITY_LEADER:
        before = _of_last_report(col(Report.leader_id))
        return query.where(*_STAGES[Stage.REPORTED], sa.or_(before.is_(None), before == viewer.account_id))
    return query if stage is None else query.where(*_STAGES[stage])


def city_leaders(session: Session) -> tuple[LeaderChoice, ...]:
    """Who may instruct, by name."""
    query = sa.select(col(Account.id), col(Account.name), col(Account.spelling)).where(
        col(Account.role) == Role.CITY_LEADER, col(Account.active)
    )
    return tuple(LeaderChoice(*row) for row in session.connection().execute(query.order_by(col(Account.name))))


_PROPOSALS = (Action.REPORT, Action.PROPOSE_COUNTERSIGN)
_STAGES = {
    Stage.PROPOSED: (col(WorkOrder.reported_at).is_(None),),
    Stage.REPORTED: (col(WorkOrder.reported_at).is_not(None), col(WorkOrder.instructed_at).is_(None)),
    Stage.INSTRUCTED: (col(WorkOrder.instructed_at).is_not(None),),
}


def _of_last_report(column: Any) -> sa.ScalarSelect[Any]:
    return (
        sa.select(column)
        .where(col(Report.order_id) == col(WorkOrder.id))
        .order_by(col(Report.reported_at).desc(), col(Report.id).desc())
        .limit(1)
        .correlate(WorkOrder)
        .scalar_subquery()
    )


def _of_last_proposal(column: Any) -> sa.ScalarSelect[Any]:
    return (
        sa.select(column)
        .where(col(Event.order_id) == col(WorkOrder.id), col(Event.action).in_(_PROPOSALS))
        .order_by(col(Event.sequence).desc())
        .limit(1)
        .correlate(WorkOrder)
        .scalar_subquery()
    )


def _proposes_to_countersign() -> sa.ColumnElement[bool]:
    return col(Event.action) == Action.PROPOSE_COUNTERSIGN


def _proposing_unit() -> sa.ScalarSelect[Any]:
    return (
        sa.select(short_name(Unit))
        .join(Assignment, col(Assignment.unit_id) == col(Unit.id))
        .where(col(Assignment.id) == col(Event.assignment_id))
        .correlate(Event)
        .scalar_subquery()
    )


def _leader() -> sa.ScalarSelect[str]:
    return (
        sa.select(col(Account.name)).where(col(Account.id) == col(Report.leader_id)).correlate(Report).scalar_subquery()
    )


def _until() -> sa.ScalarSelect[Any]:
    clock = sa.select(sa.func.min(col(Deadline.due_at), type_=UTC_TIME)).where(
        col(Deadline.order_id) == col(WorkOrder.id), runs(Duty.INSTRUCT)
    )
    return clock.correlate(WorkOrder).scalar_subquery()
