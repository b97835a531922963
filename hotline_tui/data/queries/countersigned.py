"""What a countersigned order still lacks: the answer of an assisting unit, or an assisting unit (R-11.2.2c, R-11.3)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from hotline_tui.models import Assignment, Event, WorkOrder
from hotline_tui.rules.words import AssignmentState, OrderState, Share
from hotline_tui.rules.workflow import ASSIGNMENT_STEPS, LIVE

_GIVEN_BACK = {step.action for step in ASSIGNMENT_STEPS if step.target is AssignmentState.RETURNED}
_GIVEN_OUT = {step.action for step in ASSIGNMENT_STEPS if step.source is None}
_Other = aliased(Assignment, name="other_share")


def lacks_assist() -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: an assisting unit gave its share back and no unit was added since (R-11.3).

    A return by the only unit, or by the lead, takes the order out of 办理中.
    """
    last = (
        sa.select(col(Event.action))
        .where(col(Event.order_id) == col(WorkOrder.id), col(Event.action).in_(sorted(_GIVEN_BACK | _GIVEN_OUT)))
        .order_by(col(Event.sequence).desc())
        .limit(1)
        .correlate(WorkOrder)
        .scalar_subquery()
    )
    return sa.and_(
        col(WorkOrder.state) == OrderState.ASSIGNED, col(WorkOrder.returns) > 0, last.in_(sorted(_GIVEN_BACK))
    )


def assists_owe() -> sa.ColumnElement[Any]:
    """A value of each Assignment: whether an assisting unit beside it still owes its answer (R-11.2.2c)."""
    return sa.exists(
        sa.select(sa.literal(1))
        .where(
            col(_Other.order_id) == col(Assignment.order_id),
            col(_Other.id) != col(Assignment.id),
            col(_Other.share) == Share.ASSIST,
            col(_Other.state).in_(sorted(LIVE)),
        )
        .correlate(Assignment)
    )
