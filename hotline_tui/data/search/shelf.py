"""A volume in use: what of it still counts, and the scores of the query that grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.hubs import without
from hotline_tui.data.search.precedents import Remembering
from hotline_tui.data.search.ranking import AS_NAMED, SCALE, Query, Ranking, best
from hotline_tui.data.search.together import Held
from hotline_tui.data.search.volume import Volume

TOGETHER = 0.25
"""What is added to the cosine of an article that holds all that was meant, where that is sure."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are asked for, besides the words."""

    day: date | None = None
    """In force on this Shanghai day; None for those of every state."""
    unit: UUID | None = None
    topics: frozenset[UUID] | None = None
    """Only those of one of these."""
    preferred: frozenset[UUID] = frozenset()
    """Those of one of these before others that fit as well."""


_Masks = tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.bool_]]
"""Which documents are asked for, the numbers of the others, and which are preferred."""
_UNMASKED: tuple[None, _Masks] = (None, (np.empty(0, np.bool_), np.empty(0, np.int64), np.empty(0, np.bool_)))


class Shelf:
    """Not safe to use from several threads at once."""

    def __init__(self, volume: Volume) -> None:
        self.volume = volume
        self.live = np.ones(len(volume), np.bool_)
        self._ranking = Ranking(volume.segment)
        self._remembering = Remembering(volume.precedents)
        self._masked: tuple[Wanted | None, _Masks] = _UNMASKED

    def forget(self, keys: Iterable[UUID]) -> None:
        """These are answered from elsewhere."""
        halves = self.volume.keys.view(np.dtype(">u8")) if len(self.volume) else self.volume.keys
        for key in keys if len(self.volume) else ():
            high, low = divmod(key.int, 1 << 64)
            self.live[(halves[:, 0] == high) & (halves[:, 1] == low)] = False
        self._masked = _UNMASKED

    def find(
        self,
        query: Query,
        wanted: Wanted,
        limit: int,
        lift: float,
        *,
        together: Iterable[Held] = (),
        named: Iterable[int] = (),
    ) -> list[tuple[int, int]]:
        """Score and number of the best, more than `limit` where they are equal; those preferred count `lift` times.

        `together`: where what was meant stands together; `named`: terms that go before everything else.
        """
        if not len(self.volume):
            return []
        allowed, outside, preferred = self._masks(wanted)
        scores = self._ranking.ask(query)
        hubs = self.volume.hubs
        scores = without(scores, hubs, query.length) if len(hubs) else scores.copy()
        if len(self.volume.precedents.holders):
            self._remembering.add(query, scores)
        scores[outside] = 0
        for held in together:
            here = allowed[held.documents]
            more = TOGETHER * SCALE * query.length * held.parts[here]
            scores[held.documents[here]] += more.astype(np.int32)
        if wanted.preferred:
            scores[preferred] = (scores[preferred] * lift).astype(np.int32)
        for term in named:
            holders = self.volume.segment.holding(term)
            scores[holders[allowed[holders]]] += AS_NAMED
        return [(int(scores[number]), int(number)) for number in best(scores, limit)]

    def _masks(self, wanted: Wanted) -> _Masks:
        if self._masked[0] != wanted:
            volume = self.volume
            allowed = self.live.copy()
            if wanted.day is not None:
                allowed &= volume.in_force(wanted.day)
            if wanted.unit is not None:
                allowed &= volume.of_unit(wanted.unit)
            if wanted.topics is not None:
                allowed &= volume.on_topics(wanted.topics)
            self._masked = wanted, (allowed, np.flatnonzero(~allowed), volume.on_topics(wanted.preferred))
        return self._masked[1]
