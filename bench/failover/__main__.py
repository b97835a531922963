"""The leader of three hosts killed again and again under load: what was lost and doubled, how long a seat stood still.

The set-up is that of docs/administrator.md, on loopback: strict synchronous mode, then behind PgBouncer, then planned
switches, and last, beside it, asynchronous mode. Skipped where Debian's packages are not installed.
"""

from __future__ import annotations

import logging
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic

from bench.failover.cluster import Cluster, cluster
from bench.failover.packages import Programs, missing
from bench.failover.seats import Seats
from bench.report import Report, parser_of, skipped, told
from hotline_tui.data.migrate import upgrade
from tests.builders import Town
from tests.load import count

SEATS = 6
KILLS, QUICK_KILLS = 4, 1
BETWEEN, QUICK_BETWEEN = 50, 10
"""Orders that each seat registers between two kills."""
NEVER = ("lost", "doubled", "orders_without_event", "refused")


def main(argv: Sequence[str] | None = None) -> int:
    """0 when nothing was lost or doubled in strict synchronous mode, and where nothing could be measured."""
    parser = parser_of("failover", __doc__)
    parser.add_argument("--kills", type=int, metavar="N", help=f"how often the leader is killed ({KILLS})")
    options = parser.parse_args(argv)
    if why := missing():
        return skipped("failover", why, as_json=options.json)
    logging.getLogger().addHandler(logging.NullHandler())  # what the pool says of a connection that was cut
    report = Report("failover", quick=options.quick)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    measure(report, options.kills or (QUICK_KILLS if options.quick else KILLS))
    return told(report, as_json=options.json)


def measure(report: Report, kills: int) -> None:
    """Each way in turn on one group of hosts; a quick run has the first alone."""
    with cluster(Programs.installed()) as group, tempfile.TemporaryDirectory(prefix="hotline-bench-") as home:
        upgrade(group.url())
        town = Town(group.url(), Path(home))
        report.figure("hosts", len(group.hosts))
        report.figure("seats", SEATS)
        report.figure("times", kills)
        _phase(report, group, town, Phase("strict", kills))
        if not report.quick:
            _phase(report, group, town, Phase("planned", kills, planned=True))
            if group.programs.pgbouncer:
                _phase(report, group, town, Phase("pooled", kills, pooled=True))
            else:
                report.figure("pooled", "pgbouncer is not installed")
            group.configure(synchronous_mode=False, synchronous_mode_strict=False)
            _phase(report, group, town, Phase("asynchronous", kills, synchronous=False))
        town.store.dispose()
    for name in report.figures:
        if name.endswith(NEVER) and not name.startswith("asynchronous"):
            report.at_most(name, 0)


@dataclass(frozen=True)
class Phase:
    """A way of doing it, so many times."""

    name: str
    times: int
    pooled: bool = False
    """The seats go through PgBouncer."""
    planned: bool = False
    """The leader is not killed, an administrator moves it."""
    synchronous: bool = True


def _phase(report: Report, group: Cluster, town: Town, phase: Phase) -> None:
    """Seats register, and the leader goes under them."""
    between = QUICK_BETWEEN if report.quick else BETWEEN
    back: list[float] = []
    town.store.engine.dispose()
    with Seats(town.agent, town.licence, group.url(pooled=phase.pooled), SEATS) as seats:
        for _ in range(phase.times):
            group.settled(synchronous=phase.synchronous)
            seats.until(between)
            leader, began = group.leader(), monotonic()
            if phase.planned:
                group.switch()
            else:
                leader.kill()
                back.append(seats.first_since(monotonic()) - began)
            seats.until(between)
            leader.start()
        group.settled(synchronous=phase.synchronous)
    found = count(town.store, seats.accepted)
    note = partial(_note, report, phase.name)
    note("acknowledged", len(seats.accepted))
    note("lost", found.lost)
    note("doubled", found.doubled)
    note("orders_without_event", found.without_event)
    note("refused", sum(len(each.refused) for each in seats.told))
    note("attempts_made_again", sum(each.tries for each in seats.told))
    if back:
        note("new_leader_takes_orders_s", max(back))
    note("longest_stop_of_a_seat_s", max(each.longest for each in seats.told))


def _note(report: Report, phase: str, name: str, value: float) -> None:
    report.figure(f"{phase}_{name}", value, digits=1)


if __name__ == "__main__":
    sys.exit(main())
