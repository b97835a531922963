"""What each figure counts, said once: the list behind a figure and the kept sums go by the very same conditions.

A row counts for the Shanghai day of one of its times, and for the unit that it says itself was responsible then
(REGULATION, section 5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from hotline_tui.data.queries.days import shanghai_date, shanghai_hour
from hotline_tui.data.queries.visibility import ANSWER_DUTIES, Query, among
from hotline_tui.models import Assignment, Callback, Deadline, WorkOrder
from hotline_tui.models.columns import UTC_TIME
from hotline_tui.rules.indicators import SUMS
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Channel, Dimension, Kind, Measure, OrderState, Route, Verdict

_Heard = aliased(Callback, name="heard")
_ACCEPTED = col(WorkOrder.state) != OrderState.REFUSED
_MET, _DUE = col(Deadline.met_at), col(Deadline.due_at)


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one table that belong to a day, and which of them count for what."""

    model: type[Any]
    at: Any
    """The time by whose Shanghai day a row counts."""
    counts: Mapping[Measure, Any]
    """By measure which rows; None for all."""
    where: tuple[Any, ...] = ()
    unit: Any = None
    """The responsible unit; of orders themselves none."""

    @property
    def id(self) -> Any:
        """The key of a row."""
        return col(self.model.id)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the counted things; None for all. The None among topics and regions are those without."""

    kinds: frozenset[Kind] | None = None
    channels: frozenset[Channel] | None = None
    topics: frozenset[UUID | None] | None = None
    regions: frozenset[UUID | None] | None = None
    units: frozenset[UUID] | None = None


LETTERS = Scope(channels=frozenset({Channel.MAILBOX}))
"""市长信箱."""
CALLS = Scope(channels=frozenset(Channel) - {Channel.MAILBOX})
"""热线: what came otherwise."""


def _blamed() -> Any:
    """Of a dispatch after an unsatisfied callback the unit that the callback was about."""
    heard = (
        sa.select(col(_Heard.unit_id))
        .where(
            col(_Heard.order_id) == col(Assignment.order_id),
            col(_Heard.verdict) != Verdict.UNREACHED,
            col(_Heard.called_at) <= col(Assignment.dispatched_at),
        )
        .order_by(col(_Heard.attempt).desc())
        .limit(1)
        .correlate(Assignment)
    )
    return sa.func.coalesce(heard.scalar_subquery(), col(Assignment.unit_id), type_=sa.Uuid())


def _verdicts(*verdicts: Verdict) -> Any:
    return col(Callback.verdict).in_(verdicts)


_REACHED = (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED, Verdict.UNSATISFIED)
SOURCES = (
    Source(
        WorkOrder,
        col(WorkOrder.received_at),
        MappingProxyType(
            {
                Measure.RECEIVED: None,
                Measure.ACCEPTED: _ACCEPTED,
                Measure.REFUSED: col(WorkOrder.state) == OrderState.REFUSED,
                Measure.DIRECT: sa.and_(_ACCEPTED, col(WorkOrder.route) == Route.DIRECT),
            }
        ),
    ),
    Source(WorkOrder, col(WorkOrder.answered_at), MappingProxyType({Measure.ANSWERED: None})),
    Source(WorkOrder, col(WorkOrder.published_at), MappingProxyType({Measure.PUBLISHED: None})),
    Source(
        Assignment,
        col(Assignment.dispatched_at),
        MappingProxyType(
            {
                Measure.DISPATCHED: None,
                Measure.SIGNED: shanghai_date(col(Assignment.signed_at))
                == shanghai_date(col(Assignment.dispatched_at)),
                Measure.RETURNED: col(Assignment.returned_at).is_not(None),
                Measure.RETURNED_LATE: sa.and_(
                    col(Assignment.returned_at).is_not(None), col(Assignment.return_late).is_(True)
                ),
            }
        ),
        unit=col(Assignment.unit_id),
    ),
    Source(
        Assignment,
        col(Assignment.dispatched_at),
        MappingProxyType({Measure.REDISPATCHED: None}),
        where=(col(Assignment.again).is_(True),),
        unit=_blamed(),
    ),
    Source(
        Deadline,
        _DUE,
        MappingProxyType(
            {
                Measure.DUE: None,
                Measure.ON_TIME: _MET <= _DUE,
                Measure.COMPLETED: _MET.is_not(None),
                Measure.LATE: _MET > _DUE,
                Measure.OPEN: _MET.is_(None),
                Measure.OVERDUE: sa.or_(_MET.is_(None), _MET > _DUE),
            }
        ),
        where=(
            col(Deadline.duty).in_(ANSWER_DUTIES),
            col(Deadline.void_at).is_(None),
            col(Deadline.unit_id).is_not(None),
        ),
        unit=col(Deadline.unit_id),
    ),
    Source(
        Callback,
        col(Callback.called_at),
        MappingProxyType(
            {
                Measure.CALLED: None,
                Measure.REACHED: _verdicts(*_REACHED),
                Measure.SATISFIED: _verdicts(Verdict.SATISFIED),
                Measure.MOSTLY_SATISFIED: _verdicts(Verdict.MOSTLY_SATISFIED),
                Measure.UNSATISFIED: _verdicts(Verdict.UNSATISFIED),
                Measure.UNREACHED: _verdicts(Verdict.UNREACHED),
            }
        ),
        unit=col(Callback.unit_id),
    ),
)
KEPT = tuple(measure for source in SOURCES for measure in source.counts if measure not in SUMS)
"""What is counted by itself; the others are sums of these."""


def source_of(measure: Measure) -> Source:
    """Whose rows a figure counts; those seriously overdue are deadlines, too."""
    wanted = Measure.DUE if measure is Measure.SERIOUS else measure
    return next(source for source in SOURCES if wanted in source.counts)


def tells(source: Source, dimension: Dimension) -> bool:
    """Whether a dimension tells these rows apart: orders themselves are no unit's, and only they have an hour."""
    match dimension:
        case Dimension.UNIT:
            return source.unit is not None
        case Dimension.HOUR:
            return Measure.RECEIVED in source.counts
        case _:
            return True


def key_of(source: Source, dimension: Dimension) -> Any:
    """What tells a source's rows apart; None where all are one."""
    match dimension:
        case Dimension.TOTAL:
            return None
        case Dimension.KIND:
            return col(WorkOrder.kind)
        case Dimension.TOPIC:
            return col(WorkOrder.topic_id)
        case Dimension.CHANNEL:
            return col(WorkOrder.channel)
        case Dimension.REGION:
            return col(WorkOrder.region_id)
        case Dimension.HOUR:
            return shanghai_hour(col(WorkOrder.received_at))
        case Dimension.UNIT:
            return source.unit


def plain(key: Any) -> str:
    """A key as figures bear it: a word's value, a row's id in hex, an hour in two digits; empty for none."""
    match key:
        case None:
            return ""
        case UUID():
            return key.hex
        case int():
            return f"{key:02}"
        case _:
            return str(key)


def joined(query: Query, source: Source, since: datetime, until: datetime) -> Query:
    """A query of orders joined to a source's rows from `since` until before `until` (UTC)."""
    if source.model is not WorkOrder:
        query = query.join(source.model, col(source.model.order_id) == col(WorkOrder.id))
    return query.where(source.at >= sa.literal(since, UTC_TIME), source.at < sa.literal(until, UTC_TIME), *source.where)


def sums(source: Source, measures: Iterable[Measure]) -> list[Any]:
    """One column for each: how many rows count for it."""
    return [
        sa.func.count() if condition is None else sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
        for condition in (source.counts[measure] for measure in measures)
    ]


def own(source: Source, viewer: Viewer) -> list[Any]:
    """Of orders that several units handle each unit counts its own shares, and those of units below it."""
    return [among(source.unit, viewer.unit_ids)] if viewer.unit_ids and source.unit is not None else []


def within(source: Source, scope: Scope) -> Iterator[Any]:
    """The conditions of a scope."""
    for column, values in (
        (col(WorkOrder.kind), scope.kinds),
        (col(WorkOrder.channel), scope.channels),
        (col(WorkOrder.topic_id), scope.topics),
        (col(WorkOrder.region_id), scope.regions),
        (source.unit, scope.units),
    ):
        if values is not None:
            yield sa.false() if column is None else _one_of(column, values)


def _one_of(column: Any, values: Collection[Any]) -> Any:
    told = [value for value in values if value is not None]
    found = among(column, told) if told else sa.false()
    return sa.or_(found, column.is_(None)) if None in values else found
