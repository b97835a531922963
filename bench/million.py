"""What every screen reads when it opens, on a hotline of a million orders.

`python -m bench.million [--orders N] [--keep DIR]`. The city is made once in DIR, or in a temporary folder. The first
run of a read is on a new connection; the median and the 95th percentile are of the runs after it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import col

from bench.multiplied import analyse, multiply
from bench.reads import Known, Read, known, reads
from bench.report import Report, machine, parser_of, told
from hotline_tui.data.store import Store
from hotline_tui.errors import HotlineError
from hotline_tui.models import Account, Assignment
from hotline_tui.rules.words import Role
from hotline_tui.services.accounts import desk_of
from hotline_tui.services.clock import edges_now
from hotline_tui.services.demo import build
from hotline_tui.services.desk import Desk
from hotline_tui.settings import Settings, load

GOAL_MS = 100
ORDERS, QUICK_ORDERS = 1_000_000, 10_000
RUNS, QUICK_RUNS = 20, 3
ENOUGH_SECONDS = 2.0
"""A slow read is not run twenty times."""
ROLES = (Role.OFFICE, Role.AUTHORITY, Role.AGENT, Role.HANDLER, Role.UNIT_LEADER, Role.CITY_LEADER)
QUICK_ROLES = (Role.OFFICE, Role.HANDLER)


@dataclass(frozen=True)
class Timed:
    """How long one read took, in milliseconds."""

    seat: str
    name: str
    first: float
    runs: tuple[float, ...]
    cpu: float
    """Of the processor, a run, on average: what a busy machine does not lengthen. Not what a server uses."""

    def share(self, part: float) -> float:
        """The run below which this part of the runs lies."""
        ordered = sorted(self.runs)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main(argv: Sequence[str] | None = None) -> int:
    """Make or reuse the city, time every read, print the table; 1 when a read is above the goal."""
    parser = parser_of("million", __doc__)
    parser.add_argument("--orders", type=int, help=f"default {ORDERS}, with --quick {QUICK_ORDERS}")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the city here, or use the one made here before")
    parser.add_argument("--database", default="", metavar="URL", help="an empty Postgres database instead of a file")
    parser.add_argument("--analyse", action="store_true", help="with statistics for the planner")
    parser.add_argument("--role", type=Role, choices=ROLES, action="append", help="only these")
    parser.add_argument("--only", default="", metavar="TEXT", help="only reads whose name holds it")
    parser.add_argument("--plans", action="store_true", help="how the engine goes about those above the goal")
    options = parser.parse_args(argv)
    options.runs = QUICK_RUNS if options.quick else RUNS
    orders = options.orders or (QUICK_ORDERS if options.quick else ORDERS)
    roles = options.role or (QUICK_ROLES if options.quick else ROLES)
    with _folder(options.keep) as folder:
        store, settings, seats, now = city(folder, options.database, orders)
        if options.analyse:
            analyse(store)
        timed = [
            each
            for role in roles
            for each in _time(store, desk_of(store, settings, seats[role], lambda: now), seats, options)
        ]
        if not options.role and not options.quick:
            small = desk_of(store, settings, _little_to_do(store), lambda: now)
            timed += [replace(each, seat="small unit") for each in _time(store, small, seats, options)]
        held = _held(store)
        store.dispose()
    report = Report("million", quick=options.quick)
    slowest = max(timed, key=lambda each: each.share(0.5))
    report.figure("orders", held)
    report.figure("reads", len(timed))
    report.figure("slowest_read", f"{slowest.seat}, {slowest.name}")
    report.figure("slowest_p50_ms", slowest.share(0.5), digits=1)
    report.at_most("slowest_p50_ms", GOAL_MS)
    if options.json:
        return told(report, as_json=True, reads=[_figures(each) for each in timed])
    _print(timed, held)
    return 0 if report.ok else 1


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="hotline-million-") as folder:
        yield Path(folder)


def city(folder: Path, url: str, orders: int) -> tuple[Store, Settings, dict[Role, UUID], datetime]:
    """The multiplied city, who sits where, and the moment at which it stands."""
    settings = load({"home": folder, "database_url": url or f"sqlite:///{folder / 'hotline.db'}"}, {})
    store, note = Store(settings.database_url), folder / "city.json"
    if not note.exists():
        begun = perf_counter()
        seats, now = build(settings), datetime.now(UTC)
        multiply(store, orders)
        note.write_text(json.dumps({"seats": {r.value: str(i) for r, i in seats.items()}, "now": now.isoformat()}))
        print(f"made in {perf_counter() - begun:.0f} s", file=sys.stderr)
    kept = json.loads(note.read_text())
    seats = {Role(role): UUID(key) for role, key in kept["seats"].items()}
    return store, settings, seats, datetime.fromisoformat(kept["now"])


def _little_to_do(store: Store) -> UUID:
    """Who works in the unit with the fewest shares, at least one: what he may see is far apart."""
    few = (
        sa.select(col(Account.id))
        .join(Assignment, col(Assignment.unit_id) == col(Account.unit_id))
        .where(col(Account.role) == Role.HANDLER)
        .group_by(col(Account.id))
        .order_by(sa.func.count())
        .limit(1)
    )
    with store.read() as session:
        return session.connection().execute(few).scalar_one()


def _time(store: Store, desk: Desk, seats: dict[Role, UUID], options: argparse.Namespace) -> Iterator[Timed]:
    unit_desk = desk if desk.viewer.unit_id else desk_of(store, desk.settings, seats[Role.HANDLER], desk.clock)
    with store.read() as session:
        it: Known = known(session, unit_desk)
    for name, read in reads(desk, it):
        if options.only not in name:
            continue
        store.dispose()
        first = _once(store, desk, read)
        used, begun, runs = process_time(), perf_counter(), list[float]()
        while len(runs) < 2 or (len(runs) < options.runs and perf_counter() - begun < ENOUGH_SECONDS):
            runs.append(_once(store, desk, read))
        timed = Timed(desk.role.value, name, first, tuple(runs), (process_time() - used) / len(runs) * 1000)
        if timed.share(0.5) > GOAL_MS:
            print(
                f"{desk.role.value:12} {name:40} {timed.share(0.5):9.1f} ms, processor {timed.cpu:9.1f} ms",
                file=sys.stderr,
            )
            if options.plans:
                _explain(store, desk, read)
        yield timed


def _once(store: Store, desk: Desk, read: Read) -> float:
    begun = perf_counter()
    with store.read() as session:
        read(session, desk, edges_now(desk, session))
    return (perf_counter() - begun) * 1000


def _explain(store: Store, desk: Desk, read: Read) -> None:
    """Each statement of a read: its time and its plan."""
    asked: list[tuple[str, Any, float]] = []

    def before(connection: sa.Connection, *_: object) -> None:
        connection.info["begun"] = perf_counter()

    def after(connection: sa.Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters, (perf_counter() - connection.info["begun"]) * 1000))

    event.listen(store.engine, "before_cursor_execute", before)
    event.listen(store.engine, "after_cursor_execute", after)
    try:
        with store.read() as session:
            read(session, desk, edges_now(desk, session))
    except HotlineError as error:
        print(error, file=sys.stderr)
    event.remove(store.engine, "before_cursor_execute", before)
    event.remove(store.engine, "after_cursor_execute", after)
    word, place = ("EXPLAIN QUERY PLAN", 3) if store.is_sqlite else ("EXPLAIN ANALYZE", 0)
    with store.read() as session:
        for statement, parameters, took in asked:
            if took < GOAL_MS / 5 and store.is_sqlite:
                continue
            print(f"  {took:.0f} ms: {' '.join(statement.split())[-700:]}", file=sys.stderr)
            for row in session.connection().exec_driver_sql(f"{word} {statement}", parameters):
                print(f"      {row[place]}", file=sys.stderr)


def _held(store: Store) -> int:
    with store.read() as session:
        return int(session.connection().exec_driver_sql("SELECT COUNT(*) FROM work_order").scalar_one())


def _figures(each: Timed) -> dict[str, Any]:
    return {
        "seat": each.seat,
        "read": each.name,
        "first_ms": round(each.first, 1),
        "p50_ms": round(each.share(0.5), 1),
        "p95_ms": round(each.share(0.95), 1),
        "cpu_ms": round(each.cpu, 1),
    }


def _print(timed: Sequence[Timed], held: int) -> None:
    print(f"bench.million  {held:,} orders  {machine()}\n")
    print(f"{'seat':12} {'read':44} {'first':>9} {'p50':>9} {'p95':>9} {'cpu':>9}  ms")
    for each in timed:
        mark = "  ABOVE" if each.share(0.5) > GOAL_MS else ""
        times = f"{each.first:9.1f} {each.share(0.5):9.1f} {each.share(0.95):9.1f} {each.cpu:9.1f}"
        print(f"{each.seat:12} {each.name:44} {times}{mark}")


if __name__ == "__main__":
    sys.exit(main())
