"""Days that are over, counted once: kept outside the business transaction, and exact at every moment.

Whoever changes what counts for such a day leaves a row (`TallyTouch`) in his own transaction. A day was counted up to
so many touches; if there are more, its tally does not hold and the day is counted anew, by whoever asks. Nobody waits
for a row that somebody else is adding to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstanceState
from sqlmodel import Session, col

from hotline_tui.data.queries.days import shanghai_date, shanghai_hour
from hotline_tui.data.queries.visibility import ANSWER_DUTIES
from hotline_tui.data.record import value_before
from hotline_tui.data.store import Store
from hotline_tui.models import Callback, Deadline, Tally, TallyDay, TallyTouch, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import midnight, shanghai_day
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Measure, OrderState, Route, Verdict

Ask = Callable[[Any], Iterable[Any]]
"""Executes a statement."""
ONE_DAY = timedelta(days=1)
SETTLED = timedelta(hours=1)
"""A day is kept only when it has been over for so long: a work that began before midnight may still be under way."""
SATISFIED = (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED)
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('hotline tally', 0))")


@dataclass(frozen=True, slots=True)
class Line:
    """One count: of a Shanghai day, by measure and key, of what is veiled or not."""

    day: date
    measure: Measure
    key: str
    veiled: bool
    part: int
    whole: int


# -- counting from the rows themselves


def count(session: Session, since: datetime, until: datetime, viewer: Viewer | None = None) -> list[Line]:
    """Everything from `since` until before `until` by day, from the orders, clocks and callbacks themselves.

    `viewer`: for whom it is counted; nobody where tallies are kept.
    """

    def ask(query: sa.Select[Any]) -> Iterable[Any]:
        return session.connection().execute(query.execution_options(viewer=viewer))

    return [*_received(ask, since, until), *_on_time(ask, since, until), *_satisfied(ask, since, until)]


def _received(ask: Ask, since: datetime, until: datetime) -> Iterable[Line]:
    received, state = col(WorkOrder.received_at), col(WorkOrder.state)
    accepted = state != OrderState.REFUSED
    day, hour, veiled = shanghai_date(received), shanghai_hour(received), col(WorkOrder.veiled)
    query = (
        sa.select(
            day,
            hour,
            veiled,
            sa.func.count(),
            sa.func.sum(sa.case((accepted, 1), else_=0)),
            sa.func.sum(sa.case((sa.and_(accepted, col(WorkOrder.route) == Route.DIRECT), 1), else_=0)),
        )
        .where(received >= since, received < until)
        .group_by(day, hour, veiled)
    )
    direct: dict[tuple[date, bool], list[int]] = {}
    for on, at, hidden, many, taken, answered in ask(query):
        yield Line(on, Measure.RECEIVED, f"{int(at):02}", bool(hidden), 0, many)
        sums = direct.setdefault((on, bool(hidden)), [0, 0])
        sums[0] += answered
        sums[1] += taken
    for (on, hidden), (answered, taken) in direct.items():
        yield Line(on, Measure.DIRECT, "", hidden, answered, taken)


def _on_time(ask: Ask, since: datetime, until: datetime) -> Iterable[Line]:
    duty, due, met = col(Deadline.duty), col(Deadline.due_at), col(Deadline.met_at)
    unit, veiled = col(Deadline.unit_id), col(Deadline.veiled)
    # In the order of the index; deadlines are closing times, so that days are told apart here, once for many.
    query = (
        sa.select(duty, due, unit, veiled, sa.func.sum(sa.case((met <= due, 1), else_=0)), sa.func.count())
        .where(
            duty.in_(ANSWER_DUTIES),
            due >= since,
            due < until,
            col(Deadline.void_at).is_(None),
            unit.is_not(None),
        )
        .group_by(duty, due, unit, veiled)
    )
    sums: dict[tuple[date, UUID, bool], list[int]] = {}
    for _, at, unit_id, hidden, part, whole in ask(query):
        of_day = sums.setdefault((shanghai_day(at), unit_id, bool(hidden)), [0, 0])
        of_day[0] += part
        of_day[1] += whole
    for (on, unit_id, hidden), (part, whole) in sums.items():
        yield Line(on, Measure.ON_TIME, unit_id.hex, hidden, part, whole)


def _satisfied(ask: Ask, since: datetime, until: datetime) -> Iterable[Line]:
    called, verdict, veiled = col(Callback.called_at), col(Callback.verdict), col(WorkOrder.veiled)
    day = shanghai_date(called)
    query = (
        sa.select(day, veiled, sa.func.sum(sa.case((verdict.in_(SATISFIED), 1), else_=0)), sa.func.count())
        .select_from(Callback)
        .join(WorkOrder, col(WorkOrder.id) == col(Callback.order_id))
        .where(verdict != Verdict.UNREACHED, called >= since, called < until)
        .group_by(day, veiled)
    )
    for on, hidden, part, whole in ask(query):
        yield Line(on, Measure.SATISFIED, "", bool(hidden), part, whole)


# -- what counts for which day


def counted_days(row: Any) -> set[date]:
    """The days for which a row that is about to be written counts otherwise than before."""
    match row:
        case WorkOrder():
            return _moved(row, _order, ("received_at", "veiled", "state", "route"))
        case Deadline():
            return _moved(row, _clock, ("due_at", "met_at", "void_at", "duty", "unit_id", "veiled"))
        case Callback():
            return _moved(row, _call, ("called_at", "verdict"))
        case _:
            return set()


def shown_of(call: Callback) -> set[date]:
    """The day for which a callback counts."""
    return {shanghai_day(call.called_at)}


def _moved(row: Any, counted: Any, names: Collection[str]) -> set[date]:
    state: InstanceState[Any] = sa.inspect(row)
    after = counted({name: getattr(row, name) for name in names})
    before = counted({name: value_before(row, name) for name in names}) if state.persistent else None
    return set() if before == after else {shanghai_day(each[0]) for each in (before, after) if each is not None}


def _order(values: Mapping[str, Any]) -> tuple[Any, ...]:
    refused = values["state"] is OrderState.REFUSED
    return values["received_at"], values["veiled"], refused, not refused and values["route"] is Route.DIRECT


def _clock(values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    due, met = values["due_at"], values["met_at"]
    if values["duty"] not in ANSWER_DUTIES or values["void_at"] is not None or values["unit_id"] is None:
        return None
    return due, values["unit_id"], values["veiled"], met is not None and met <= due


def _call(values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    verdict = values["verdict"]
    return None if verdict is Verdict.UNREACHED else (values["called_at"], verdict in SATISFIED)


# -- what is kept


def standing(session: Session, first: date, last: date, viewer: Viewer | None = None) -> set[date]:
    """The days of these, both among them, whose tallies hold; `viewer` as for `count`."""
    kept, day = col(TallyDay.day), col(TallyTouch.day)
    held = sa.select(kept, col(TallyDay.touches)).where(kept >= first, kept <= last)
    touched = sa.select(day, sa.func.sum(col(TallyTouch.times))).where(day >= first, day <= last).group_by(day)
    connection = session.connection()
    touches = {row[0]: int(row[1]) for row in connection.execute(touched.execution_options(viewer=viewer))}
    return {
        row[0] for row in connection.execute(held.execution_options(viewer=viewer)) if row[1] == touches.get(row[0], 0)
    }


def window(now: datetime) -> date:
    """Since when days are asked for every few seconds: the beginning of the month before."""
    first = shanghai_day(now).replace(day=1)
    return (first - ONE_DAY).replace(day=1)


def fold(store: Store, now: datetime, first: date) -> int:
    """Keep the tallies of the days since `first` that are over and do not hold; returns how many days.

    Not inside anybody's business, and by nobody from whom the database hides rows.
    """
    last = shanghai_day(now - SETTLED) - ONE_DAY
    if last < first:
        return 0
    folded = 0
    with store.read() as session:
        wanted = _days(first, last) - standing(session, first, last)
    for day in sorted(wanted):
        _fold_day(store, day)
        folded += 1
    return folded


def _fold_day(store: Store, day: date) -> None:
    with store.read() as session:  # of one state of the database: so many touches, and what they came to
        lines = count(session, midnight(day), midnight(day + ONE_DAY))
        touched = session.connection().execute(
            sa.select(col(TallyTouch.id), col(TallyTouch.times)).where(col(TallyTouch.day) == day)
        )
        seen = {row[0]: int(row[1]) for row in touched}
    touches = sum(seen.values())
    with store.write() as session:
        connection = session.connection()
        if not store.is_sqlite:
            connection.execute(_LOCK)
        for table in (Tally, TallyDay):
            connection.execute(sa.delete(table).where(col(table.day) == day))
        if lines:
            connection.execute(
                sa.insert(Tally),
                [
                    {
                        "day": line.day,
                        "measure": line.measure,
                        "key": line.key,
                        "veiled": line.veiled,
                        "part": line.part,
                        "whole": line.whole,
                    }
                    for line in lines
                ],
            )
        connection.execute(sa.insert(TallyDay), {"day": day, "touches": touches})
        if len(seen) > 1:  # many rows become one that says as much
            gone = col(TallyTouch.day) == day, col(TallyTouch.id).in_(seen)
            if connection.execute(sa.delete(TallyTouch).where(*gone)).rowcount == len(seen):
                connection.execute(sa.insert(TallyTouch), {"day": day, "id": new_id(), "times": touches})
                session.commit()
            return
        session.commit()


def wrong(session: Session) -> list[date]:
    """The days whose tallies say that they hold, and are not what the rows say."""
    days = session.connection().execute(sa.select(col(TallyDay.day)).order_by(col(TallyDay.day))).scalars().all()
    if not days:
        return []
    names = ("day", "measure", "key", "veiled", "part", "whole")
    found: list[date] = []
    for day in sorted(standing(session, days[0], days[-1])):
        query = sa.select(*(col(getattr(Tally, name)) for name in names)).where(col(Tally.day) == day)
        kept = {Line(*row) for row in session.connection().execute(query)}
        if kept != set(count(session, midnight(day), midnight(day + ONE_DAY))):
            found.append(day)
    return found


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}
