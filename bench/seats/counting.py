"""What stands in the database of what was done: nothing twice, nothing overwritten, nothing without its order."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.data.replay import differences
from hotline_tui.data.store import Store
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.words import Action

DEEDS = {
    "intake": Action.REGISTER,
    "dispatch": Action.ASSIGN,
    "sign": Action.SIGN,
    "draft": Action.DRAFT_REPLY,
    "approve": Action.APPROVE,
    "release": Action.RELEASE,
    "call_back": Action.CALL_BACK,
    "archive": Action.ARCHIVE,
}
"""The event of each action that has one."""


@dataclass(frozen=True)
class Counted:
    """Each of them should be 0, but for the orders."""

    orders: int
    dispatched_twice: int
    lost_updates: int
    """Orders whose version is not the number of their events and the sequence of the last."""
    not_as_told: int
    """Actions that a seat was told were done, and events of them: the difference."""
    replayed_otherwise: int
    """Differences that `hotline doctor` would name."""
    events_without_order: int
    orders_without_event: int


def count(store: Store, done: dict[str, int]) -> Counted:
    """Hold what was told against what is stored."""
    many = sa.func.count()
    with store.read() as session:
        events = (
            sa.select(col(Event.order_id), many.label("many"), sa.func.max(col(Event.sequence)).label("last"))
            .where(col(Event.order_id).is_not(None))
            .group_by(col(Event.order_id))
            .subquery()
        )
        joined = sa.select(sa.func.count()).select_from(WorkOrder).outerjoin(events, events.c.order_id == WorkOrder.id)
        version = col(WorkOrder.version)
        acts = dict(session.exec(select(Event.action, sa.func.count()).group_by(col(Event.action))).all())
        twice = (
            sa.select(col(Event.order_id))
            .where(col(Event.action) == Action.ASSIGN)
            .group_by(col(Event.order_id))
            .having(sa.func.count() > 1)
            .subquery()
        )
        there = sa.exists().where(col(WorkOrder.id) == col(Event.order_id))
        return Counted(
            orders=_number(session, sa.select(sa.func.count()).select_from(WorkOrder)),
            dispatched_twice=_number(session, sa.select(sa.func.count()).select_from(twice)),
            lost_updates=_number(session, joined.where(sa.or_(events.c.many != version, events.c.last != version))),
            not_as_told=sum(abs(acts.get(deed, 0) - done.get(name, 0)) for name, deed in DEEDS.items()),
            replayed_otherwise=sum(1 for _ in differences(session)),
            events_without_order=_number(
                session, sa.select(sa.func.count()).select_from(Event).where(col(Event.order_id).is_not(None), ~there)
            ),
            orders_without_event=_number(session, joined.where(events.c.many.is_(None))),
        )


def _number(session: Session, query: sa.Select[int]) -> int:
    return session.connection().execute(query).scalar_one()
