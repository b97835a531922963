"""分类: kind, topic, place and flags of a matter that came in without them, such as a letter (Art. 9, 15)."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from hotline_tui.models import Caller, OrderAccused, OrderCaller, WorkOrder
from hotline_tui.rules.acceptance import CallerFacts, check_acceptance
from hotline_tui.rules.words import Action, Kind
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at


def classify(
    desk: Desk,
    order_id: UUID,
    *,
    kind: Kind | None = None,
    topic_id: UUID | None = None,
    region_id: UUID | None = None,
    urgent: bool | None = None,
    secret: bool | None = None,
    accused: tuple[UUID, ...] = (),
    seen: int | None = None,
) -> None:
    """Set what is given, leave the rest; raises NotAccepted when the kind needs facts that the caller has not told.

    Accused units are added and never taken away: what was hidden from a unit must not open by a slip (Art. 13).
    """
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.CLASSIFY)
        if kind is not None:
            check_acceptance(kind, _told(work, order), order.narrative)
        given = {"kind": kind, "topic_id": topic_id, "region_id": region_id, "urgent": urgent, "secret": secret}
        for name, value in given.items():
            if value is not None:
                setattr(order, name, value)
        _accuse(work, order, accused)
        work.commit(order, Action.CLASSIFY, facts={"kind": order.kind.value, "urgent": order.urgent})


def _told(work: Work, order: WorkOrder) -> CallerFacts:
    """The facts of the first caller; none where nobody gave a name or a number."""
    query = (
        select(Caller)
        .join(OrderCaller, col(OrderCaller.caller_id) == col(Caller.id))
        .where(OrderCaller.order_id == order.id)
        .order_by(col(OrderCaller.position))
        .limit(1)
    )
    caller = work.session.exec(query).first()
    if caller is None:
        return CallerFacts()
    return CallerFacts(caller.name, caller.phone, caller.workplace, caller.home_address)


def _accuse(work: Work, order: WorkOrder, accused: tuple[UUID, ...]) -> None:
    known = set(work.session.exec(select(OrderAccused.unit_id).where(OrderAccused.order_id == order.id)))
    for unit_id in dict.fromkeys(accused):
        if unit_id not in known:
            work.add(OrderAccused(order_id=order.id, unit_id=work.unit(unit_id).id))
