"""What row-level security costs: every screen's reads by the owner, and by a seat with its role and token.

`python -m bench.rows --database URL [--orders N] [--keep DIR]`, on an empty Postgres database of an owner who may make
roles; `--keep` with the same database uses the city made there before. Each read is made by both in turn; printed are
the medians and the median of the differences. The goal is for the plain reads: a page of orders and the board.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

import sqlalchemy as sa

from bench.million import ROLES, city
from bench.multiplied import analyse
from bench.reads import Read, known, reads
from bench.report import machine
from hotline_tui.data.roles.install import install
from hotline_tui.data.roles.names import SEAT, role_name
from hotline_tui.data.roles.seat import Sitting
from hotline_tui.data.store import Store
from hotline_tui.rules.words import Role
from hotline_tui.services.accounts import desk_of
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk

GOAL_MS = 0.5
"""So much more a page of orders may take."""
RUNS = 40
ENOUGH_SECONDS = 4.0
JUDGED = ("search, open", "dashboard", "dispatch", "tray")


@dataclass(frozen=True)
class Both:
    """One read, in milliseconds: the owner's, the seat's, and what the seat's took more."""

    seat: str
    name: str
    owner: float
    guarded: float
    more: float


def main(argv: Sequence[str] | None = None) -> int:
    """Make or reuse the city, time every read twice, print the table; 1 when a judged read is above the goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.rows", description=__doc__)
    parser.add_argument("--database", required=True, metavar="URL")
    parser.add_argument("--orders", type=int, default=300_000)
    parser.add_argument("--keep", type=Path, default=Path("rows"), metavar="DIR")
    parser.add_argument("--role", type=Role, choices=ROLES, action="append", help="only these")
    parser.add_argument("--only", default="", metavar="TEXT", help="only reads whose name holds it")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    options.keep.mkdir(parents=True, exist_ok=True)
    store, settings, seats, now = city(options.keep, options.database, options.orders)
    install(store)
    analyse(store)
    seat = Store(store.url.set(username=SEAT).render_as_string(hide_password=False))
    timed: list[Both] = []
    for role in options.role or ROLES:
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
                timed.append(_time(name, (owner, one), (guarded, other)))
    if options.json:
        print(json.dumps({"machine": machine(), "reads": [vars(each) for each in timed]}))
    else:
        _print(timed)
    store.dispose()
    seat.dispose()
    return int(any(each.more > GOAL_MS for each in _judged(timed)))


def _time(name: str, one: tuple[Desk, Read], other: tuple[Desk, Read]) -> Both:
    for desk, read in (one, other):
        _once(desk, read)
    took: tuple[list[float], list[float]] = [], []
    begun = perf_counter()
    while len(took[0]) < 3 or (len(took[0]) < RUNS and perf_counter() - begun < ENOUGH_SECONDS):
        for times, (desk, read) in zip(took, (one, other), strict=True):
            times.append(_once(desk, read))
    more = median(after - before for before, after in zip(*took, strict=True))
    return Both(one[0].role.value, name, median(took[0]), median(took[1]), more)


def _once(desk: Desk, read: Read) -> float:
    begun = perf_counter()
    with desk.store.read() as session:
        read(session, desk, edges_now(desk, session))
    return (perf_counter() - begun) * 1000


def _judged(timed: Sequence[Both]) -> Iterator[Both]:
    return (each for each in timed if each.name in JUDGED)


def _print(timed: Sequence[Both]) -> None:
    print(f"bench.rows  {machine()}\n")
    print(f"{'seat':12} {'read':44} {'owner':>9} {'seat':>9} {'more':>9}  ms")
    for each in timed:
        print(f"{each.seat:12} {each.name:44} {each.owner:9.1f} {each.guarded:9.1f} {each.more:9.2f}")


if __name__ == "__main__":
    sys.exit(main())
