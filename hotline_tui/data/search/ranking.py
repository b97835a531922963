"""The documents of a segment in the order in which they answer a query, as it grows from key to key."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.segment import EMPTY, STEPS, Segment

QUERY_STEPS = 16
"""Of a term's weight in the query."""
SCALE = STEPS * QUERY_STEPS
"""A score is a cosine in these steps, times the length of the query."""
AS_NAMED = 1 << 24
"""More than any score: what a document gets that holds a word of letters as it was typed."""
NOTHING: Mapping[int, float] = MappingProxyType({})
_NEAR = 3
"""The best are mostly among those with more than a third of the highest score: few of many."""


class Query:
    """Terms with their weights: rare ones count more, repeated ones a little more."""

    def __init__(
        self,
        terms: Iterable[int],
        background: Segment,
        meant: Mapping[int, float] = NOTHING,
        *,
        beside: Segment = EMPTY,
    ) -> None:
        """`background`: which terms are rare is told by this one; `meant`: terms that may be, with how likely;
        `beside`: another segment that is asked too."""
        counted = Counter(terms)
        told = {term: 1 + math.log(often) for term, often in counted.items()}
        told |= {term: likely for term, likely in meant.items() if likely > told.get(term, 0)}
        self.terms = np.fromiter(told, np.uint64, len(told))
        self._background = background
        self._places = places = background.find(self.terms)
        weights = np.fromiter(told.values(), np.float64, len(told)) * background.rarity_at(places)
        self.weights = np.rint(QUERY_STEPS * weights).astype(np.int32)
        known = (places >= 0) | (beside.find(self.terms) >= 0)
        self.length = float(np.sqrt(np.sum(weights[known] ** 2))) or 1.0
        """Of the vector, as far as it is of terms that are known."""

    def places(self, segment: Segment) -> NDArray[np.int64]:
        """The place of each term in a segment, -1 of one that no document holds."""
        return self._places if segment is self._background else segment.find(self.terms)

    def told(self, score: int) -> float:
        """How well a document fits that has this score: 1 is all of it; a word as it was typed counts 2."""
        named, rest = divmod(score, AS_NAMED)
        return round(2 * named + rest / (SCALE * self.length), 3)


class Ranking:
    """Scores of one segment; of the next query only what differs from the last is added and taken away."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._scores = np.zeros(segment.documents, np.int32)
        self._asked: dict[int, int] = {}

    def ask(self, query: Query) -> NDArray[np.int32]:
        """The score of each document, to be read only, and only until the next query."""
        pairs = zip(query.places(self.segment).tolist(), query.weights.tolist(), strict=True)
        wanted = {place: weight for place, weight in pairs if place >= 0}
        changes = {place: weight - self._asked.get(place, 0) for place, weight in wanted.items()}
        changes |= {place: -weight for place, weight in self._asked.items() if place not in wanted}
        changes = {place: change for place, change in changes.items() if change}
        if self._cost(changes) > self._cost(wanted):
            self._scores[:] = 0
            changes = wanted
        starts, holders, weights = self.segment.starts, self.segment.holders, self.segment.weights
        for place, change in changes.items():
            begin, end = starts[place], starts[place + 1]
            # A document stands once among the holders of a term.
            self._scores[holders[begin:end]] += weights[begin:end] * np.int32(change)
        self._asked = wanted
        return self._scores

    def _cost(self, places: Iterable[int]) -> int:
        """How many postings they are."""
        starts = self.segment.starts
        return sum(int(starts[place + 1] - starts[place]) for place in places)


def best(scores: NDArray[np.int32], limit: int) -> NDArray[np.int64]:
    """The documents with the highest scores above zero, all of those equal to the last; in no order."""
    if not len(scores):
        return np.empty(0, np.int64)
    found = np.flatnonzero(scores > max(0, int(scores.max()) // _NEAR))
    if len(found) < limit:
        found = np.flatnonzero(scores > 0)
    if len(found) <= limit:
        return found
    among = scores[found]
    return found[among >= np.partition(among, len(among) - limit)[len(among) - limit]]
