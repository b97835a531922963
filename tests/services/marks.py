"""What is kept beside orders for the dashboard, told a second time from the orders' own rows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from hotline_tui.data.queries.countersigned import GIVEN_BACK, GIVEN_OUT
from hotline_tui.data.queries.dashboard import snapshot
from hotline_tui.data.queries.figures import history
from hotline_tui.data.queries.measured import Scope
from hotline_tui.data.queries.statistics import counts
from hotline_tui.models import WorkOrder
from hotline_tui.rules.deadlines import SHANGHAI, shanghai_day
from hotline_tui.rules.indicators import Share
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Duty, Kind, Measure
from hotline_tui.rules.workflow import FINAL
from hotline_tui.services.clock import edges_now, reckoning_now
from tests.builders import Town

DAYS = 30
EVERY_KIND = Scope(kinds=frozenset(Kind))
"""Of which nothing is kept: counted from the rows."""


def check_marks(order: dict[str, Any], held: dict[str, list[dict[str, Any]]]) -> None:
    """Of one order: what is veiled, which clock counts, whether a share lies with nobody."""
    accused = any(row["order_id"] == order["id"] for row in held["order_accused"])
    assert order["veiled"] == (order["secret"] or order["kind"] is Kind.TIPOFF or accused)
    clocks = [clock for clock in held["deadline"] if clock["order_id"] == order["id"]]
    assert all(clock["veiled"] == order["veiled"] for clock in clocks)
    shares = [share for share in held["assignment"] if share["order_id"] == order["id"]]
    assert all(share["veiled"] == order["veiled"] for share in shares)
    assert order["unit_id"] is None or order["unit_id"] in {share["unit_id"] for share in shares}
    running = sorted(
        (
            clock
            for clock in clocks
            if clock["duty"] in (Duty.REPLY, Duty.PROMISE) and clock["met_at"] is None and clock["void_at"] is None
        ),
        key=lambda clock: (clock["due_at"], clock["id"]),
    )
    others = [clock for clock in clocks if clock["duty"] not in (Duty.REPLY, Duty.PROMISE)]
    assert all(clock["place"] == 3 for clock in others)
    assert all(clock["urgent"] == order["urgent"] for clock in running)
    units = [clock["unit_id"] for clock in running]
    assert [clock["place"] for clock in running] == [
        0 if not number else 1 if unit not in units[:number] else 2 for number, unit in enumerate(units)
    ]
    steps = [
        event["action"]
        for event in sorted(
            (event for event in held["event"] if event["order_id"] == order["id"]), key=lambda each: each["sequence"]
        )
        if event["action"] in GIVEN_BACK | GIVEN_OUT
    ]
    assert order["given_back"] == (bool(steps) and steps[-1] in GIVEN_BACK and order["state"] not in FINAL)


def check_figures(town: Town, session: Session) -> None:
    """What the office's board says of the month and of the last days, partly from tallies, from what statistics say."""
    viewer, now = town.office.viewer, town.now
    found = history(session, viewer, now, DAYS)
    month = Period.between(shanghai_day(now).replace(day=1), shanghai_day(now))
    told = counts(session, viewer, reckoning_now(town.office, session), month, scope=EVERY_KIND)[""]
    assert found.month.on_time == Share(told[Measure.ON_TIME], told[Measure.DUE])
    happy = told[Measure.SATISFIED] + told[Measure.MOSTLY_SATISFIED]
    assert found.month.satisfied == Share(happy, told[Measure.REACHED])
    assert found.month.direct == Share(told[Measure.DIRECT], told[Measure.ACCEPTED])
    local = now.astimezone(SHANGHAI)
    first = local.date() - timedelta(days=DAYS - 1)
    received = [moment.astimezone(SHANGHAI) for moment in session.exec(select(WorkOrder.received_at))]
    came = Counter(each.date() for each in received)
    assert found.intake == tuple((first + timedelta(days=n), came[first + timedelta(days=n)]) for n in range(DAYS))
    earlier = [each for each in received if first <= each.date() < local.date()]
    by_then = sum(each.hour < local.hour for each in earlier)
    within = sum(each.hour == local.hour for each in earlier)
    assert found.usual == pytest.approx((by_then + within * local.minute / 60) / (DAYS - 1))


def check_board(town: Town, session: Session, held: dict[str, list[dict[str, Any]]]) -> None:
    """The counts of the office's board, from the rows."""
    edges = edges_now(town.office, session)
    seen = snapshot(session, town.office.viewer, edges, limit=1000)
    running = [
        clock
        for clock in held["deadline"]
        if clock["duty"] in (Duty.REPLY, Duty.PROMISE) and clock["met_at"] is None and clock["void_at"] is None
    ]
    assert seen.open == len({clock["order_id"] for clock in running})
    overdue = [clock for clock in running if clock["due_at"] < edges.now]
    assert seen.overdue == len({clock["order_id"] for clock in overdue})
    assert len(seen.overdue_orders) == len({(clock["order_id"], clock["unit_id"]) for clock in overdue})
    soon = [clock for clock in running if edges.now <= clock["due_at"] <= edges.soon_until]
    late = {clock["order_id"] for clock in overdue}
    assert seen.due_soon == len({clock["order_id"] for clock in soon} - late)
    of_units = Counter(unit for _, unit in {(clock["order_id"], clock["unit_id"]) for clock in running})
    assert {line.unit_id: line.open for line in seen.units if line.open} == of_units
    waiting = [order for order in held["work_order"] if order["closed_at"] is None]
    assert seen.urgent_open == sum(order["urgent"] for order in waiting)
    assert Counter(order["state"].value for order in waiting)["awaiting_callback"] == seen.awaiting_callback
