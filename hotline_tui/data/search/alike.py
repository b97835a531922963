"""Which orders of late are about the same matter: an index in memory, of what one viewer may see and nothing else.

It is made when it is first asked and thrown away when somebody else asks. What was done to an order a moment ago, at
whatever seat, is taken in before each search; the database says what of that which is found may be shown.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from hotline_tui.data.search.gathered import NOTHING, SUBJECT, Gathered, gather
from hotline_tui.data.search.grams import THREES, signs
from hotline_tui.data.search.matters import DAYS, TEXT, Likeness, Matter, Told, latest, touched
from hotline_tui.data.search.ranking import Query, Ranking, best
from hotline_tui.data.search.segment import STEPS
from hotline_tui.data.search.tokens import pair as code_of
from hotline_tui.models.columns import new_id
from hotline_tui.rules.secrecy import Viewer

MOST = 20_000
"""The latest orders that are compared."""
AT_ONCE = 1500
"""So many of them, the newest, before the first answer; the others are taken in by `complete`."""
CHANGED = 300
"""So many changed orders, and the index is to be made anew."""
OVERLAP = timedelta(minutes=2)
"""Events so much older than the last look are looked at again: another seat may have been slower to write them."""
LEAST_PAIRS = 3


class AlikeIndex:
    """Safe to use from several threads; not in the UI thread."""

    def __init__(self, days: int = DAYS) -> None:
        """Of orders that came in so many days."""
        self.days = days
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._held: _Held | None = None
        self._closed = False

    def __len__(self) -> int:
        held = self._held
        return 0 if held is None else held.many

    @property
    def wanting(self) -> bool:
        """Whether `complete` has something to do."""
        held = self._held
        return held is None or not held.whole or len(held.side) > CHANGED

    def refresh(self, session: Session, viewer: Viewer, now: datetime) -> None:
        """Take in what was done since the last time; for another viewer begin anew. Raises StorageError."""
        with self._lock:
            held, since, look = self._held, now - timedelta(days=self.days), _moment()
            if held is None or held.viewer != viewer:
                newest = list(latest(session, viewer, since, AT_ONCE + 1))
                self._held = _Held(viewer, gather(newest[:AT_ONCE]), look, whole=len(newest) <= AT_ONCE)
                return
            changed = touched(session, viewer, since, held.looked, CHANGED + 1)
            held.take(changed)
            held.looked = look

    def close(self) -> None:
        """The program ends: what is being made need not be."""
        self._closed = True

    def complete(self, session: Session, viewer: Viewer, now: datetime) -> bool:
        """Make it of all; False where another thread is at it or it is of no use. Takes seconds, hinders no search."""
        if not self._making.acquire(blocking=False):
            return False
        try:
            look = _moment()
            every = latest(session, viewer, now - timedelta(days=self.days), MOST)
            main = gather(takewhile(lambda _: not self._closed, every))
            with self._lock:
                taken = not self._closed and (self._held is None or self._held.viewer == viewer)
                if taken:
                    self._held = _Held(viewer, main, look, whole=True)
            return taken
        finally:
            self._making.release()

    def find(self, told: Told, since: datetime, limit: int, also: Collection[UUID] = ()) -> list[Likeness]:
        """The likest that came after `since`, best first, and `also` these, whatever they are like."""
        with self._lock:
            return [] if self._held is None else self._held.find(told, since.timestamp(), limit, also)

    def rarity(self, pairs: Iterable[str]) -> tuple[dict[str, float | None], int]:
        """How much each pair of signs tells, None of one that no order holds; and how many orders there are."""
        with self._lock:
            return ({}, 0) if self._held is None else self._held.rarity(pairs)

    def copies(self, mark: int, since: datetime) -> list[UUID]:
        """All of this text that came after `since`, about the newest first."""
        with self._lock:
            shelves = self._held.shelves if self._held is not None else []
            return [key for shelf in reversed(shelves) for key in shelf.copies(mark, since.timestamp())]

    def forget(self, keys: Iterable[UUID]) -> None:
        """The database says that these are not to be shown: they count no more, until they change."""
        with self._lock:
            if self._held is not None:
                self._held.forget(keys)


class _Shelf:
    """A part of the index in use."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self.live = np.ones(len(gathered), np.bool_)
        self._worth = gathered.worth
        self._ranking = Ranking(gathered.segment)

    def __len__(self) -> int:
        return len(self.gathered)

    def forget(self, key: UUID) -> None:
        if (place := self.gathered.place(key)) is not None:
            self.live[place] = False

    def recall(self, key: UUID) -> None:
        if (place := self.gathered.place(key)) is not None:
            self.live[place] = True

    def scores(self, query: Query, since: float) -> NDArray[np.int32]:
        scores = self._ranking.ask(query) * self._worth
        scores[~self.live | (self.gathered.received < since)] = 0
        return scores.astype(np.int32)

    def copies(self, mark: int, since: float) -> list[UUID]:
        same = self.live & (self.gathered.copies == mark) & (self.gathered.received >= since)
        return [self.gathered.key(int(number)) for number in np.flatnonzero(same)]


@dataclass(slots=True)
class _Held:
    """Of one viewer: a large part, and a small one of what changed since."""

    viewer: Viewer
    main: Gathered
    looked: UUID
    """Later events have not been looked at."""
    whole: bool
    shelves: list[_Shelf] = field(default_factory=list[_Shelf])
    side: dict[UUID, Matter] = field(default_factory=dict[UUID, Matter])

    def __post_init__(self) -> None:
        self.shelves = [_Shelf(self.main), _Shelf(NOTHING)]

    @property
    def many(self) -> int:
        return sum(int(np.count_nonzero(shelf.live)) for shelf in self.shelves)

    def take(self, changed: Iterable[Matter]) -> None:
        new: dict[UUID, Matter] = {}
        for each in changed:
            if self._differs(each):
                new[each.id] = each
            elif each.id not in self.side:
                self.shelves[0].recall(each.id)
        if not new:
            return
        self.side |= new
        for key in new:
            self.shelves[0].forget(key)
        # What was forgotten of the small part is asked of the database again, and forgotten again.
        self.shelves[1] = _Shelf(gather(self.side.values(), self.main if len(self.main) else None))

    def _differs(self, each: Matter) -> bool:
        if each.id in self.side:
            return self.side[each.id].stamp != each.stamp
        place = self.main.place(each.id)
        return place is None or int(self.main.stamps[place]) != each.stamp

    def forget(self, keys: Iterable[UUID]) -> None:
        for key in keys:
            for shelf in self.shelves:
                shelf.forget(key)

    def find(self, told: Told, since: float, limit: int, also: Collection[UUID]) -> list[Likeness]:
        query = _asked(told, (self.main if len(self.main) else self.shelves[1].gathered))
        if query is None:
            return [Likeness(key, 0.0, self._mark(key)) for key in also]
        # What no order holds was told all the same: one word in common is no likeness.
        whole = STEPS * float(np.linalg.norm(query.weights)) or 1.0
        found: dict[UUID, Likeness] = {}
        for shelf in self.shelves:
            if not len(shelf):
                continue
            scores = shelf.scores(query, since)
            wanted = {place for key in also if (place := shelf.gathered.place(key)) is not None and shelf.live[place]}
            for number in {*best(scores, limit).tolist(), *wanted}:
                score, key = float(scores[number]) / whole, shelf.gathered.key(number)
                found[key] = Likeness(key, score, int(shelf.gathered.copies[number]))
        for key in also:
            found.setdefault(key, Likeness(key, 0.0))
        ranked = sorted(found.values(), key=lambda each: (-each.score, -each.order_id.int))
        return [each for place, each in enumerate(ranked) if place < limit or each.order_id in also]

    def rarity(self, pairs: Iterable[str]) -> tuple[dict[str, float | None], int]:
        every = tuple(pairs)
        terms = np.fromiter((code_of(*pair) for pair in every), np.uint64, len(every))
        segments = [shelf.gathered.segment for shelf in self.shelves]
        background = segments[0 if len(self.main) else 1]
        known = np.any([segment.find(terms) >= 0 for segment in segments], axis=0)
        rarity = background.rarity(terms)
        told = zip(every, rarity.tolist(), known.tolist(), strict=True)
        return {pair: rare if is_known else None for pair, rare, is_known in told}, background.documents

    def _mark(self, key: UUID) -> int | None:
        places = ((shelf, shelf.gathered.place(key)) for shelf in self.shelves)
        return next((int(shelf.gathered.copies[place]) for shelf, place in places if place is not None), None)


def _asked(told: Told, background: Gathered) -> Query | None:
    """What is asked for; None where too little was told."""
    terms, numbers = signs([told.text[:TEXT], told.subject]).grams()
    if np.count_nonzero(terms < THREES) < LEAST_PAIRS:
        return None
    often = np.where(numbers == 1, SUBJECT, 1)
    return Query(np.repeat(terms, often).tolist(), background.segment)


def _moment() -> UUID:
    """An event of now would have a later id, but for the overlap."""
    return UUID(int=max(0, new_id().int - (int(OVERLAP.total_seconds() * 1000) << 80)))
