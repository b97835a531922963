"""Which of an order's callers have been heard on the last released reply (Art. 11(6), R-8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from hotline_tui.models import Callback, Caller, OrderCaller, Reply
from hotline_tui.rules.words import Verdict

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


def hearing(session: Session, order_id: UUID) -> Hearing:
    """Who has said what about the reply that was released last."""
    reply_id = session.exec(
        select(Reply.id)
        .where(Reply.order_id == order_id, col(Reply.released_at).is_not(None))
        .order_by(col(Reply.position).desc())
        .limit(1)
    ).one_or_none()
    calls = session.exec(
        select(col(Callback.caller_id), col(Callback.verdict))
        .where(Callback.order_id == order_id, Callback.reply_id == reply_id)
        .order_by(col(Callback.attempt))
    ).all()
    callers = session.exec(
        select(OrderCaller.caller_id, Caller.phone)
        .join(Caller, col(Caller.id) == col(OrderCaller.caller_id))
        .where(OrderCaller.order_id == order_id)
        .order_by(col(OrderCaller.position))
    ).all()
    return Hearing(reply_id, tuple(_heard(caller_id, phone, calls) for caller_id, phone in callers))


def _heard(caller_id: UUID, phone: str, calls: Sequence[tuple[UUID | None, Verdict]]) -> HeardCaller:
    said = [verdict for called, verdict in calls if called == caller_id]
    unreached = 0
    for verdict in reversed(said):
        if verdict is not Verdict.UNREACHED:
            break
        unreached += 1
    return HeardCaller(caller_id, bool(phone), said[-1] if said else None, unreached)
