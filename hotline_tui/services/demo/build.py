"""Builds the demonstration city, or takes out the copy of the one that was built for this day before."""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event

from hotline_tui.data import reference
from hotline_tui.data.migrate import upgrade
from hotline_tui.data.seal import seal
from hotline_tui.data.store import Store
from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.deadlines import SHANGHAI, shanghai_day
from hotline_tui.rules.words import Role
from hotline_tui.services.demo import cache
from hotline_tui.services.demo.city import City, found, seats
from hotline_tui.services.demo.clock import Days, MovingClock
from hotline_tui.services.demo.life import Life, Teller
from hotline_tui.services.demo.matters import Pools
from hotline_tui.services.demo.occasions import Occasions
from hotline_tui.services.demo.plan import Planner
from hotline_tui.settings import Settings

T = TypeVar("T")
FOUNDED = timedelta(days=150)
"""So long before its day the city was set up."""


def build(settings: Settings, day: date | None = None, until: datetime | None = None) -> dict[Role, UUID]:
    """Fill the empty database of `settings`; returns whose desk shows each role.

    The same day (of Shanghai, default today) gives the same numbers, states and deadlines. The city stands as at
    midnight, before the first call of that day, unless `until` (aware) names a later moment.
    """
    day = day or _asked(settings, lambda store: shanghai_day(store.now()))
    if until is None and cache.take(settings, day):
        return _asked(settings, seats)
    upgrade(settings.database_url, settings.database_key)
    store = Store(settings.database_url, settings.database_key)
    _without_waiting(store)
    gc.disable()  # looking for garbage would take a seventh of the time
    try:
        _tell(store, settings, day, until or datetime.combine(day, time(), SHANGHAI))
    finally:
        gc.enable()
        store.dispose()
    if until is None:
        cache.keep(settings, day)
    return _asked(settings, seats)


def _tell(store: Store, settings: Settings, day: date, until: datetime) -> None:
    """Everything that happens, in the order of time."""
    until = until.astimezone(UTC)
    clock = MovingClock(datetime.combine(day, time(9), SHANGHAI).astimezone(UTC) - FOUNDED)
    city = found(store, replace(settings, city=reference.demo("site")["city"]["name"]), clock, _days(day))
    chance = Random(f"12345 {day.isoformat()}")  # noqa: S311 - the same city for everybody on the same day
    pools = Pools(city, chance)
    planner, teller = Planner(pools, chance), Teller(pools)
    plans = planner.plans()
    lives = [teller.live(plan) for plan in plans]
    lives += [teller.refuse(plan, call, earlier) for plan, call, earlier in planner.refused(plans)]
    lives += [teller.merge(plan, living) for plan, living in planner.merged(plans)]
    lives += Occasions(teller, planner).lives()
    _run(city, lives, until)
    for site in reference.demo("site")["site"]:
        seal(store, site["code"], thorough=True)


def _run(city: City, lives: Iterable[Life], until: datetime) -> None:
    """Resume each life at its moments, the earliest first; what would come after `until` does not happen."""
    waiting: list[tuple[datetime, int, Life]] = []
    for number, life in enumerate(lives):
        heapq.heappush(waiting, (next(life), number, life))
    while waiting and waiting[0][0] <= until:
        city.clock.now, number, life = heapq.heappop(waiting)
        following = next(life, None)
        if following is not None:
            heapq.heappush(waiting, (max(following, city.clock.now + timedelta(seconds=20)), number, life))
    for _, _, life in waiting:
        life.close()


def _days(day: date) -> Days:
    return Days(WorkingCalendar(), day)


def _asked(settings: Settings, question: Callable[[Store], T]) -> T:
    store = Store(settings.database_url, settings.database_key)
    try:
        return question(store)
    finally:
        store.dispose()


def _without_waiting(store: Store) -> None:
    """Nothing in a throw-away city must survive a power cut."""
    if store.is_sqlite:

        @event.listens_for(store.engine, "connect")
        def hurry(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]
            connection.execute("PRAGMA synchronous=OFF")

        return

    @event.listens_for(store.engine, "begin")
    def hurry_there(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
