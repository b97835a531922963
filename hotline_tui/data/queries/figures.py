"""The month's figures that the dashboard shows; each with the formula of REGULATION, section 5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.statistics import Reckoning, by_day, counts
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.models import WorkOrder
from hotline_tui.rules.deadlines import SHANGHAI, midnight, shanghai_day
from hotline_tui.rules.indicators import Choices, Share, formula
from hotline_tui.rules.periods import Period
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Dimension, Indicator, Measure, OrderState, RefusalReason


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """From the first of the Shanghai month until now."""

    since: datetime
    until: datetime
    on_time: Share
    """按时办结率: completed on or before the deadline, of those whose deadline fell in the period."""
    on_time_by_unit: tuple[tuple[UUID, Share], ...]
    satisfied: Share
    """满意率: satisfied, or mostly where that counts, of the callbacks that reached the caller and got a verdict."""
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


def history(session: Session, viewer: Viewer, now: datetime, days: int, choices: Choices | None = None) -> History:
    """The month that `now` is in, and the intake of the last `days` days, as far as the viewer sees the orders."""
    reckoning = Reckoning(now, calendar_in_force(session), choices=choices or Choices())
    today = shanghai_day(now)
    recent = Period.between(today - timedelta(days=days - 1), today)
    received = by_day(session, viewer, reckoning, recent, Dimension.HOUR, measures=(Measure.RECEIVED,))
    local = now.astimezone(SHANGHAI)
    early = [
        sum(of_hour[Measure.RECEIVED] * _by_then(int(hour), local) for hour, of_hour in hours.items())
        for _, hours in received[:-1]
    ]
    return History(
        month=_month(session, viewer, reckoning, today),
        intake=tuple((day, sum(each[Measure.RECEIVED] for each in hours.values())) for day, hours in received),
        usual=sum(early) / len(early) if early else 0.0,
    )


def _month(session: Session, viewer: Viewer, reckoning: Reckoning, today: date) -> MonthFigures:
    on_time, satisfied, direct = (
        formula(each, reckoning.choices) for each in (Indicator.ON_TIME, Indicator.SATISFIED, Indicator.DIRECT)
    )
    month = Period.between(today.replace(day=1), today)
    of_all = {*satisfied.part, *satisfied.whole, *direct.part, *direct.whole}
    whole = counts(session, viewer, reckoning, month, measures=of_all)[""]
    units = counts(session, viewer, reckoning, month, Dimension.UNIT, measures=(*on_time.part, *on_time.whole))
    by_unit = tuple((UUID(hex=key), on_time.share(told)) for key, told in units.items())
    return MonthFigures(
        since=month.since,
        until=reckoning.now,
        on_time=Share(sum(share.part for _, share in by_unit), sum(share.whole for _, share in by_unit)),
        on_time_by_unit=by_unit,
        satisfied=satisfied.share(whole),
        direct=direct.share(whole),
    )


def _by_then(hour: int, local: datetime) -> float:
    """Which share of an hour of the day lies before a time of day."""
    return 1.0 if hour < local.hour else local.minute / 60 if hour == local.hour else 0.0


def received_today(session: Session, viewer: Viewer, now: datetime) -> int:
    """今日受理, refused ones among them."""
    received = col(WorkOrder.received_at)
    query = orders_of(viewer, sa.func.count()).where(received >= midnight(shanghai_day(now)), received <= now)
    return fetch(session, query)[0][0]


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
