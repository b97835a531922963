"""统计: any count of REGULATION section 5, of any period, by any dimension, as far as the viewer may see (R-11.7).

Days that are over come from their tallies for whoever sees every order, or every one that is for a wall; for everybody
else, of a narrower scope, and of days that are not kept, from the rows themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.days import month_of, shanghai_date
from hotline_tui.data.queries.measured import (
    CALLS,
    KEPT,
    LETTERS,
    SOURCES,
    Scope,
    Source,
    joined,
    key_of,
    own,
    plain,
    source_of,
    sums,
    tells,
    within,
)
from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import Query, orders_of, sees_every_order
from hotline_tui.data.tally import standing
from hotline_tui.models import Deadline, Tally
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.deadlines import CLOSING, ONE_DAY, Edges, edges, midnight, serious_after, shanghai_day
from hotline_tui.rules.indicators import SUMS, Choices, summed
from hotline_tui.rules.periods import Period
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Dimension, Measure, Span

ALL = Scope()
Counts = Mapping[Measure, int]
"""Every measure that was asked for."""
_CHUNK = 92
"""Days of which one statement judges what was seriously overdue."""
_CLOCKS = source_of(Measure.DUE)
_TALLIED = {ALL: None, LETTERS: True, CALLS: False}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """By what is counted: the moment of asking, and what the city has decided."""

    now: datetime
    calendar: WorkingCalendar
    closing: time = CLOSING
    choices: Choices = field(default_factory=Choices)

    @property
    def edges(self) -> Edges:
        """Of deadlines that still run."""
        return edges(self.calendar, self.now, self.closing, self.choices.serious_days)


def counts(
    session: Session,
    viewer: Viewer,
    reckoning: Reckoning,
    period: Period,
    by: Dimension = Dimension.TOTAL,
    *,
    scope: Scope = ALL,
    measures: Collection[Measure] = tuple(Measure),
) -> dict[str, Counts]:
    """By key (`measured.plain`) what was counted in a period up to now; a key of which nothing was counted is absent.

    Of the whole there is one key, the empty one, also where nothing was counted.
    """
    found = _Question(viewer, reckoning, period, by, scope, frozenset(measures)).answered(session).get("", {})
    return found or ({"": dict.fromkeys(measures, 0)} if by is Dimension.TOTAL else {})


def by_day(
    session: Session,
    viewer: Viewer,
    reckoning: Reckoning,
    period: Period,
    by: Dimension = Dimension.TOTAL,
    *,
    scope: Scope = ALL,
    measures: Collection[Measure] = tuple(Measure),
) -> list[tuple[date, dict[str, Counts]]]:
    """The same of each day of a period up to today, also of those of which nothing was counted."""
    asked = _Question(viewer, reckoning, period, by, scope, frozenset(measures), Span.ANY)
    found = asked.answered(session)
    return [(day, found.get(day.isoformat(), {})) for day in period.days() if day <= asked.last]


def by_month(
    session: Session,
    viewer: Viewer,
    reckoning: Reckoning,
    period: Period,
    by: Dimension = Dimension.TOTAL,
    *,
    scope: Scope = ALL,
    measures: Collection[Measure] = tuple(Measure),
) -> list[tuple[Period, dict[str, Counts]]]:
    """The same of each month that the period has days of, up to this month; of the first and last only those days."""
    asked = _Question(viewer, reckoning, period, by, scope, frozenset(measures), Span.MONTH)
    found = asked.answered(session)
    return [(month, found.get(f"{month.first:%Y-%m}", {})) for month in period.months() if month.first <= asked.last]


_Sums = dict[tuple[str, str], dict[Measure, int]]
"""By day or month (as text; empty for the whole period) and key."""


@dataclass(frozen=True)
class _Question:
    """What is asked for, and by whom."""

    viewer: Viewer
    reckoning: Reckoning
    period: Period
    by: Dimension
    scope: Scope
    measures: frozenset[Measure]
    each: Span | None = None
    """Every day by itself (`any`), every month, or the whole period."""

    @cached_property
    def last(self) -> date:
        """What lies ahead counts for nothing."""
        return min(self.period.last, shanghai_day(self.reckoning.now))

    @property
    def until(self) -> datetime:
        """The moment of asking itself is over."""
        return min(self.period.until, self.reckoning.now + timedelta.resolution)

    def answered(self, session: Session) -> dict[str, dict[str, Counts]]:
        """By day or month and key."""
        found: _Sums = defaultdict(lambda: defaultdict(int))
        if self.period.first <= self.last:
            for query, measures in self._queries(session):
                _add(found, fetch(session, query), measures)
        told: dict[str, dict[str, Counts]] = defaultdict(dict)
        asked = [measure for measure in Measure if measure in self.measures]
        for (at, key), kept in sorted(found.items()):
            told[at][key] = summed(kept, asked)
        return told

    def _queries(self, session: Session) -> Iterator[tuple[Query, Sequence[Measure]]]:
        needed = {part for measure in self.measures for part in SUMS.get(measure, {measure: 1})}
        wanted = [measure for measure in KEPT if measure in needed]
        tallied = self.scope in _TALLIED and (self.viewer.on_wall or sees_every_order(self.viewer))
        held = standing(session, self.period.first, self.last, self.viewer) if tallied else set[date]()
        if held and wanted:
            yield self._kept(held, wanted), wanted
        for first, last in gaps(self.period.first, self.last, held):
            for source in SOURCES:
                some = [measure for measure in source.counts if measure in wanted]
                if some and tells(source, self.by):
                    yield self._of_rows(source, midnight(first), midnight(last + ONE_DAY), some), some
        if Measure.SERIOUS in self.measures and tells(_CLOCKS, self.by):
            yield from ((query, [Measure.SERIOUS]) for query in self._serious())

    def _of_rows(self, source: Source, since: datetime, until: datetime, measures: Sequence[Measure]) -> Query:
        columns, names = self._apart(shanghai_date(source.at), key_of(source, self.by))
        query = orders_of(self.viewer, *columns, *sums(source, measures))
        query = joined(query, source, since, min(until, self.until))
        return query.where(*own(source, self.viewer), *within(source, self.scope)).group_by(*names)

    def _serious(self) -> Iterator[Query]:
        """Those completed too late as they then were, those that still run as they are now."""

        def of(first: date, until: datetime, *conditions: Any) -> Query:
            counted = MappingProxyType({Measure.SERIOUS: None})
            clocks = replace(_CLOCKS, counts=counted, where=(*_CLOCKS.where, *conditions))
            return self._of_rows(clocks, midnight(first), until, [Measure.SERIOUS])

        begin = self.period.first
        while begin <= self.last:
            end = min(begin + timedelta(days=_CHUNK), self.last)
            yield of(begin, midnight(end + ONE_DAY), *_too_late(self.reckoning, begin, end))
            begin = end + ONE_DAY
        yield of(self.period.first, self.reckoning.edges.serious_before, col(Deadline.met_at).is_(None))

    def _kept(self, held: Collection[date], measures: Sequence[Measure]) -> Query:
        """From the tallies of these days."""
        day, letter = col(Tally.day), _TALLIED[self.scope]
        columns, names = self._apart(day, None if self.by is Dimension.TOTAL else col(Tally.key))
        many = [sa.func.sum(getattr(Tally, measure.value)) for measure in measures]
        query: Query = sa.select(*columns, *many).where(col(Tally.dimension) == self.by)
        lacking = [day for gap in gaps(self.period.first, self.last, held) for day in days_of(*gap)]
        query = query.where(day.between(self.period.first, self.last))
        query = query.where(day.not_in(lacking) if len(lacking) < len(held) else day.in_(sorted(held)))
        if self.viewer.on_wall:
            query = query.where(col(Tally.veiled).is_(False))
        if letter is not None:
            query = query.where(col(Tally.letter).is_(letter))
        return query.group_by(*names).execution_options(viewer=self.viewer)

    def _apart(self, day: Any, key: Any) -> tuple[list[Any], list[str]]:
        """The columns of day or month and key; grouped by name: with parameters no expression is the same twice."""
        at = None if self.each is None else month_of(day) if self.each is Span.MONTH else day
        told = {"told_at": at, "told_by": key}
        columns = [(sa.null() if what is None else what).label(name) for name, what in told.items()]
        return columns, [name for name, what in told.items() if what is not None]


def _add(found: _Sums, rows: Sequence[Any], measures: Sequence[Measure]) -> None:
    for at, key, *many in rows:
        if any(many):
            into = found["" if at is None else str(at), plain(key)]
            for measure, number in zip(measures, many, strict=True):
                into[measure] += number


def _too_late(reckoning: Reckoning, first: date, last: date) -> tuple[Any, Any]:
    """Completed after what was due on that day had become seriously overdue."""
    due, met = col(Deadline.due_at), col(Deadline.met_at)
    moments: list[tuple[Any, datetime]] = []
    for day in days_of(first, last):
        after = serious_after(reckoning.calendar, day, reckoning.closing, reckoning.choices.serious_days)
        if moments and moments[-1][1] == after:
            moments.pop()
        moments.append((due < sa.literal(midnight(day + ONE_DAY), UTC_TIME), after))
    cases = [(before, sa.literal(after, UTC_TIME)) for before, after in moments]
    return met > due, met > sa.case(*cases, else_=cases[-1][1])


def is_serious(reckoning: Reckoning, period: Period) -> Any:
    """Of a deadline of this period: whether it counts as seriously overdue."""
    last = max(period.first, min(period.last, shanghai_day(reckoning.now)))
    open_ = sa.and_(
        col(Deadline.met_at).is_(None),
        col(Deadline.due_at) < sa.literal(reckoning.edges.serious_before, UTC_TIME),
    )
    return sa.or_(open_, sa.and_(*_too_late(reckoning, period.first, last)))


def gaps(first: date, last: date, held: Collection[date]) -> Iterator[tuple[date, date]]:
    """The runs of days, both ends among them, that are not held."""
    begin: date | None = None
    for day in days_of(first, last):
        if day not in held:
            begin = begin or day
        elif begin is not None:
            yield begin, day - ONE_DAY
            begin = None
    if begin is not None:
        yield begin, last


def days_of(first: date, last: date) -> Iterator[date]:
    """Each day, both ends among them."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
