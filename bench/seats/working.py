"""Seats as processes: each on a store of its own, all beginning at once, until the time is over."""

from __future__ import annotations

import gc
import multiprocessing
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from time import monotonic, perf_counter, process_time
from typing import Any

from hotline_tui.data.store import Store
from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused, StorageError

READY_SECONDS = 600.0
CLAIM = "claim"


@dataclass
class Told:
    """What one seat, or all of them, were told."""

    times: dict[str, list[float]] = field(default_factory=partial(defaultdict[str, list[float]], list))
    """Seconds of each action that was done."""
    lost_races: Counter[str] = field(default_factory=Counter[str])
    """Somebody was quicker."""
    idle: Counter[str] = field(default_factory=Counter[str])
    """There was nothing to do."""
    beside: Counter[str] = field(default_factory=Counter[str])
    """Done before the clock ran."""
    seconds: float = 0.0
    """From the beginning until no more was begun."""
    cpu: float = 0.0
    """Seconds of the processor that the seats used meanwhile, without the server."""
    tries: int = 0
    """Attempts that failed and were made again."""
    failed: list[str] = field(default_factory=list[str])
    """Sentences of the database that were given in the end."""

    @property
    def done(self) -> int:
        """Actions."""
        return sum(map(len, self.times.values()))

    @property
    def rate(self) -> float:
        """Actions in a second."""
        return self.done / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Of a seat's processor for an action."""
        return self.cpu / max(1, self.done) * 1e3

    def counts(self) -> Counter[str]:
        """How many of each."""
        return Counter({name: len(times) for name, times in self.times.items()}) + self.beside

    def add(self, other: Told) -> None:
        """Together."""
        for name, times in other.times.items():
            self.times[name].extend(times)
        self.lost_races.update(other.lost_races)
        self.idle.update(other.idle)
        self.beside.update(other.beside)
        self.tries += other.tries
        self.cpu += other.cpu
        self.failed += other.failed


class Over(Exception):
    """The time is."""


@dataclass
class Doing:
    """Does actions patiently and notes how long each took, until the time is over."""

    store: Store
    told: Told
    ends: float

    def __call__(self, name: str, job: Callable[[], Any]) -> Any:
        """What came of it; None where there was nothing to do, or somebody was quicker. Raises Over."""
        if monotonic() >= self.ends:
            raise Over
        began = perf_counter()
        try:
            result = self.store.patiently(job, tell=self._again)
        except (Conflict, NotAllowed, NotFound, Refused):
            self.told.lost_races[name] += 1
        except StorageError as error:
            self.told.failed.append(str(error))
        else:
            if result is not None:
                self.told.times[name].append(perf_counter() - began)
                return result
            self.told.idle[name] += 1
        return None

    def _again(self) -> None:
        self.told.tries += 1


Work = Callable[[int, Callable[[], float]], Told]
"""What a seat of this number does; it makes ready, then asks until when."""


def at_once(seats: Sequence[int], work: Work, seconds: float) -> Told:
    """All of them.

    Forked from here: what is imported is in memory once, and no connection is open that two would use.
    """
    forks = multiprocessing.get_context("fork")
    gate: Barrier = forks.Barrier(len(seats) + 1)
    gc.collect()
    gc.freeze()
    lines: list[Any] = []
    for number in seats:
        ours, theirs = forks.Pipe(duplex=False)
        forks.Process(target=_seat, args=(number, work, gate, seconds, theirs), daemon=True).start()
        theirs.close()
        lines.append(ours)
    gate.wait(READY_SECONDS)
    together = Told(seconds=seconds)
    for line in lines:
        together.add(line.recv())
    gc.unfreeze()
    return together


def _seat(number: int, work: Work, gate: Barrier, seconds: float, line: Connection) -> None:
    began = 0.0

    def ready() -> float:
        nonlocal began
        gate.wait(READY_SECONDS)
        began = process_time()
        return monotonic() + seconds

    told = work(number, ready)
    told.cpu = process_time() - began
    line.send(told)
