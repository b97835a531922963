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

    def holds(self, term: int) -> bool:
        """Whether any document holds it."""
        return bool(self.find(np.array([term], np.uint64))[0] >= 0)

    def holding(self, term: int) -> NDArray[np.int32]:
        """The documents that hold it."""
        (place,) = self.find(np.array([term], np.uint64)).tolist()
        return self.holders[self.starts[place] : self.starts[place + 1]] if place >= 0 else self.holders[:0]

    def rarity(self, terms: NDArray[np.uint64]) -> NDArray[np.float64]:
        """How much each tells: ln((1 + N) / (1 + df)) + 1."""
        return self.rarity_at(self.find(terms))

    def rarity_at(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """The same of terms that were found there."""
        held = np.where(places >= 0, self.starts[places + 1] - self.starts[places], 0)
        return _rarity(self.documents, held)


EMPTY = Segment(0, np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.uint8))


def build(
    documents: Iterable[Iterable[Text]], background: Segment | None = None, *, known_only: bool = False
) -> Segment:
    """A segment of these documents, one after another; `background`: which terms are rare is told by this one.

    `known_only`: terms that the background does not hold are left out.
    """
    counting = Counting()
    for texts in documents:
        counting.add(texts)
    many = counting.documents
    squares = {space: np.zeros(many, np.float64) for space in Space}
    terms: list[NDArray[np.uint64]] = []
    held: list[NDArray[np.int64]] = []
    holders: list[NDArray[np.int32]] = []
    parts: list[tuple[Space, NDArray[np.float32]]] = []
    for found in counting.summed():
        each = found.where(background.find(found.terms) >= 0) if known_only and background else found
        begins = np.flatnonzero(np.r_[True, each.terms[1:] != each.terms[:-1]][: len(each.terms)])
        terms.append(each.terms[begins])
        held.append(np.diff(np.r_[begins, len(each.terms)]))
        rarity = _rarity(many, held[-1]) if background is None else background.rarity(terms[-1])
        part = ((1 + np.log(each.counts)) * np.repeat(rarity.astype(np.float32), held[-1])).astype(np.float32)
        squares[each.space] += np.bincount(each.documents, part**2, many)
        holders.append(each.documents)
        parts.append((each.space, part))
    if not terms:
        return Segment(many, EMPTY.terms, EMPTY.starts, EMPTY.holders, EMPTY.weights)
    steps = {space: STEPS / np.sqrt(np.maximum(each, 1e-9)) for space, each in squares.items()}
    weights = [
        np.clip(np.rint(part * steps[space][documents]), 1, 255).astype(np.uint8)
        for documents, (space, part) in zip(holders, parts, strict=True)
    ]
    starts = np.concatenate([[0], np.cumsum(np.concatenate(held))])
    return Segment(many, np.concatenate(terms), starts, np.concatenate(holders), np.concatenate(weights))


def _rarity(documents: int, held: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.log((1 + documents) / (1 + held)) + 1
