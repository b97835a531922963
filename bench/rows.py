"""What row-level security costs: every screen's reads by the owner, and by a seat with its role and token.

`python -m bench.rows [--orders N] [--database URL --keep DIR]`: on a server of its own that is thrown away, or in a
Postgres database of an owner who may make roles: an empty one, or with DIR the one that was filled there before. Each
read is made by both in turn; printed are the medians and the median of the differences.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from bench.million import QUICK_ROLES, ROLES, city
from bench.multiplied import analyse
from bench.reads import Read, known, reads
from bench.report import Report, machine, parser_of, print_tables, told
from bench.served import FIRST, server
from hotline_tui.data.roles.install import install
from hotline_tui.data.roles.names import SEAT, role_name
from hotline_tui.data.roles.seat import Sitting
from hotline_tui.data.store import Store
from hotline_tui.rules.words import Role
from hotline_tui.services.accounts import desk_of
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk

GOAL_MS, WORST_MS = 1.0, 10.0
"""So much more a read may take, half of a post's reads and every one of them."""
ORDERS, QUICK_ORDERS = 200_000, 10_000
RUNS, QUICK_RUNS = 30, 2
ENOUGH_SECONDS, QUICK_SECONDS = 2.0, 0.1


@dataclass(frozen=True)
class Both:
    """One read, in milliseconds: the owner's, the seat's, and what the seat's took more."""

    seat: str
    name: str
    owner: float
    guarded: float
    more: float


def main(argv: Sequence[str] | None = None) -> int:
    """Make or reuse the city, time every read twice, print the table; 1 when a post's reads are above the goals."""
    parser = parser_of("rows", __doc__)
    parser.add_argument("--database", metavar="URL", help="instead of a server of its own")
    parser.add_argument("--orders", type=int, help=f"default {ORDERS}, with --quick {QUICK_ORDERS}")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="what is known of the city in that database")
    parser.add_argument("--role", type=Role, choices=ROLES, action="append", help="only these")
    parser.add_argument("--only", default="", metavar="TEXT", help="only reads whose name holds it")
    options = parser.parse_args(argv)
    report = Report("rows", quick=options.quick)
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hotline-rows-")))
        folder.mkdir(parents=True, exist_ok=True)
        timed = list(_timed(folder, options.database or stack.enter_context(server())(FIRST), options))
    report.figure("reads", len(timed))
    for seat in dict.fromkeys(each.seat for each in timed):
        _judge(report, seat, [each for each in timed if each.seat == seat])
    if options.json:
        return told(report, as_json=True, reads=[vars(each) for each in timed])
    _print(timed)
    print_tables(report)
    return 0 if report.ok else 1


def _timed(folder: Path, url: str, options: argparse.Namespace) -> Iterator[Both]:
    orders = options.orders or (QUICK_ORDERS if options.quick else ORDERS)
    store, settings, seats, now = city(folder, url, orders)
    install(store)
    analyse(store)
    seat = Store(store.url.set(username=SEAT).render_as_string(hide_password=False))
    for role in options.role or (QUICK_ROLES if options.quick else ROLES):
        owner = desk_of(store, settings, seats[role], lambda: now)
        with store.write() as session:
            asked = sa.text("SELECT hotline.seat(:account)")
            token = session.connection().execute(asked, {"account": seats[role]}).scalar_one()
            session.commit()
        sitting = Sitting(role_name(role), token)
        guarded = replace(owner, store=seat.seated(sitting), viewer=replace(owner.viewer, guarded=True))
        unit_desk = owner if owner.viewer.unit_id else desk_of(store, settings, seats[Role.HANDLER], owner.clock)
        with store.read() as session:
            it = known(session, unit_desk)
        # The same reads of two desks: an index of orders that a desk keeps is its own.
        for (name, one), (_, other) in zip(reads(owner, it), reads(guarded, it), strict=True):
            if options.only in name:
                yield _time(name, (owner, one), (guarded, other), quick=options.quick)
    store.dispose()
    seat.dispose()


def _time(name: str, one: tuple[Desk, Read], other: tuple[Desk, Read], *, quick: bool) -> Both:
    runs, enough = (QUICK_RUNS, QUICK_SECONDS) if quick else (RUNS, ENOUGH_SECONDS)
    for desk, read in (one, other):
        _once(desk, read)
    took: tuple[list[float], list[float]] = [], []
    begun = perf_counter()
    while len(took[0]) < min(runs, 3) or (len(took[0]) < runs and perf_counter() - begun < enough):
        for times, (desk, read) in zip(took, (one, other), strict=True):
            times.append(_once(desk, read))
    more = median(after - before for before, after in zip(*took, strict=True))
    both = Both(one[0].role.value, name, median(took[0]), median(took[1]), more)
    if more > WORST_MS:
        print(_line(both), file=sys.stderr)
    return both


def _once(desk: Desk, read: Read) -> float:
    begun = perf_counter()
    with desk.store.read() as session:
        read(session, desk, edges_now(desk, session))
    return (perf_counter() - begun) * 1000


def _judge(report: Report, seat: str, timed: Sequence[Both]) -> None:
    worst = max(timed, key=lambda each: each.more)
    report.figure(f"{seat}_median_more_ms", median(each.more for each in timed), 2)
    report.figure(f"{seat}_worst_more_ms", worst.more, 2)
    report.figure(f"{seat}_worst_read", worst.name)
    report.at_most(f"{seat}_median_more_ms", GOAL_MS)
    report.at_most(f"{seat}_worst_more_ms", WORST_MS)


def _print(timed: Sequence[Both]) -> None:
    print(f"bench.rows  {machine()}\n")
    print(f"{'seat':12} {'read':44} {'owner':>9} {'seat':>9} {'more':>9}  ms")
    for each in timed:
        print(_line(each))


def _line(each: Both) -> str:
    return f"{each.seat:12} {each.name:44} {each.owner:9.1f} {each.guarded:9.1f} {each.more:9.2f}"


if __name__ == "__main__":
    sys.exit(main())
