"""Every figure of statistics told a second time, in Python from the rows: what the kept sums are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from hotline_tui.data.queries.counted import counted
from hotline_tui.data.queries.measured import CALLS, LETTERS, Scope
from hotline_tui.data.queries.statistics import Reckoning, by_day, by_month, counts
from hotline_tui.data.tally import wrong
from hotline_tui.rules.deadlines import SHANGHAI, Standing, shanghai_day, standing
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import (
    AssignmentState,
    Channel,
    Dimension,
    Duty,
    Measure,
    OrderState,
    Route,
    Span,
    Verdict,
)
from hotline_tui.services.clock import reckoning_now
from tests.builders import Town

Row = dict[str, Any]
Thing = tuple[Measure, date, Row, Any]
"""What counts, for which day, of which order and unit."""
_VERDICTS = {
    Verdict.SATISFIED: {Measure.SATISFIED, Measure.REACHED},
    Verdict.MOSTLY_SATISFIED: {Measure.MOSTLY_SATISFIED, Measure.REACHED},
    Verdict.UNSATISFIED: {Measure.UNSATISFIED, Measure.REACHED},
    Verdict.UNREACHED: {Measure.UNREACHED},
}
_APART = {
    Dimension.KIND: lambda order, _: order["kind"].value,
    Dimension.TOPIC: lambda order, _: order["topic_id"].hex if order["topic_id"] else "",
    Dimension.CHANNEL: lambda order, _: order["channel"].value,
    Dimension.REGION: lambda order, _: order["region_id"].hex if order["region_id"] else "",
    Dimension.UNIT: lambda _, unit: unit.hex if unit else "",
}


def things(held: dict[str, list[Row]], reckoning: Reckoning) -> Iterator[Thing]:
    """Everything that counts for anything."""
    orders = {order["id"]: order for order in held["work_order"]}
    for order in orders.values():
        yield from _of_order(order, held)
    for share in held["assignment"]:
        yield from _of_share(share, orders[share["order_id"]], held)
    for clock in held["deadline"]:
        if clock["duty"] in (Duty.REPLY, Duty.PROMISE) and not clock["void_at"] and clock["due_at"] <= reckoning.now:
            order = orders[clock["order_id"]]
            for measure in _of_clock(clock, reckoning):
                yield measure, shanghai_day(clock["due_at"]), order, clock["unit_id"]
    for call in held["callback"]:
        unit = _led(call["order_id"], call["called_at"], held)
        for measure in {Measure.CALLED} | _VERDICTS[call["verdict"]]:
            yield measure, shanghai_day(call["called_at"]), orders[call["order_id"]], unit


def _of_order(order: Row, held: dict[str, list[Row]]) -> Iterator[Thing]:
    came = shanghai_day(order["received_at"])
    refused = order["state"] is OrderState.REFUSED
    yield Measure.RECEIVED, came, order, None
    yield (Measure.REFUSED if refused else Measure.ACCEPTED), came, order, None
    if order["route"] is Route.DIRECT and not refused:
        yield Measure.DIRECT, came, order, None
    replies = [row for row in held["reply"] if row["order_id"] == order["id"] and row["released_at"]]
    answers = [row["released_at"] for row in replies]
    if order["article_id"]:
        events = [event for event in held["event"] if event["order_id"] == order["id"] and event["action"] == "answer"]
        answers += [event["at"] for event in events]
    public = [row["released_at"] for row in replies if row["release"] == "public"]
    if answers:
        yield Measure.ANSWERED, shanghai_day(min(answers)), order, None
    if public:
        yield Measure.PUBLISHED, shanghai_day(min(public)), order, None


def _of_share(share: Row, order: Row, held: dict[str, list[Row]]) -> Iterator[Thing]:
    day = shanghai_day(share["dispatched_at"])
    yield Measure.DISPATCHED, day, order, share["unit_id"]
    if share["signed_at"] and shanghai_day(share["signed_at"]) == day:
        yield Measure.SIGNED, day, order, share["unit_id"]
    if share["state"] is AssignmentState.RETURNED:
        yield Measure.RETURNED, day, order, share["unit_id"]
        if share["return_late"]:
            yield Measure.RETURNED_LATE, day, order, share["unit_id"]
    if share["again"]:
        yield Measure.REDISPATCHED, day, order, _led(order["id"], share["dispatched_at"], held, before=share)


def _led(order_id: Any, at: datetime, held: dict[str, list[Row]], before: Row | None = None) -> Any:
    """The unit that led an order at a moment: of the last dispatch until then to a lead."""
    shares = [
        share
        for share in held["assignment"]
        if share["order_id"] == order_id
        and share["share"] == "lead"
        and share["dispatched_at"] <= at
        and (before is None or share["position"] < before["position"])
    ]
    return max(shares, key=lambda share: share["position"])["unit_id"]


def _of_clock(clock: Row, reckoning: Reckoning) -> set[Measure]:
    due, met = clock["due_at"], clock["met_at"]
    found = {Measure.DUE}
    found |= set() if met is None else {Measure.COMPLETED, Measure.ON_TIME if met <= due else Measure.LATE}
    found |= {Measure.OPEN} if met is None else set()
    found |= set() if Measure.ON_TIME in found else {Measure.OVERDUE}
    days = reckoning.choices.serious_days
    judged = standing(reckoning.calendar, due, met or reckoning.now, reckoning.closing, days)
    return found | ({Measure.SERIOUS} if judged is Standing.SERIOUSLY_OVERDUE else set())


def check_statistics(town: Town, session: Session, held: dict[str, list[Row]]) -> None:
    """Of the whole time that the orders span: by every dimension, by day and month, and the lists behind (R-11.7)."""
    viewer, reckoning = town.office.viewer, reckoning_now(town.office, session)
    told = list(things(held, reckoning))
    days = [day for _, day, *_ in told]
    period = Period.between(min(days), max(*days, shanghai_day(town.now)))
    assert wrong(session) == []
    for by, key in _APART.items():
        apart = Counter((key(order, unit), measure) for measure, _, order, unit in told if _tells(by, measure))
        assert _flat(counts(session, viewer, reckoning, period, by)) == apart, by
    for scope in (Scope(), LETTERS, CALLS):
        here = [measure for measure, _, order, _ in told if order["channel"] in (scope.channels or set(Channel))]
        whole = Counter(here)
        assert counts(session, viewer, reckoning, period, scope=scope)[""] == {each: whole[each] for each in Measure}
    by_days = Counter((day, measure) for measure, day, *_ in told)
    assert Counter(_of_all(by_day(session, viewer, reckoning, period))) == by_days
    by_months = Counter((Period.of(Span.MONTH, day), measure) for measure, day, *_ in told)
    assert Counter(_of_all(by_month(session, viewer, reckoning, period))) == by_months
    hours = Counter(f"{order['received_at'].astimezone(SHANGHAI):%H}" for order in held["work_order"])
    found = counts(session, viewer, reckoning, period, Dimension.HOUR, measures=(Measure.RECEIVED,))
    assert {hour: of_hour[Measure.RECEIVED] for hour, of_hour in found.items()} == hours
    for measure in Measure:
        page = counted(session, viewer, reckoning, measure, period, limit=1000)
        listed = Counter((row.order.id, shanghai_day(row.at), row.unit_id) for row in page.rows)
        assert listed == Counter((order["id"], day, unit) for each, day, order, unit in told if each is measure)


def _tells(by: Dimension, measure: Measure) -> bool:
    of_orders = {Measure.RECEIVED, Measure.ACCEPTED, Measure.REFUSED, Measure.DIRECT}
    return by is not Dimension.UNIT or measure not in of_orders | {Measure.ANSWERED, Measure.PUBLISHED}


def _flat(found: Any) -> Counter[Any]:
    return Counter({(key, each): many for key, sums in found.items() for each, many in sums.items() if many})


def _of_all(found: Any) -> dict[Any, int]:
    return {(at, each): many for at, keys in found for each, many in keys.get("", {}).items() if many}
