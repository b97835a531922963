"""What the dashboard costs with ten thousand, one and ten million orders, beside the plain SQL of the same numbers.

`python -m bench.dashboard [--orders N ...] [--engine sqlite|postgres]`; `--watch MINUTES` leaves `hotline dashboard`
running beside a busy server and tells what it needs. A city is made for each size in a temporary folder (ten million
orders: about 30 GB) and thrown away.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bench.multiplied import multiply
from bench.report import Report, parser_of, told
from bench.served import FIRST, copy, cpu_seconds, server
from hotline_tui.data import tally
from hotline_tui.data.queries.dashboard import counts, snapshot
from hotline_tui.data.store import Store
from hotline_tui.models import WorkOrder
from hotline_tui.rules.deadlines import midnight, shanghai_day
from hotline_tui.rules.words import OrderState, Role
from hotline_tui.services import notes
from hotline_tui.services.accounts import desk_of
from hotline_tui.services.clock import edges_now
from hotline_tui.services.demo import build
from hotline_tui.services.desk import Desk
from hotline_tui.settings import load

ENGINES = ("sqlite", "postgres")
SIZES, QUICK = (10_000, 1_000_000, 10_000_000), (10_000, 200_000)
LIVING = 100_000
"""Orders under way; of a smaller city half."""
TABLES = ("work_order", "assignment", "deadline", "callback", "order_accused")
"""What the dashboard reads."""
RUNS = 15
SEED, GROWN = "seed", "grown"
GOAL_MS = 50
OPEN_CLOCK = "met_at IS NULL AND void_at IS NULL AND duty IN ('reply', 'promise')"
PLAIN = f"""
SELECT state, COUNT(*), SUM(CASE WHEN urgent THEN 1 ELSE 0 END) FROM work_order WHERE closed_at IS NULL GROUP BY state;
SELECT unit_id, COUNT(DISTINCT order_id), COUNT(DISTINCT CASE WHEN due_at < {{now}} THEN order_id END), MIN(due_at)
    FROM deadline WHERE {OPEN_CLOCK} GROUP BY unit_id;
SELECT COUNT(DISTINCT order_id), COUNT(DISTINCT CASE WHEN due_at < {{now}} THEN order_id END),
    COUNT(DISTINCT CASE WHEN due_at < {{serious}} THEN order_id END) FROM deadline WHERE {OPEN_CLOCK};
SELECT unit_id, SUM(CASE WHEN met_at <= due_at THEN 1 ELSE 0 END), COUNT(*) FROM deadline
    WHERE void_at IS NULL AND duty IN ('reply', 'promise') AND due_at >= {{month}} AND due_at <= {{now}}
    GROUP BY unit_id;
SELECT {{day}}, COUNT(*) FROM work_order WHERE received_at >= {{days}} GROUP BY 1;
SELECT SUM(CASE WHEN route = 'direct' THEN 1 ELSE 0 END), COUNT(*) FROM work_order
    WHERE received_at >= {{month}} AND state <> 'refused';
SELECT SUM(CASE WHEN verdict IN ('satisfied', 'mostly_satisfied') THEN 1 ELSE 0 END), COUNT(*) FROM callback
    WHERE called_at >= {{month}} AND verdict <> 'unreached';
SELECT number, due_at FROM deadline JOIN work_order ON work_order.id = order_id
    WHERE {OPEN_CLOCK} AND due_at < {{now}} ORDER BY work_order.urgent DESC, due_at LIMIT 51
"""
"""The same numbers as somebody would ask for them who knows nothing of the program."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = parser_of("dashboard", __doc__)
    parser.add_argument("--orders", type=int, action="append", metavar="N", help="cities of this many orders only")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="only this one")
    parser.add_argument("--watch", type=float, metavar="MINUTES", help="leave the dashboard running instead")
    options = parser.parse_args(argv)
    report = Report("dashboard", quick=options.quick)
    if options.watch:
        from bench.watched import watch

        watch(report, options.watch)
    else:
        sizes = options.orders or (QUICK if options.quick else SIZES)
        for engine in options.engine or ENGINES:
            with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder, ExitStack() as stack:
                place = LITE_OR_SERVED[engine](Path(folder), stack)
                for orders in sizes:
                    _reads(report, f"{engine}_{short(orders)}", place.city(orders))
            _growth(report, engine, sizes)
    return told(report, as_json=options.json)


def _growth(report: Report, engine: str, sizes: Sequence[int]) -> None:
    if len(sizes) > 1:
        smallest, largest = (
            float(report.figures[f"{engine}_{short(size)}_snapshot_ms"]) for size in (sizes[0], sizes[-1])
        )
        report.figure(f"{engine}_growth_ratio", largest / smallest, 1)


def short(orders: int) -> str:
    """`10k`, `10m`."""
    return f"{orders // 1_000_000}m" if orders >= 1_000_000 else f"{orders // 1000}k"


class Place:
    """Where cities are made: the demonstration once, then a copy for each size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: tuple[UUID, datetime] | None = None

    def found(self, url: str) -> None:
        """Build the demonstration."""
        settings = load({"home": self.folder, "database_url": url}, {})
        self._made = build(settings)[Role.OFFICE], datetime.now(UTC)

    def city(self, orders: int) -> Desk:
        """The office's desk in a city of so many orders; the one before is thrown away."""
        raise NotImplementedError

    def grown(self, url: str, orders: int) -> Desk:
        """The office's desk in a copy that has grown to so many orders."""
        if self._made is None:
            raise RuntimeError("nothing was built")
        office, now = self._made
        settings = load({"home": self.folder, "database_url": url}, {})
        store = Store(settings.database_url)
        multiply(store, orders, min(LIVING, orders // 2), TABLES)
        _vacuum(store)
        store.dispose()
        return desk_of(Store(settings.database_url), settings, office, lambda: now)


class Lite(Place):
    """In files of a folder."""

    def city(self, orders: int) -> Desk:
        """As above."""
        seed, grown = self.folder / "seed.db", self.folder / "grown.db"
        if self._made is None:
            self.found(f"sqlite:///{seed}")
        for path in self.folder.glob("grown.db*"):
            path.unlink()
        shutil.copy(seed, grown)
        return self.grown(f"sqlite:///{grown}", orders)


class Served(Place):
    """On a server of its own."""

    def __init__(self, folder: Path, server: Callable[[str], str]) -> None:
        super().__init__(folder)
        self._server = server

    def city(self, orders: int) -> Desk:
        """As above."""
        if self._made is None:
            self.found(self._server(FIRST))
            copy(self._server, FIRST, SEED)
        return self.grown(copy(self._server, SEED, GROWN), orders)


LITE_OR_SERVED: dict[str, Callable[[Path, ExitStack], Place]] = {
    "sqlite": lambda folder, _: Lite(folder),
    "postgres": lambda folder, stack: Served(folder, stack.enter_context(server())),
}
"""Where cities of an engine are made; a server runs until the stack is closed."""


def _vacuum(store: Store) -> None:
    """What a server does by itself after a while."""
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _reads(report: Report, name: str, desk: Desk) -> None:
    wall = replace(desk.viewer, on_wall=True)

    def board(session: Session) -> object:
        return snapshot(session, desk.viewer, edges_now(desk, session))

    report.figure(f"{name}_orders", _one(desk, "SELECT COUNT(*) FROM work_order"))
    report.figure(f"{name}_open", _one(desk, "SELECT COUNT(*) FROM work_order WHERE closed_at IS NULL"))

    def note(what: str, taken: tuple[float, float]) -> float:
        report.figure(f"{name}_{what}_ms", taken[0], 1)
        report.figure(f"{name}_{what}_cpu_ms", taken[1], 1)
        return taken[0]

    note("untallied", timed(desk, board, 1))
    begun = perf_counter()
    days = tally.fold(desk.store, desk.clock(), tally.window(desk.clock()))
    report.figure(f"{name}_fold_ms_a_day", (perf_counter() - begun) * 1000 / max(days, 1), 1)
    ours = note("snapshot", timed(desk, board))
    note("snapshot_wall", timed(desk, lambda s: snapshot(s, wall, edges_now(desk, s))))
    note("counts", timed(desk, lambda s: counts(s, desk.viewer, edges_now(desk, s))))
    note("refresh", _refresh(desk))
    by_hand = note("plain_sql", timed(desk, lambda s: plain(s, desk), 3))
    report.figure(f"{name}_plain_ratio", by_hand / ours, 1)
    for what in ("snapshot", "snapshot_wall", "refresh"):
        report.at_most(f"{name}_{what}_ms", GOAL_MS)
    desk.store.dispose()


def timed(desk: Desk, read: Callable[[Session], object], runs: int = RUNS) -> tuple[float, float]:
    """Median of the time, and mean of the processor's, ours and the server's: both in milliseconds.

    After one run that nobody times unless it is the only one.
    """
    taken = list[float]()
    used = 0.0
    for number in range(runs + (runs > 1)):
        with desk.store.read() as session:
            server = None if desk.store.is_sqlite else session.connection().exec_driver_sql("SELECT pg_backend_pid()")
            pid = None if server is None else int(server.scalar_one())
            begun, before = perf_counter(), process_time() + _cpu(pid)
            read(session)
            if number or runs == 1:
                taken.append((perf_counter() - begun) * 1000)
                used += process_time() + _cpu(pid) - before
    return median(taken), used / len(taken) * 1000


def _cpu(pid: int | None) -> float:
    return 0.0 if pid is None else cpu_seconds(pid)


def _refresh(desk: Desk) -> tuple[float, float]:
    """A dashboard that is open reads again after one order was urged: the past stands in it already."""
    with desk.store.read() as session:
        past = snapshot(session, desk.viewer, edges_now(desk, session)).past
        under_way = select(WorkOrder.id).where(col(WorkOrder.state) == OrderState.ASSIGNED).limit(RUNS)
        orders = list(session.exec(under_way))
    taken = list[tuple[float, float]]()
    for order in orders:
        notes.urge(desk, order, "")
        taken.append(timed(desk, lambda s: snapshot(s, desk.viewer, edges_now(desk, s), past=past), 1))
    return median(wall for wall, _ in taken), sum(cpu for _, cpu in taken) / len(taken)


def plain(session: Session, desk: Desk) -> None:
    """Every plain statement in turn."""
    edges = edges_now(desk, session)
    today = shanghai_day(edges.now)
    lite = desk.store.is_sqlite
    moments = {
        "now": edges.now,
        "serious": edges.serious_before,
        "month": midnight(today.replace(day=1)),
        "days": midnight(today - 29 * tally.ONE_DAY),
    }
    words: dict[str, Any] = {
        name: f"'{at.strftime('%Y-%m-%d %H:%M:%S.%f') if lite else at.isoformat()}'" for name, at in moments.items()
    }
    words["day"] = "date(received_at, '+8 hours')" if lite else "CAST(timezone('Asia/Shanghai', received_at) AS date)"
    for statement in PLAIN.format(**words).split(";"):
        session.connection().exec_driver_sql(statement).fetchall()


def _one(desk: Desk, statement: str) -> int:
    with desk.store.read() as session:
        return int(session.connection().execute(sa.text(statement)).scalar_one())


if __name__ == "__main__":
    sys.exit(main())
