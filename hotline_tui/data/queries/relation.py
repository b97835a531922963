"""What a viewer is to an order, for the workflow tables: asked once, the same for screens and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.models import Assignment, Caller, Event, OrderCaller
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
    """What this viewer is to an order that it may see."""
    query = select(Assignment).where(Assignment.order_id == order.id)
    shares = session.exec(query).all()
    own = {each.id: each.unit_id in viewer.unit_ids for each in shares}
    delegated = {each.id: each.delegated_to_id in viewer.unit_ids for each in shares}

    def relation(*concerned: Assignment) -> Relation:
        return Relation(
            own_unit=any(own[each.id] for each in concerned),
            delegated=any(delegated[each.id] for each in concerned),
            countersigned=any(each.type is AssignmentType.COUNTERSIGNED and each.state in LIVE for each in shares),
            reported=order.reported_at is not None,
            instructed=order.instructed_at is not None,
            returns=sum(each.state is AssignmentState.RETURNED for each in shares),
            handled=handled,
            reachable=reachable,
            last_case=CASE_OF_VERDICT[order.verdict] if order.verdict else None,
            unreached=order.unreached,
        )

    handled, reachable = _handled(session, viewer, order.id), _reachable(session, order.id)
    return Ties(relation(*shares), {each.id: relation(each) for each in shares})


def _handled(session: Session, viewer: Viewer, order_id: UUID) -> bool:
    if viewer.account_id is None:
        return False
    did = sa.exists().where(
        col(Event.order_id) == order_id,
        col(Event.actor_id) == viewer.account_id,
        col(Event.action).in_(sorted(HANDLING)),
    )
    return session.exec(select(did)).one()


def _reachable(session: Session, order_id: UUID) -> bool:
    query = select(
        sa.exists().where(
            col(OrderCaller.order_id) == order_id, col(OrderCaller.caller_id) == col(Caller.id), col(Caller.phone) != ""
        )
    )
    return session.exec(query).one()
