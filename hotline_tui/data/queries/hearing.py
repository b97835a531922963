"""Which of an order's callers have been heard on the last released reply (Art. 11(6), R-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
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
    of_order = col(WorkOrder.id) == order_id
    released = (
        orders_of(viewer, col(Reply.id))
        .join(Reply, col(Reply.order_id) == col(WorkOrder.id))
        .where(of_order, col(Reply.released_at).is_not(None))
        .order_by(col(Reply.position).desc())
        .limit(1)
    )
    reply_id: UUID | None = next((row[0] for row in fetch(session, released)), None)
    calls = fetch(
        session,
        orders_of(viewer, col(Callback.caller_id), col(Callback.verdict))
        .join(Callback, col(Callback.order_id) == col(WorkOrder.id))
        .where(of_order, col(Callback.reply_id) == reply_id)
        .order_by(col(Callback.attempt)),
    )
    callers = fetch(
        session,
        orders_of(viewer, col(OrderCaller.caller_id), col(Caller.masked_phone) != "")
        .join(OrderCaller, col(OrderCaller.order_id) == col(WorkOrder.id))
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(of_order)
        .order_by(col(OrderCaller.position)),
    )
    return Hearing(
        reply_id,
        tuple(
            _heard(caller_id, reachable, [verdict for called, verdict in calls if called == caller_id])
            for caller_id, reachable in callers
        ),
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
