"""An index as arrays of whole numbers: which terms each document holds, and how much each counts there.

The weight of a term in a document is its part of the document's vector, (1 + ln tf) * idf with a length of one, in
steps of 1/400: the score of a document is then the cosine of the angle between query and document, and the same order
on every machine. Texts of one kind make a space of their own with its own length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

STEPS = 400
"""Of a weight between 0 and 1; what counts more than 255 of them counts as 255."""

Ints = NDArray[np.int32]


class Space(IntEnum):
    """Kinds of terms that are weighed apart from each other."""

    TEXT = 0
    SINGLE = 1
    SPELLING = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of one space and how often each is counted: a word in a title counts more than one in the answer."""

    space: Space
    terms: Sequence[int]
    weight: int = 1


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


def build(documents: Iterable[Iterable[Terms]], background: Segment | None = None) -> Segment:
    """A segment of these documents, one after another; `background`: which terms are rare is told by this one."""
    counted = _Counted()
    many = 0
    for number, texts in enumerate(documents):
        many = number + 1
        for each in texts:
            counted.add(number, each)
    term, document, space, often = counted.summed()
    if not len(term):
        return Segment(many, EMPTY.terms, EMPTY.starts, EMPTY.holders, EMPTY.weights)
    first = np.flatnonzero(np.r_[True, term[1:] != term[:-1]])
    terms, starts = term[first], np.r_[first, len(term)]
    bare = Segment(many, terms, starts, document, np.empty(0, np.uint8))
    rarity = (background or bare).rarity(terms)
    parts = (1 + np.log(often)) * np.repeat(rarity, np.diff(starts))
    lengths = np.sqrt(np.bincount(document * len(Space) + space, parts**2, many * len(Space)))
    weights = np.rint(STEPS * parts / lengths[document * len(Space) + space])
    return Segment(many, terms, starts, document, np.clip(weights, 1, 255).astype(np.uint8))


class _Counted:
    """Every occurrence, a batch at a time as arrays; summed, each term of each document stands once."""

    BATCH = 2_000_000

    def __init__(self) -> None:
        self._batches: list[tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.float32]]] = []
        self._terms: list[int] = []
        self._keys: list[int] = []
        self._sizes: list[int] = []
        self._counts: list[int] = []

    def add(self, document: int, each: Terms) -> None:
        self._terms += each.terms
        self._keys.append(document * len(Space) + each.space)
        self._sizes.append(len(each.terms))
        self._counts.append(each.weight)
        if len(self._terms) >= self.BATCH:
            self._close()

    def _close(self) -> None:
        if not self._terms:
            return
        term = np.array(self._terms, np.uint64)
        key = np.repeat(np.array(self._keys, np.int64), self._sizes)
        count = np.repeat(np.array(self._counts, np.float32), self._sizes)
        self._batches.append(_summed(term, key, count))
        self._terms, self._keys, self._sizes, self._counts = [], [], [], []

    def summed(self) -> tuple[NDArray[np.uint64], Ints, Ints, NDArray[np.float32]]:
        """Term, document, space and count, by term and document."""
        self._close()
        if not self._batches:
            none = np.empty(0, np.int32)
            return np.empty(0, np.uint64), none, none, np.empty(0, np.float32)
        term = np.concatenate([each[0] for each in self._batches])
        key = np.concatenate([each[1] for each in self._batches])
        count = np.concatenate([each[2] for each in self._batches])
        self._batches = []
        term, key, count = _summed(term, key, count)
        document, space = np.divmod(key, len(Space))
        return term, document.astype(np.int32), space.astype(np.int32), count


def _summed(
    term: NDArray[np.uint64], key: NDArray[np.int64], count: NDArray[np.float32]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.float32]]:
    order = np.lexsort((key, term))
    term, key, count = term[order], key[order], count[order]
    first = np.flatnonzero(np.r_[True, (term[1:] != term[:-1]) | (key[1:] != key[:-1])])
    return term[first], key[first], np.add.reduceat(count, first)
