"""One matrix of whole numbers, terms by labels: how much each term of a matter speaks for each topic or unit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.suggest.terms import HEADING, Counted

TITLE = 0.7
"""What the heading weighs beside the whole text, each having a length of one."""
POWER = 0.9
"""Of how often a term stands in the text."""
STEPS = 1 << 15
"""Of a term's part of the text, so that sums are of whole numbers: the same on every machine."""
LIMIT = 32_000
"""Of a weight."""

Weights = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """Immutable; may lie in a mapped file."""

    labels: tuple[UUID, ...]
    terms: NDArray[np.uint64]
    """Ascending."""
    rarity: NDArray[np.float32]
    weights: Weights
    """Terms by labels."""
    bias: NDArray[np.float32]
    unit: float
    """What a weight of one is worth."""

    def scores(self, matter: Counted) -> NDArray[np.float64]:
        """How well each label fits."""
        rows, parts = self._parts(matter)
        sums = (parts[:, None] * self.weights[rows].astype(np.int64)).sum(0)
        return sums * (self.unit / STEPS) + self.bias

    def reasons(self, matter: Counted, label: int) -> dict[int, float]:
        """The terms that speak for this label, and how much more than for the others."""
        rows, parts = self._parts(matter)
        weights = self.weights[rows].astype(np.int64)
        more = parts * (weights[:, label] * weights.shape[1] - weights.sum(1))
        return {int(self.terms[rows[at]]): float(more[at]) for at in np.flatnonzero(more > 0)}

    def _parts(self, matter: Counted) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the known terms, and each one's part of the text."""
        if not len(self.terms) or not len(matter.terms):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        places = np.minimum(np.searchsorted(self.terms, matter.terms), len(self.terms) - 1)
        known = self.terms[places] == matter.terms
        rows = places[known]
        parts = parts_of(Counted(matter.terms[known], matter.counts[known]), self.rarity[rows])
        return rows, np.rint(parts * STEPS).astype(np.int64)


def parts_of(matter: Counted, rarity: NDArray[np.float32]) -> NDArray[np.float64]:
    """How much of the text each term is, the rare ones more; the heading beside the whole."""
    parts = matter.counts**POWER * rarity
    edge = int(np.searchsorted(matter.terms, HEADING))
    for side, weight in ((slice(None, edge), 1.0), (slice(edge, None), TITLE)):
        length = float(np.sqrt((parts[side] ** 2).sum())) or 1.0
        parts[side] *= weight / length
    return parts


def whole(weights: NDArray[np.float64]) -> tuple[Weights, float]:
    """Weights as whole numbers, and what a weight of one is worth."""
    unit = float(np.abs(weights).max(initial=0.0)) / LIMIT or 1.0
    return np.rint(weights / unit).astype(np.int16), unit


def rarity(holders: NDArray[np.int64], texts: int) -> NDArray[np.float32]:
    """ln((1 + N) / (1 + df)) + 1 of terms that so many of the texts hold."""
    return (np.log((1 + texts) / (1 + holders)) + 1).astype(np.float32)
