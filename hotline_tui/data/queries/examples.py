"""Earlier orders as suggestions learn from them: what was said, and where it went in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of, visible
from hotline_tui.models import WorkOrder
from hotline_tui.rules.secrecy import Viewer

MOST = 30_000
"""The latest orders that are learned from."""


@dataclass(frozen=True, slots=True)
class Example:
    """What was said, its topic, and the unit that leads."""

    subject: str
    narrative: str
    topic_id: UUID
    unit_id: UUID | None


def examples(session: Session, viewer: Viewer, most: int = MOST) -> Iterator[Example]:
    """The latest orders with a topic that this viewer may see, the latest first.

    Anybody at a seat sees the effect of what is learned: neither what is secret nor a tip-off nor what accuses a unit
    is among them (R-13a, R-13b), whoever trains.
    """
    query = (
        orders_of(
            viewer,
            col(WorkOrder.subject),
            col(WorkOrder.narrative),
            col(WorkOrder.topic_id),
            col(WorkOrder.unit_id),
        )
        .where(col(WorkOrder.topic_id).is_not(None), visible(replace(viewer, on_wall=True)))
        .order_by(col(WorkOrder.received_at).desc(), col(WorkOrder.id).desc())
        .limit(most)
    )
    for row in fetch(session, query):
        yield Example(*row)
