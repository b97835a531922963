"""An index as arrays of whole numbers: which terms each document holds, and how much each counts there.

The weight of a term in a document is its part of the document's vector, (1 + ln tf) * idf with a length of one, in
steps of 1/400: the score of a document is then the cosine of the angle between query and document, and the same order
on every machine. Texts of one kind make a space of their own with its own length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.counting import Counting, Space, Text

STEPS = 400
"""Of a weight between 0 and 1; what counts more than 255 of them counts as 255."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Immutable. Documents are counted from 0; `terms` ascend, and the documents of each term."""

    documents: int
    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    """Where the postings of each term begin, and the end of the last."""
    holders: NDArray[np.int32]
    """The documents, term by term."""
    weights: NDArray[np.uint8]

    def find(self, terms: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The place of each term, -1 of one that no document holds."""
        if not len(self.terms):
            return np.full(len(terms), -1, np.int64)
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        return np.where(self.terms[places] == terms, places, -1)

    def rarity(self, terms: NDArray[np.uint64]) -> NDArray[np.float64]:
        """How much each tells: ln((1 + N) / (1 + df)) + 1."""
        places = self.find(terms)
        held = np.where(places >= 0, self.starts[places + 1] - self.starts[places], 0)
        return np.log((1 + self.documents) / (1 + held)) + 1


EMPTY = Segment(0, np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.uint8))


def build(documents: Iterable[Iterable[Text]], background: Segment | None = None) -> Segment:
    """A segment of these documents, one after another; `background`: which terms are rare is told by this one."""
    counting = Counting()
    for texts in documents:
        counting.add(texts)
    many, term, document, space, often = counting.summed()
    if not len(term):
        return Segment(many, EMPTY.terms, EMPTY.starts, EMPTY.holders, EMPTY.weights)
    first = np.flatnonzero(np.r_[True, term[1:] != term[:-1]])
    terms, starts = term[first], np.r_[first, len(term)]
    bare = Segment(many, terms, starts, document, np.empty(0, np.uint8))
    rarity = (background or bare).rarity(terms)
    parts = (1 + np.log(often)) * np.repeat(rarity, np.diff(starts))
    of = document * np.int64(len(Space)) + space
    lengths = np.sqrt(np.bincount(of, parts**2, many * len(Space)))
    weights = np.rint(STEPS * parts / lengths[of])
    return Segment(many, terms, starts, document, np.clip(weights, 1, 255).astype(np.uint8))
