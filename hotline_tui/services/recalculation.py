"""时限重算: open deadlines computed anew when the calendar changes, by the function that made each (R-D3, R-D4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.data.queries.visibility import visible
from hotline_tui.models import Assignment, Deadline, Unit, WorkOrder
from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.deadlines import SHANGHAI, Due, due, promise_moved_due, return_due, shanghai_day
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Action, Duty
from hotline_tui.rules.workflow import FINAL, Relation, order_step
from hotline_tui.services.work import Work

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """An open deadline that gets another time, or is provisional no more."""

    order_id: UUID
    number: str
    unit: str
    duty: Duty
    before: datetime
    after: datetime
    provisional: bool
    """As it stands afterwards."""
    visible: bool
    """Whether this viewer may see the order."""

    @property
    def moves(self) -> bool:
        """Whether the time changes, not only 暂定."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class _Clock:
    deadline: Deadline
    due: Due
    moved: Moved


def moved_clocks(session: Session, viewer: Viewer, after: WorkingCalendar, days: Collection[date]) -> list[Moved]:
    """The open deadlines that `days`, which differ from the calendar before, move."""
    return [clock.moved for clock in _clocks(session, viewer, after, days)]


def recalculate(work: Work, after: WorkingCalendar, days: Collection[date], source: str) -> list[Moved]:
    """Move them, with one event on each order; of the same transaction as the calendar's own rows."""
    clocks = _clocks(work.session, work.desk.viewer, after, days)
    by_order = {order_id: list(group) for order_id, group in groupby(clocks, lambda clock: clock.deadline.order_id)}
    for chunk in _chunks(list(by_order)):
        for order in work.orders_of_clocks(chunk):
            order_step(Action.RECALCULATE, order.state, work.desk.role, Relation())
            for clock in by_order[order.id]:
                clock.deadline.due_at = clock.due.due_at
                clock.deadline.working_days = clock.due.working_days
                clock.deadline.provisional = bool(clock.due.provisional)
            work.record(order, Action.RECALCULATE, facts=_facts([clock.moved for clock in by_order[order.id]], source))
    return [clock.moved for clock in clocks]


def run_again(calendar: WorkingCalendar, assignment: Assignment, clocks: Iterable[Deadline]) -> None:
    """Start clocks that were stopped; the calendar may have changed meanwhile, and moved only those that ran (R-D3)."""
    for clock in clocks:
        again = due_again(calendar, clock, assignment.dispatched_at, assignment.promised_day)
        clock.met_at = None
        clock.due_at = again.due_at
        clock.working_days = again.working_days
        clock.provisional = bool(again.provisional)


def due_again(
    calendar: WorkingCalendar,
    deadline: Deadline,
    dispatched_at: datetime | None,
    promised_day: date | None,
) -> Due:
    """A deadline by the function that made it, at the closing time that it was made with."""
    closing = deadline.due_at.astimezone(SHANGHAI).time()
    if deadline.duty is Duty.RETURN:
        return return_due(calendar, dispatched_at or deadline.day_zero, closing)
    if deadline.duty is Duty.PROMISE:
        return promise_moved_due(calendar, promised_day or shanghai_day(deadline.due_at), deadline.day_zero, closing)
    return due(calendar, deadline.day_zero, deadline.working_days, closing)


def _clocks(session: Session, viewer: Viewer, after: WorkingCalendar, days: Collection[date]) -> list[_Clock]:
    if not days:
        return []
    open_ones = _open(session, min(days), max(days))
    dispatched = dict(
        _pairs(session, col(Assignment.id), col(Assignment.dispatched_at), (d.assignment_id for d in open_ones))
    )
    promised = dict(
        _pairs(session, col(Assignment.id), col(Assignment.promised_day), (d.assignment_id for d in open_ones))
    )
    changed: list[tuple[Deadline, Due]] = []
    for deadline in open_ones:
        again = due_again(
            after,
            deadline,
            dispatched.get(deadline.assignment_id),
            promised.get(deadline.assignment_id),
        )
        if (again.due_at, bool(again.provisional)) != (deadline.due_at, deadline.provisional):
            changed.append((deadline, again))
    numbers = dict(_pairs(session, col(WorkOrder.id), col(WorkOrder.number), (d.order_id for d, _ in changed)))
    units = dict(_pairs(session, col(Unit.id), col(Unit.name), (d.unit_id for d, _ in changed)))
    seen = dict(_pairs(session, col(WorkOrder.id), visible(viewer), (d.order_id for d, _ in changed)))
    return [
        _Clock(
            deadline,
            again,
            Moved(
                deadline.order_id,
                numbers[deadline.order_id],
                units.get(deadline.unit_id, ""),
                deadline.duty,
                deadline.due_at,
                again.due_at,
                bool(again.provisional),
                bool(seen[deadline.order_id]),
            ),
        )
        for deadline, again in changed
    ]


def _open(session: Session, first: date, last: date) -> Sequence[Deadline]:
    """Open deadlines whose days may be among these; by order."""
    begin = datetime.combine(first, time(), SHANGHAI).astimezone(UTC)
    query = (
        select(Deadline)
        .join(WorkOrder, col(WorkOrder.id) == col(Deadline.order_id))
        .where(
            col(Deadline.met_at).is_(None),
            col(Deadline.void_at).is_(None),
            col(WorkOrder.state).not_in(FINAL),
            Deadline.day_zero <= last,
            Deadline.due_at >= begin,
        )
        .order_by(col(Deadline.order_id), col(Deadline.id))
    )
    return session.exec(query).all()


def _pairs(session: Session, key: Any, value: Any, keys: Iterable[UUID | None]) -> Iterator[tuple[UUID | None, Any]]:
    for chunk in _chunks(sorted({each for each in keys if each})):
        for row in session.connection().execute(sa.select(key, value).where(key.in_(chunk))):
            yield row[0], row[1]


def _chunks(keys: Sequence[UUID]) -> Iterator[list[UUID]]:
    return (list(keys[at : at + _CHUNK]) for at in range(0, len(keys), _CHUNK))


def _facts(moved: Sequence[Moved], source: str) -> dict[str, object]:
    """What the time line shows: each clock with its times before and after, and by what."""
    moves = [{"duty": each.duty.value, "from": each.before.isoformat(), "to": each.after.isoformat()} for each in moved]
    said = [
        f"{each.duty.label} {_shown(each.before)} -> {_shown(each.after)}"
        if each.moves
        else f"{each.duty.label} {_shown(each.after)} 不变, {'暂定' if each.provisional else '不再暂定'}"
        for each in moved
    ]
    return {**moves[0], "moves": moves, "source": source, "text": f"{'; '.join(said)}, 依据: {source}"}


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"
