"""Fifty and a hundred seats on one durable Postgres, beside psycopg alone with the same statements on the same server.

Each seat is a process with a store of its own and does intake, dispatch, handling, release and callback in turn,
without a moment to think. The limit is one whole life of an order as the services sent it, sent again with fresh keys.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from pathlib import Path
from random import Random
from typing import Any

from bench.report import Report, run
from bench.seats.city import City, found
from bench.seats.counting import count
from bench.seats.life import Life
from bench.seats.raw import Keys, Recorded, Recorder, Replay
from bench.seats.working import CLAIM, Doing, Over, Told, at_once
from hotline_tui.data.migrate import upgrade
from hotline_tui.data.store import Store
from hotline_tui.services import claims
from tests.servers import Server, servers

SIZES, QUICK_SIZES = (50, 100), (10,)
SECONDS, QUICK_SECONDS = 20.0, 5.0
CLAIM_SECONDS, QUICK_CLAIM_SECONDS = 8.0, 2.0
EACH = 2
"""Orders that each seat puts into the queue before claims are counted: half of them are held."""
GOAL_RATIO = 0.35
MIGRATED = "migrated"


def measure(report: Report) -> None:
    """Ours and the limit in turn, for each number of seats on databases of their own."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as home, servers() as group:
        server = group.another().make("max_connections=320")
        server.execute(f"CREATE DATABASE {MIGRATED}")
        upgrade(server.url(MIGRATED))
        for seats in QUICK_SIZES if report.quick else SIZES:
            _seats(report, server, Path(home), seats)


def _seats(report: Report, server: Server, home: Path, seats: int) -> None:
    seconds, claiming = (QUICK_SECONDS, QUICK_CLAIM_SECONDS) if report.quick else (SECONDS, CLAIM_SECONDS)
    note = partial(_note, report, f"seats_{seats}")
    ours = _city(server, home, f"ours_{seats}", seats)
    store, before = _opened(ours)
    told = at_once(range(seats), partial(_work, ours, store), seconds)
    claimed = at_once(range(seats), partial(_claim, ours, store), claiming)
    done = before.counts() + told.counts() + claimed.counts()
    counted = count(store, done)
    store.dispose()
    limit = _recorded(_city(server, home, f"limit_{seats}", seats), server.address(f"limit_{seats}"))
    raw = at_once(range(seats), partial(_replay, limit), seconds)
    raw_claimed = at_once(range(seats), partial(_replay_claims, limit), claiming)

    note("actions_per_s", told.rate)
    note("cpu_ms_per_action", told.cpu_ms)
    note("raw_cpu_ms_per_action", raw.cpu_ms)
    note("raw_actions_per_s", raw.rate)
    note("ratio", told.rate / raw.rate)
    for name, times in told.times.items():
        for part, word in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99")):
            note(f"{name}_{word}_ms", _share(times, part) * 1e3)
    note("orders", counted.orders)
    note("attempts_made_again", told.tries + claimed.tries)
    note("lost_races", told.lost_races.total())
    note("nothing_to_do", told.idle.total())
    note("claims_per_s", claimed.rate)
    note("raw_claims_per_s", raw_claimed.rate)
    note("refused_by_the_database", len(told.failed) + len(claimed.failed))
    zero = (
        "dispatched_twice",
        "lost_updates",
        "not_as_told",
        "replayed_otherwise",
        "events_without_order",
        "orders_without_event",
    )
    for name in zero:
        note(name, getattr(counted, name))
    for name in (*zero, "refused_by_the_database"):
        report.at_most(f"seats_{seats}_{name}", 0)
    report.at_least(f"seats_{seats}_ratio", GOAL_RATIO)


def _note(report: Report, prefix: str, name: str, value: float) -> None:
    report.figure(f"{prefix}_{name}", value, digits=2 if name == "ratio" else 1)


def _share(times: list[float], part: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _city(server: Server, home: Path, name: str, seats: int) -> City:
    server.execute(f"CREATE DATABASE {name} TEMPLATE {MIGRATED}")
    return found(server.url(name), home, seats)


def _opened(city: City) -> tuple[Store, Told]:
    """A store that has done everything once, as a seat has after its first call, and holds no connection."""
    store, told = Store(city.url), Told()
    first, second = (city.seats[number].at(store) for number in (0, 1))
    one_unit = replace(city, units=(first.unit_id,))
    do = Doing(store, told, inf)
    Life(one_unit, first, second.agent, Random(0), do).round()
    do(CLAIM, lambda: claims.take_next(first.agent, None, claims.DISPATCH) or first.unit_id)
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()
    store.engine.dispose()
    return store, told


def _work(city: City, store: Store, number: int, ready: Callable[[], float]) -> Told:
    before, told = Told(), Told()
    seat = city.seats[number].at(store)
    life = Life(city, seat, seat.agent, Random(number), Doing(store, before, inf))
    life.round()  # connections are open, and both ends have seen each statement
    life.before(number)
    life.do = Doing(store, told, ready())
    try:
        while True:
            life.round(number)
    except Over:
        store.dispose()
    told.beside.update(before.counts())
    return told


def _claim(city: City, store: Store, number: int, ready: Callable[[], float]) -> Told:
    """Takes the next and puts back what it had, again and again."""
    told = Told()
    seat = city.seats[number].at(store)
    life = Life(city, seat, seat.agent, Random(number), _just)
    for _ in range(EACH):
        life.intake()
        told.beside["intake"] += 1
    do = Doing(store, told, ready())
    held = None
    try:
        while True:
            held = do(CLAIM, partial(claims.take_next, seat.agent, held, claims.DISPATCH)) or held
    except Over:
        store.dispose()
    return told


def _just(_name: str, job: Callable[[], Any]) -> Any:
    return job()


# -- the limit


@dataclass(frozen=True)
class Limit:
    """What psycopg sends, and where to."""

    city: City
    address: str
    life: Recorded
    claim: Recorded


def _recorded(city: City, address: str) -> Limit:
    """A life that goes through one seat and is called back at the next; and a claim that puts another back."""
    store = Store(city.url)
    first, second = (city.seats[number].at(store) for number in (0, 1))
    known = (*first.accounts, *second.accounts, *city.units, city.topic, city.region)
    one_unit = replace(city, units=(first.unit_id,))
    recorder = Recorder(store.engine, known)
    Life(one_unit, first, second.agent, Random(0), recorder).round()
    life = recorder.recorded
    store.dispose()

    store = Store(city.url)
    agent = city.seats[0].at(store).agent
    maker = Life(city, city.seats[0].at(store), agent, Random(0), _just)
    for _ in range(EACH):
        maker.intake()
    one = claims.take_next(agent, None, claims.DISPATCH)
    other = claims.take_next(agent, one, claims.DISPATCH)
    recorder = Recorder(store.engine, known)
    recorder(CLAIM, partial(claims.take_next, agent, other, claims.DISPATCH))
    recorder.recorded.fresh.update(map(str, (one, other)))
    recorder.recorded.orders = (str(one), str(other))
    store.dispose()
    return Limit(city, address, life, recorder.recorded)


def _own(city: City, number: int) -> Keys:
    """The accounts and the unit of the recorded seats to those of this one."""
    pairs = [
        pair
        for place in (0, 1)
        for pair in zip(
            city.seats[place].accounts, city.seats[(number + place) % len(city.seats)].accounts, strict=True
        )
    ]
    return {str(old): str(new) for old, new in (*pairs, (city.seats[0].unit_id, city.seats[number].unit_id))}


def _replay(limit: Limit, number: int, ready: Callable[[], float]) -> Told:
    told = Told()
    replay = Replay(limit.address, limit.life, _own(limit.city, number), told)
    replay.life(inf)
    told.times.clear()
    ends = ready()
    try:
        while True:
            replay.life(ends)
    except Over:
        replay.close()
    return told


def _replay_claims(limit: Limit, number: int, ready: Callable[[], float]) -> Told:
    own, told = _own(limit.city, number), Told()
    maker = Replay(limit.address, limit.life, own, Told())
    orders = [maker.life(inf, ("intake",))[limit.life.orders[0]] for _ in range(EACH)]
    maker.close()
    replay = Replay(limit.address, limit.claim, own, told)
    ends = ready()
    try:
        while True:
            replay.life(ends, keys={**own, **dict(zip(limit.claim.orders, orders, strict=True))})
            orders.reverse()
    except Over:
        replay.close()
    return told


if __name__ == "__main__":
    sys.exit(run("seats", measure))
