"""Days that are over, counted once: kept outside the business transaction, and exact at every moment.

Whoever changes what counts for such a day leaves a row (`TallyTouch`) in his own transaction. A day was counted up to
so many touches; if there are more, its tally does not hold and the day is counted anew, by whoever asks. Nobody waits
for a row that somebody else is adding to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstanceState
from sqlmodel import Session, col

from hotline_tui.data.queries.days import shanghai_date
from hotline_tui.data.queries.measured import KEPT, SOURCES, joined, key_of, plain, sums, tells
from hotline_tui.data.queries.visibility import ANSWER_DUTIES, Query
from hotline_tui.data.record import value_before
from hotline_tui.data.store import Store
from hotline_tui.models import Assignment, Callback, Deadline, Tally, TallyDay, TallyTouch, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import ONE_DAY, midnight, shanghai_day
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Channel, Dimension, Measure, OrderState, Route

SETTLED = timedelta(hours=1)
"""A day is kept only when it has been over for so long: a work that began before midnight may still be under way."""
AT_ONCE = 7
"""Days that are counted together."""
_KEY = ("dimension", "key", "letter", "veiled")
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('hotline tally', 0))")


Key = tuple[Dimension, str, bool, bool]
"""Dimension, key, whether of the mayor's mailbox, whether veiled."""
Sums = dict[Key, dict[str, int]]
"""Of a day: by column of `Tally` how many; what is nothing everywhere is absent."""


# -- counting from the rows themselves


def count(session: Session, first: date, last: date) -> dict[date, Sums]:
    """Everything of these days, both among them, from the orders, shares, clocks and callbacks themselves."""
    found: dict[date, Sums] = {first + timedelta(days=number): {} for number in range((last - first).days + 1)}
    for source in SOURCES:
        apart = [each for each in Dimension if each is not Dimension.TOTAL and tells(source, each)]
        measures = [measure for measure in source.counts if measure in KEPT]
        letter = col(WorkOrder.channel) == Channel.MAILBOX
        columns = [shanghai_date(source.at).label("of_day"), letter.label("of_letter")]
        columns += [col(WorkOrder.veiled).label("of_veiled")]
        columns += [key_of(source, dimension).label(f"by_{dimension}") for dimension in apart]
        query: Query = sa.select(*columns, *sums(source, measures)).select_from(WorkOrder)
        query = joined(query, source, midnight(first), midnight(last + ONE_DAY))
        for row in session.connection().execute(query.group_by(*(column.name for column in columns))):
            day, letter_, veiled, *keys = row[: len(columns)]
            kept = bool(letter_), bool(veiled)
            many = [each for each in zip(measures, row[len(columns) :], strict=True) if each[1]]
            _add(found[day], (Dimension.TOTAL, "", *kept), many)
            for dimension, key in zip(apart, keys, strict=True):
                _add(found[day], (dimension, plain(key), *kept), many)
    return found


def _add(found: Sums, key: Key, many: Iterable[tuple[Measure, int]]) -> None:
    for measure, number in many:
        into = found.setdefault(key, {})
        into[measure.value] = into.get(measure.value, 0) + number


# -- what counts for which day


def counted_days(row: Any) -> set[date]:
    """The days for which a row that is about to be written counts otherwise than before."""
    match row:
        case WorkOrder():
            days = _moved(row, _order, ("received_at", "state", "route", *TELLS))
            days |= _moved(row, _answered, ("answered_at", *TELLS))
            return days | _moved(row, _published, ("published_at", *TELLS))
        case Assignment():
            return _moved(row, _share, ("dispatched_at", "unit_id", "signed_at", "returned_at", "return_late", "again"))
        case Deadline():
            return _moved(row, _clock, ("due_at", "met_at", "void_at", "duty", "unit_id"))
        case Callback():
            return _moved(row, _call, ("called_at", "verdict", "unit_id"))
        case _:
            return set()


TELLS = ("kind", "channel", "topic_id", "region_id", "veiled")
"""What of an order tells its parts apart too: where it changes, they count otherwise (`shown_of`)."""


def shown_of(part: Any) -> set[date]:
    """The day for which a share, a clock or a callback counts."""
    at = {Assignment: "dispatched_at", Deadline: "due_at", Callback: "called_at"}[type(part)]
    return {shanghai_day(getattr(part, at))}


def _moved(row: Any, counted: Any, names: Collection[str]) -> set[date]:
    state: InstanceState[Any] = sa.inspect(row)
    after = counted({name: getattr(row, name) for name in names})
    before = counted({name: value_before(row, name) for name in names}) if state.persistent else None
    return set() if before == after else {shanghai_day(each[0]) for each in (before, after) if each is not None}


def _order(values: Mapping[str, Any]) -> tuple[Any, ...]:
    refused = values["state"] is OrderState.REFUSED
    told = (values[name] for name in TELLS)
    return values["received_at"], refused, not refused and values["route"] is Route.DIRECT, *told


def _answered(values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    return None if values["answered_at"] is None else tuple(values.values())


def _published(values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    return None if values["published_at"] is None else tuple(values.values())


def _share(values: Mapping[str, Any]) -> tuple[Any, ...]:
    at, signed, returned = values["dispatched_at"], values["signed_at"], values["returned_at"] is not None
    same_day = signed is not None and shanghai_day(signed) == shanghai_day(at)
    return at, values["unit_id"], same_day, returned, returned and values["return_late"], values["again"]


def _clock(values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    due, met = values["due_at"], values["met_at"]
    if values["duty"] not in ANSWER_DUTIES or values["void_at"] is not None or values["unit_id"] is None:
        return None
    return due, values["unit_id"], met is not None, met is not None and met <= due


def _call(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return values["called_at"], values["verdict"], values["unit_id"]


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


def keep(store: Store, now: datetime) -> int:
    """What is done now and then: the days that are asked for every few seconds, and some of all that lie before."""
    return fold(store, now, window(now)) or fold(store, now, beginning(store, now), AT_ONCE)


def beginning(store: Store, now: datetime) -> date:
    """The first day for which anything counts; without orders today."""
    with store.read() as session:
        first = session.connection().execute(sa.select(sa.func.min(col(WorkOrder.received_at)))).scalar_one()
    return shanghai_day(first or now)


def fold(store: Store, now: datetime, first: date, most: int | None = None) -> int:
    """Keep the tallies of the days since `first` that are over and do not hold, the newest before; returns how many.

    Not inside anybody's business, and by nobody from whom the database hides rows.
    """
    last = shanghai_day(now - SETTLED) - ONE_DAY
    if last < first:
        return 0
    with store.read() as session:
        wanted = sorted(_days(first, last) - standing(session, first, last), reverse=True)[:most]
    for run in _runs(wanted):
        _fold_days(store, run[-1], run[0])
    return len(wanted)


def _runs(days: Iterable[date]) -> Iterator[list[date]]:
    """Days one after the other, so many that counting them together is worth it."""
    run: list[date] = []
    for day in days:
        if run and (run[-1] - ONE_DAY != day or len(run) == AT_ONCE):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _fold_days(store: Store, first: date, last: date) -> None:
    touch = col(TallyTouch.day)
    with store.read() as session:  # of one state of the database: so many touches, and what they came to
        found = count(session, first, last)
        of_days = sa.select(touch, col(TallyTouch.id), col(TallyTouch.times)).where(touch.between(first, last))
        touched: dict[date, dict[UUID, int]] = {day: {} for day in found}
        for day, key, times in session.connection().execute(of_days):
            touched[day][key] = int(times)
    nothing = {measure.value: 0 for measure in KEPT}
    rows = [
        {"day": day} | dict(zip(_KEY, key, strict=True)) | nothing | many
        for day, of_day in found.items()
        for key, many in of_day.items()
    ]
    with store.write() as session:
        connection = session.connection()
        if not store.is_sqlite:
            connection.execute(_LOCK)
        connection.execute(sa.delete(Tally).where(*_of_days(first, last)))
        connection.execute(sa.delete(TallyDay).where(col(TallyDay.day).between(first, last)))
        if rows:
            connection.execute(sa.insert(Tally), rows)
        sums_ = [{"day": day, "touches": sum(times.values())} for day, times in touched.items()]
        connection.execute(sa.insert(TallyDay), sums_)
        if all(_put_together(connection, day, times) for day, times in touched.items()):
            session.commit()


def _put_together(connection: sa.Connection, day: date, times: Mapping[UUID, int]) -> bool:
    """Many touches become one that says as much; not where somebody else has done it meanwhile."""
    if len(times) > 1:
        gone = col(TallyTouch.day) == day, col(TallyTouch.id).in_(times)
        if connection.execute(sa.delete(TallyTouch).where(*gone)).rowcount != len(times):
            return False
        connection.execute(sa.insert(TallyTouch), {"day": day, "id": new_id(), "times": sum(times.values())})
    return True


def wrong(session: Session) -> list[date]:
    """The days whose tallies say that they hold, and are not what the rows say."""
    days = session.connection().execute(sa.select(col(TallyDay.day)).order_by(col(TallyDay.day))).scalars().all()
    held = sorted(standing(session, days[0], days[-1]), reverse=True) if days else []
    found: list[date] = []
    for run in _runs(held):
        counted, kept = count(session, run[-1], run[0]), _kept(session, run[-1], run[0])
        found += [day for day in run if counted[day] != kept.get(day, {})]
    return sorted(found)


def repair(store: Store, now: datetime) -> list[date]:
    """Keep every day that is over, those anew that were wrong, which are returned."""
    with store.read() as session:
        found = wrong(session)
    with store.write() as session:
        session.connection().execute(sa.delete(TallyDay).where(col(TallyDay.day).in_(found)))
        session.commit()
    fold(store, now, min([beginning(store, now), *found]))
    return found


def _kept(session: Session, first: date, last: date) -> dict[date, Sums]:
    names = ["day", *_KEY, *(measure.value for measure in KEPT)]
    query = sa.select(*(col(getattr(Tally, name)) for name in names)).where(*_of_days(first, last))
    found: dict[date, Sums] = {}
    for day, dimension, key, letter, veiled, *many in session.connection().execute(query):
        told = {measure.value: number for measure, number in zip(KEPT, many, strict=True) if number}
        found.setdefault(day, {})[dimension, key, bool(letter), bool(veiled)] = told
    return found


def _of_days(first: date, last: date) -> tuple[Any, ...]:
    """Said with every dimension: the key of the table begins with them."""
    return col(Tally.dimension).in_(list(Dimension)), col(Tally.day).between(first, last)


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}
