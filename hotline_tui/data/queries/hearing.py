"""Which of an order's callers have been heard on the last released reply (Art. 11(6), R-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import KEPT, fetch
from hotline_tui.data.queries.visibility import Query, orders_of
from hotline_tui.models import Callback, Caller, OrderCaller, Reply, WorkOrder
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Verdict
from hotline_tui.rules.workflow import UNREACHED_BEFORE_ARCHIVE

HEARD = (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED, Verdict.UNSATISFIED)


@dataclass(frozen=True, slots=True)
class HeardCaller:
    """One caller and what was said last."""

    caller_id: UUID | None
    reachable: bool
    """A number was left."""
    verdict: Verdict | None
    unreached: int
    """Attempts in a row without reaching this caller."""

    @property
    def heard(self) -> bool:
        """Said whether satisfied."""
        return self.verdict in HEARD

    @property
    def due(self) -> bool:
        """Still to be rung before the order may end: a number was left, not heard, not tried often enough."""
        return self.reachable and not self.heard and self.unreached < UNREACHED_BEFORE_ARCHIVE


@dataclass(frozen=True, slots=True)
class Hearing:
    """All callers of an order, first caller first."""

    reply_id: UUID | None
    callers: tuple[HeardCaller, ...]

    @property
    def next(self) -> UUID | None:
        """The caller to ring now: not heard yet, with a number, tried least often."""
        waiting = [each for each in self.callers if not each.heard]
        chosen = min(waiting or self.callers, key=lambda each: (not each.reachable, each.unreached), default=None)
        return chosen.caller_id if chosen else None

    @property
    def due(self) -> tuple[int, ...]:
        """Places, counted from 1, of the callers who are still to be rung."""
        return tuple(place for place, each in enumerate(self.callers, 1) if each.due)

    def after(self, caller_id: UUID | None, verdict: Verdict) -> Hearing:
        """Once this caller was rung again and this came of it."""

        def rung(caller: HeardCaller) -> HeardCaller:
            unreached = caller.unreached + 1 if verdict is Verdict.UNREACHED else 0
            return replace(caller, verdict=verdict, unreached=unreached)

        callers = (rung(each) if each.caller_id == caller_id else each for each in self.callers)
        return Hearing(self.reply_id, tuple(callers))

    def together(self) -> tuple[Verdict | None, int]:
        """What they say together, and how often those not heard were tried, of several the fewest.

        One unsatisfied is unsatisfied; it is satisfied when everybody who left a number is.
        """
        verdicts = [each.verdict for each in self.callers if each.verdict is not None]
        if not verdicts:
            return None, 0
        if Verdict.UNSATISFIED in verdicts:
            return Verdict.UNSATISFIED, 0
        open_ = [each for each in self.callers if not each.heard and (each.reachable or each.verdict is not None)]
        if open_:
            return Verdict.UNREACHED, min(each.unreached for each in open_)
        mostly = Verdict.MOSTLY_SATISFIED in verdicts
        return (Verdict.MOSTLY_SATISFIED if mostly else Verdict.SATISFIED), 0


def hearing(session: Session, viewer: Viewer, order_id: UUID) -> Hearing:
    """Who has said what about the reply that was released last; nobody of an order that this viewer may not see."""
    said: dict[tuple[UUID, bool], list[Verdict]] = {}
    found = fetch(session, _said(viewer), order=order_id)
    for _reply_id, caller_id, reachable, verdict in found:
        if caller_id is not None:
            said.setdefault((caller_id, reachable), []).extend([verdict] if verdict is not None else ())
    callers = (_heard(*caller, verdicts) for caller, verdicts in said.items())
    return Hearing(found[0][0] if found else None, tuple(callers))


@lru_cache(maxsize=KEPT)
def _said(viewer: Viewer) -> Query:
    """The last released reply of an order, and each of its callers with each verdict on it, in turn."""
    reply = (
        sa.select(col(Reply.id))
        .where(col(Reply.order_id) == col(WorkOrder.id), col(Reply.released_at).is_not(None))
        .order_by(col(Reply.position).desc())
        .limit(1)
        .correlate(WorkOrder)
        .scalar_subquery()
    )
    of_caller = sa.and_(
        col(Callback.order_id) == col(WorkOrder.id),
        col(Callback.caller_id) == col(OrderCaller.caller_id),
        col(Callback.reply_id).is_not_distinct_from(reply),
    )
    return (
        orders_of(viewer, reply, col(Caller.id), col(Caller.masked_phone) != "", col(Callback.verdict))
        .outerjoin(OrderCaller, col(OrderCaller.order_id) == col(WorkOrder.id))
        .outerjoin(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .outerjoin(Callback, of_caller)
        .where(col(WorkOrder.id) == sa.bindparam("order"))
        .order_by(col(OrderCaller.position), col(Callback.attempt))
    )


def unheard() -> sa.ColumnElement[bool]:
    """A condition on WorkOrder: a caller who left a number has not said a word on the reply released last."""
    said, reply, newer = aliased(Callback, name="said"), aliased(Reply, name="told"), aliased(Reply, name="told_later")
    last = (
        sa.select(col(reply.id))
        .where(
            col(reply.order_id) == col(WorkOrder.id),
            col(reply.released_at).is_not(None),
            ~sa.exists(
                sa.select(sa.literal(1))
                .where(
                    col(newer.order_id) == col(reply.order_id),
                    col(newer.released_at).is_not(None),
                    col(newer.position) > col(reply.position),
                )
                .correlate(reply)
            ),
        )
        .correlate(WorkOrder)
        .scalar_subquery()
    )
    heard = (
        sa.select(sa.literal(1))
        .where(
            col(said.order_id) == col(WorkOrder.id),
            col(said.caller_id) == col(OrderCaller.caller_id),
            col(said.reply_id) == last,
            col(said.verdict).in_(HEARD),
        )
        .correlate(WorkOrder, OrderCaller)
    )
    return sa.exists(
        sa.select(sa.literal(1))
        .select_from(OrderCaller)
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(col(OrderCaller.order_id) == col(WorkOrder.id), col(Caller.masked_phone) != "", ~sa.exists(heard))
        .correlate(WorkOrder)
    )


def _heard(caller_id: UUID, reachable: bool, said: Sequence[Verdict]) -> HeardCaller:
    unreached = 0
    for verdict in reversed(said):
        if verdict is not Verdict.UNREACHED:
            break
        unreached += 1
    return HeardCaller(caller_id, reachable, said[-1] if said else None, unreached)
