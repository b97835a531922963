"""分类: kind, topic, place and flags of a matter that came in without them, such as a letter (Art. 9, 15)."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.data.roles import calls
from hotline_tui.models import OrderAccused, Region, Topic, WorkOrder
from hotline_tui.rules.acceptance import (
    CallerFacts,
    check_acceptance,
    check_place,
    check_topic,
    fullest,
    place_told,
)
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Action, Kind, OrderState
from hotline_tui.services.callers import facts_of, tell
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at


def classify(
    desk: Desk,
    order_id: UUID,
    *,
    kind: Kind | None = None,
    topic_id: UUID | None = None,
    region_id: UUID | None = None,
    address: str = "",
    urgent: bool | None = None,
    secret: bool | None = None,
    accused: tuple[UUID, ...] = (),
    told: CallerFacts | None = None,
    seen: int | None = None,
) -> None:
    """Set what is given, leave the rest; raises NotAccepted when the kind needs facts that the caller has not told.

    `told`: what the writer said of himself when he was called back; it goes to the caller, never into an event.
    Accused units are added and never taken away: what was hidden from a unit must not open by a slip (Art. 13).
    """
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        before = order.kind
        work.move(order, Action.CLASSIFY)
        tell(work, order, told or CallerFacts())
        if kind is not None:
            check_acceptance(kind, fullest(facts_of(work, order)), order.narrative)
        given = {"kind": kind, "topic_id": topic_id, "region_id": region_id, "urgent": urgent, "secret": secret}
        if secret and work.desk.viewer.guarded:  # it may be hidden from who hides it
            work.session.connection().execute(calls.hold(order.id))
        for name, value in given.items():
            if value is not None:
                setattr(order, name, value)
        if address := clean_line(address):
            order.address = address
        _accuse(work, order, accused)
        facts = {"kind": order.kind.value, "urgent": order.urgent}
        if before is not order.kind:
            facts["from_kind"] = before.value
        work.commit(order, Action.CLASSIFY, facts=facts)


def accept(work: Work, order: WorkOrder, action: Action) -> None:
    """Take an order on by `action`, which every way out but the refusal goes through; raises NotAllowed.

    Raises NotAccepted while it waits for its first step and its kind needs facts that nobody has told (Art. 15).
    """
    received = order.state is OrderState.RECEIVED
    work.move(order, action)
    if received:
        check_acceptance(order.kind, fullest(facts_of(work, order)), order.narrative)


def check_topic_told(session: Session, topic_id: UUID | None) -> None:
    """Raise NotAccepted without a topic, where there are topics to choose from (Art. 9)."""
    check_topic(topic_id is not None or not _any(session, col(Topic.active).is_(True)))


def check_place_told(session: Session, order: WorkOrder) -> None:
    """Raise NotAccepted without a place, where there are regions to choose from (Art. 9)."""
    check_place(place_told(order.region_id, order.address) or not _any(session, col(Region.id).is_not(None)))


def _any(session: Session, condition: sa.ColumnElement[bool]) -> bool:
    return bool(session.exec(select(sa.exists().where(condition))).one())


def _accuse(work: Work, order: WorkOrder, accused: tuple[UUID, ...]) -> None:
    known = set(work.session.exec(select(OrderAccused.unit_id).where(OrderAccused.order_id == order.id)))
    for unit_id in dict.fromkeys(accused):
        if unit_id not in known:
            work.add(OrderAccused(order_id=order.id, unit_id=work.unit(unit_id).id))
