"""Sums over many days for whoever sees every order, or every one that is for a wall: from tallies where they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import Query, sees_every_order
from hotline_tui.data.tally import ONE_DAY, count, standing
from hotline_tui.errors import Refused
from hotline_tui.models import Tally
from hotline_tui.rules.deadlines import SHANGHAI, midnight
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Measure


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums of many days, from tallies where they hold and from the rows themselves where not."""

    received: Mapping[date, tuple[float, int]]
    """By day: up to the time of day asked for, and in the whole day; of the hour that has begun its share of time."""
    shares: Mapping[tuple[Measure, str], tuple[int, int]]
    """Part and whole since the day asked for, by measure and key."""


def tallied(viewer: Viewer) -> bool:
    """Whether what this viewer sees is what tallies tell apart: every order, or every one that is for a wall."""
    return viewer.on_wall or sees_every_order(viewer)


def counted(session: Session, viewer: Viewer, first: date, until: datetime, since: date) -> Counted:
    """Since the day `first` up to the moment `until`; the shares since the day `since`.

    Raises Refused for a viewer whose orders tallies do not tell apart.
    """
    if not tallied(viewer):
        raise Refused("汇总数中有您看不到的工单")
    local, veiled = until.astimezone(SHANGHAI), not viewer.on_wall
    held = standing(session, first, local.date() - ONE_DAY, viewer)
    received: dict[date, tuple[float, int]] = {}
    shares: dict[tuple[Measure, str], tuple[int, int]] = {}

    def add(sums: dict[Any, tuple[Any, int]], key: Any, part: float, whole: int) -> None:
        before = sums.get(key, (0, 0))
        sums[key] = before[0] + part, before[1] + whole

    if held:
        for day, early, whole in fetch(session, _kept_intake(viewer, held, local)):
            add(received, day, early, whole)
        for measure, key, part, whole in fetch(session, _kept_shares(viewer, held, since)):
            add(shares, (measure, key), part, whole)
    for begin, end in _gaps(first, local.date(), held):
        for line in count(session, midnight(begin), min(midnight(end + ONE_DAY), until + timedelta.resolution), viewer):
            if line.veiled and not veiled:
                continue
            if line.measure is Measure.RECEIVED:
                add(received, line.day, line.whole * by_then(int(line.key), local), line.whole)
            elif line.day >= since:
                add(shares, (line.measure, line.key), line.part, line.whole)
    return Counted(received, shares)


def by_then(hour: int, local: datetime) -> float:
    """Which share of an hour of the day lies before a time of day."""
    return 1.0 if hour < local.hour else local.minute / 60 if hour == local.hour else 0.0


def _kept_intake(viewer: Viewer, days: Collection[date], local: datetime) -> Query:
    many, hour = col(Tally.whole), f"{local.hour:02}"
    begun = many * by_then(local.hour, local)
    early = sa.func.sum(
        sa.case((col(Tally.key) < hour, many), (col(Tally.key) == hour, begun), else_=0), type_=sa.Float()
    )
    query: Query = sa.select(col(Tally.day), early, sa.func.sum(many)).where(col(Tally.measure) == Measure.RECEIVED)
    return _of(viewer, query, days).group_by(col(Tally.day))


def _kept_shares(viewer: Viewer, days: Collection[date], since: date) -> Query:
    keys = col(Tally.measure), col(Tally.key)
    query: Query = sa.select(*keys, sa.func.sum(col(Tally.part)), sa.func.sum(col(Tally.whole)))
    query = query.where(col(Tally.measure) != Measure.RECEIVED, col(Tally.day) >= since)
    return _of(viewer, query, days).group_by(*keys)


def _of(viewer: Viewer, query: Query, days: Collection[date]) -> Query:
    query = query.where(col(Tally.day).in_(sorted(days))).execution_options(viewer=viewer)
    return query.where(col(Tally.veiled).is_(False)) if viewer.on_wall else query


def _gaps(first: date, last: date, held: Collection[date]) -> Iterable[tuple[date, date]]:
    """The runs of days, both ends among them, that are not held."""
    begin: date | None = None
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day in held:
            if begin is not None:
                yield begin, day - ONE_DAY
            begin = None
        elif begin is None:
            begin = day
    if begin is not None:
        yield begin, last
