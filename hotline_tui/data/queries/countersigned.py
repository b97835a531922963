"""What a countersigned order still lacks: the answer of an assisting unit, or an assisting unit (R-11.2.2c, R-11.3)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from hotline_tui.data.queries.rows import is_there
from hotline_tui.models import Assignment, WorkOrder
from hotline_tui.rules.words import Action, AssignmentState, OrderState, Share
from hotline_tui.rules.workflow import ASSIGNMENT_STEPS, LIVE

GIVEN_BACK: frozenset[Action] = frozenset(
    step.action for step in ASSIGNMENT_STEPS if step.target is AssignmentState.RETURNED
)
GIVEN_OUT: frozenset[Action] = frozenset(step.action for step in ASSIGNMENT_STEPS if step.source is None)
_Other = aliased(Assignment, name="other_share")


def lacks_assist() -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: an assisting unit gave its share back and no unit was added since (R-11.3).

    A return by the only unit, or by the lead, takes the order out of 办理中.
    """
    return sa.and_(col(WorkOrder.given_back).is_(True), col(WorkOrder.state) == OrderState.ASSIGNED)


def assists_owe() -> sa.ColumnElement[Any]:
    """A value of each Assignment: whether an assisting unit beside it still owes its answer (R-11.2.2c)."""
    return is_there(
        sa.select(sa.literal(1))
        .where(
            col(_Other.order_id) == col(Assignment.order_id),
            col(_Other.id) != col(Assignment.id),
            col(_Other.share) == Share.ASSIST,
            col(_Other.state).in_(sorted(LIVE)),
        )
        .correlate(Assignment)
    )
