"""A durable Postgres killed again and again under load: what was lost and doubled, and how long a seat stood still."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import monotonic

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bench.report import Report, run
from hotline_tui.data.migrate import upgrade
from hotline_tui.models import Event, WorkOrder
from tests.builders import Town
from tests.load import Load, count
from tests.servers import servers

SEATS = 8
KILLS, QUICK_KILLS = 15, 4
BETWEEN, QUICK_BETWEEN = 20, 5
"""Orders that each seat registers between two kills."""
PATIENCE = 60.0
"""Seconds that a seat tries again for."""


def measure(report: Report) -> None:
    """Seats register orders, the server is killed with signal 9 and started again."""
    kills, between = (QUICK_KILLS, QUICK_BETWEEN) if report.quick else (KILLS, BETWEEN)
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as home, servers() as group:
        server = group.another().make()
        upgrade(server.url())
        town = Town(server.url(), Path(home))
        away: list[float] = []
        with Load(town.agent, town.licence, server.url(), SEATS, patience=PATIENCE) as load:
            for _ in range(kills):
                load.until(between)
                server.kill()
                began = monotonic()
                server.start()
                away.append(monotonic() - began)
            load.until(between)
        found = count(town.store, load.accepted)
        with town.store.read() as session:
            orphans = _without_order(session)
        town.store.dispose()
    report.figure("seats", SEATS)
    report.figure("kills", kills)
    report.figure("durable", "fsync on, synchronous_commit on")
    report.figure("acknowledged", len(load.accepted))
    report.figure("lost", found.lost)
    report.figure("doubled", found.doubled)
    report.figure("orders_without_event", found.without_event)
    report.figure("events_without_order", orphans)
    report.figure("refused", sum(len(told.refused) for told in load.told))
    report.figure("attempts_made_again", sum(told.tries for told in load.told))
    report.figure("longest_recovery_s", max(away))
    report.figure("longest_stop_of_a_seat_s", max(told.longest for told in load.told))
    for figure in ("lost", "doubled", "orders_without_event", "events_without_order", "refused"):
        report.at_most(figure, 0)


def _without_order(session: Session) -> int:
    there = sa.exists().where(col(WorkOrder.id) == col(Event.order_id))
    query = select(sa.func.count()).select_from(Event).where(col(Event.order_id).is_not(None), ~there)
    return session.exec(query).one()


if __name__ == "__main__":
    sys.exit(run("restart", measure))
