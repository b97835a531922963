"""What units have asked the office to consent to, and still wait for (R-D5, R-D8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.queues import TrayUnit, Waiting, urgent_first
from hotline_tui.data.queries.rows import KEPT, Cursor, Page, order_rows, short_name
from hotline_tui.data.queries.visibility import Query
from hotline_tui.models import Assignment, Request, WorkOrder
from hotline_tui.rules.consents import answers
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import AssignmentState, RequestMatter


@dataclass(frozen=True, slots=True)
class ToConsent(Waiting):
    """申请, not yet answered, that somebody can answer."""

    request_id: UUID
    assignment_id: UUID
    asked_by: str
    """Short name of the unit."""
    matter: RequestMatter
    reason: str
    day: date | None
    """The promised day wished for."""
    before: date | None
    """The promised day until then."""
    asked_at: datetime
    share_state: AssignmentState
    """How the unit's share stands."""


def to_consent(
    session: Session, viewer: Viewer, edges: Edges, *, after: Cursor | None = None, limit: int = 50
) -> Page[ToConsent]:
    """Requests that the office can answer now, those of urgent orders first, then those of the oldest orders."""
    return urgent_first(session, _to_consent(viewer), edges, (after, limit), ToConsent)


@lru_cache(maxsize=KEPT)
def _to_consent(viewer: Viewer) -> Query:
    return (
        order_rows(
            viewer,
            col(Request.id),
            col(Request.assignment_id),
            short_name(TrayUnit),
            col(Request.matter),
            col(Request.reason),
            col(Request.day),
            col(Request.before),
            col(Request.asked_at),
            col(Assignment.state),
        )
        .join(Request, col(Request.order_id) == col(WorkOrder.id))
        .join(Assignment, col(Assignment.id) == col(Request.assignment_id))
        .join(TrayUnit, col(TrayUnit.id) == col(Assignment.unit_id))
        .where(waits_for_answer(), _open_to(viewer))
    )


def waits_for_answer() -> sa.ColumnElement[bool]:
    """A condition on Request with its Assignment and WorkOrder: not answered, and the workflow lets somebody answer."""
    ways = (
        sa.and_(
            col(Request.matter) == matter,
            col(WorkOrder.state).in_(sorted(answer.orders)),
            col(Assignment.state).in_(sorted(answer.shares)),
        )
        for matter in RequestMatter
        for answer in answers(matter)
    )
    return sa.and_(col(Request.decided_at).is_(None), sa.or_(*ways))


def _open_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A unit finds its own requests and those of units below it."""
    return col(Assignment.unit_id).in_(viewer.unit_ids) if viewer.unit_ids else sa.true()
