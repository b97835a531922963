"""The month's figures that the dashboard shows; each with the formula of REGULATION, section 5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.queries.days import shanghai_date, shanghai_hour
from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.tallied import by_then, counted, tallied
from hotline_tui.data.queries.visibility import ANSWER_DUTIES, orders_of
from hotline_tui.data.tally import SATISFIED
from hotline_tui.models import Callback, Deadline, WorkOrder
from hotline_tui.rules.deadlines import SHANGHAI, midnight, shanghai_day
from hotline_tui.rules.indicators import Share
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Measure, OrderState, RefusalReason, Route, Verdict


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """From the first of the Shanghai month until now."""

    since: datetime
    until: datetime
    on_time: Share
    """按时办结率: completed on or before the deadline, of those whose deadline fell in the period."""
    on_time_by_unit: tuple[tuple[UUID, Share], ...]
    satisfied: Share
    """满意率: satisfied or mostly, of the callbacks that reached the caller and got a verdict."""
    direct: Share
    """直接答复率: answered directly, of those accepted."""


@dataclass(frozen=True, slots=True)
class History:
    """What of the past stands on a dashboard, counted at `month.until`."""

    month: MonthFigures
    intake: tuple[tuple[date, int], ...]
    """Orders received on each of the last days, refused ones among them; the day of `month.until` comes last."""
    usual: float
    """How many were received on the days before until the same time of day, on average.

    Of the hour that has begun the share of its minutes that are over.
    """


def history(session: Session, viewer: Viewer, now: datetime, days: int) -> History:
    """The month that `now` is in, and the intake of the last `days` days, as far as the viewer sees the orders.

    Days that are over are read from their tallies, but for viewers who see some units' orders, or not the secret ones.
    """
    today = shanghai_day(now)
    first = today - timedelta(days=days - 1)
    if not tallied(viewer):
        month, intake = month_figures(session, viewer, now), daily_intake(session, viewer, today, days)
        return History(month, intake, _usual(_by_then(session, viewer, first, now)))
    since = today.replace(day=1)
    found = counted(session, viewer, min(first, since), now, since)
    shares = {key: Share(*share) for key, share in found.shares.items()}
    by_unit = tuple((UUID(hex=key), share) for (measure, key), share in shares.items() if measure is Measure.ON_TIME)
    month = MonthFigures(
        since=midnight(since),
        until=now,
        on_time=_all_of(by_unit),
        on_time_by_unit=by_unit,
        satisfied=shares.get((Measure.SATISFIED, ""), Share(0, 0)),
        direct=shares.get((Measure.DIRECT, ""), Share(0, 0)),
    )
    each = [first + timedelta(days=number) for number in range(days)]
    intake = tuple((day, found.received.get(day, (0, 0))[1]) for day in each)
    return History(month, intake, _usual([found.received.get(day, (0.0, 0))[0] for day in each[:-1]]))


def received_today(session: Session, viewer: Viewer, now: datetime) -> int:
    """今日受理, refused ones among them."""
    received = col(WorkOrder.received_at)
    query = orders_of(viewer, sa.func.count()).where(received >= midnight(shanghai_day(now)), received <= now)
    return fetch(session, query)[0][0]


def _usual(early: Sequence[float]) -> float:
    return sum(early) / len(early) if early else 0.0


def _by_then(session: Session, viewer: Viewer, first: date, now: datetime) -> Sequence[float]:
    """What came on each day before up to this time of day, for viewers without tallies."""
    local, received = now.astimezone(SHANGHAI), col(WorkOrder.received_at)
    day, hour = shanghai_date(received), shanghai_hour(received)
    query = (
        orders_of(viewer, day, hour, sa.func.count())
        .where(received >= midnight(first), received < midnight(local.date()))
        .group_by(day, hour)
    )
    found = dict.fromkeys((first + timedelta(days=number) for number in range((local.date() - first).days)), 0.0)
    for on, at, many in fetch(session, query):
        found[on] += many * by_then(int(at), local)
    return list(found.values())


def _all_of(by_unit: Sequence[tuple[UUID, Share]]) -> Share:
    return Share(sum(share.part for _, share in by_unit), sum(share.whole for _, share in by_unit))


def month_figures(session: Session, viewer: Viewer, now: datetime) -> MonthFigures:
    """The figures of the month that `now` is in, from the orders themselves, as far as the viewer sees them."""
    since = midnight(shanghai_day(now).replace(day=1))
    by_unit = _on_time(session, viewer, since, now)
    return MonthFigures(
        since=since,
        until=now,
        on_time=_all_of(by_unit),
        on_time_by_unit=by_unit,
        satisfied=_satisfied(session, viewer, since, now),
        direct=_direct(session, viewer, since, now),
    )


def daily_intake(session: Session, viewer: Viewer, today: date, days: int) -> tuple[tuple[date, int], ...]:
    """Orders received on each of the last `days` Shanghai days, refused ones among them; `today` comes last."""
    first = today - timedelta(days=days - 1)
    received = col(WorkOrder.received_at)
    day = shanghai_date(received)
    query = (
        orders_of(viewer, day.label("day"), sa.func.count().label("many"))
        .where(received >= midnight(first), received < midnight(today + timedelta(days=1)))
        .group_by(day)
    )
    many: dict[date, int] = {row.day: row.many for row in fetch(session, query)}
    return tuple((each, many.get(each, 0)) for each in (first + timedelta(days=n) for n in range(days)))


def refusals(
    session: Session, viewer: Viewer, since: datetime, until: datetime
) -> tuple[tuple[RefusalReason, int], ...]:
    """Refused matters received in a period (UTC), by reason; every reason in the order of Art. 8, also with none."""
    reason, received = col(WorkOrder.refusal_reason), col(WorkOrder.received_at)
    query = (
        orders_of(viewer, reason, sa.func.count().label("many"))
        .where(col(WorkOrder.state) == OrderState.REFUSED, received >= since, received < until)
        .group_by(reason)
    )
    many: dict[RefusalReason, int] = {row[0]: row.many for row in fetch(session, query)}
    return tuple((each, many.get(each, 0)) for each in RefusalReason)


def _on_time(session: Session, viewer: Viewer, since: datetime, until: datetime) -> tuple[tuple[UUID, Share], ...]:
    due, met, unit = col(Deadline.due_at), col(Deadline.met_at), col(Deadline.unit_id)
    query = (
        orders_of(viewer, unit, sa.func.sum(sa.case((met <= due, 1), else_=0)), sa.func.count())
        .join(Deadline, col(Deadline.order_id) == col(WorkOrder.id))
        .where(
            col(Deadline.duty).in_(ANSWER_DUTIES),
            due >= since,
            due <= until,
            col(Deadline.void_at).is_(None),
            unit.is_not(None),
        )
        .group_by(unit)
    )
    if viewer.unit_ids:
        query = query.where(unit.in_(viewer.unit_ids))
    return tuple((row[0], Share(row[1], row[2])) for row in fetch(session, query))


def _satisfied(session: Session, viewer: Viewer, since: datetime, until: datetime) -> Share:
    verdict = col(Callback.verdict)
    query = (
        orders_of(viewer, sa.func.sum(sa.case((verdict.in_(SATISFIED), 1), else_=0)), sa.func.count())
        .join(Callback, col(Callback.order_id) == col(WorkOrder.id))
        .where(verdict != Verdict.UNREACHED, col(Callback.called_at) >= since, col(Callback.called_at) <= until)
    )
    part, whole = fetch(session, query)[0]
    return Share(part or 0, whole)


def _direct(session: Session, viewer: Viewer, since: datetime, until: datetime) -> Share:
    received = col(WorkOrder.received_at)
    query = orders_of(
        viewer, sa.func.sum(sa.case((col(WorkOrder.route) == Route.DIRECT, 1), else_=0)), sa.func.count()
    ).where(received >= since, received <= until, col(WorkOrder.state) != OrderState.REFUSED)
    part, whole = fetch(session, query)[0]
    return Share(part or 0, whole)
