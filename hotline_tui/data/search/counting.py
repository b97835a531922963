"""How often each term stands in each document, counted for all of them by sorting whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.cutting import Cutter
from hotline_tui.data.search.tokens import SIGN_BITS

Terms = NDArray[np.uint64]
Ints = NDArray[np.int32]


class Space(IntEnum):
    """Kinds of terms that are weighed apart from each other."""

    TEXT = 0
    SINGLE = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a document is found by, and how often its terms are counted: a word in a title counts more."""

    space: Space
    text: str
    weight: int = 1


class Counted(NamedTuple):
    """Term, document and how often, by term and document, each pair once."""

    space: Space
    terms: Terms
    documents: Ints
    counts: NDArray[np.float32]

    def where(self, wanted: NDArray[np.bool_]) -> Counted:
        """Those of them."""
        return Counted(self.space, self.terms[wanted], self.documents[wanted], self.counts[wanted])


_RANK_BITS, _DOCUMENT_BITS, _KIND_BITS = 18, 26, 2
"""Of two signs, their document and the weight of its text: together 64, so that one sort counts them."""
_PART = 2_000_000
_OWNER_BITS = _DOCUMENT_BITS + _KIND_BITS
_RANGES = (
    range(48, 58),
    range(97, 123),
    range(0x3007, 0x3008),
    range(0x3400, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x40000),
)
"""Every sign of `tokens`: its place among them needs fewer bits than itself."""


class Counting:
    """Takes in documents one after another; `summed` gives what they hold."""

    BATCH = 1_000_000
    """Characters that are cut at once."""

    def __init__(self) -> None:
        self._cutter = Cutter()
        self.documents = 0
        self._kinds: dict[int, int] = {}
        self._texts: dict[Space, list[str]] = {space: [] for space in Space}
        self._owners: dict[Space, list[int]] = {space: [] for space in Space}
        self._waiting = 0
        self._pairs: list[Terms] = []
        self._singles: list[Terms] = []
        self._words: list[tuple[Terms, Terms]] = []

    def add(self, texts: Iterable[Text]) -> None:
        """The next document."""
        for each in texts:
            if each.text:
                self._texts[each.space].append(each.text)
                kind = self._kinds.setdefault(each.weight, len(self._kinds))
                self._owners[each.space].append(self.documents << _KIND_BITS | kind)
                self._waiting += len(each.text)
        self.documents += 1
        if self._waiting >= self.BATCH:
            self._cut()

    def summed(self) -> Iterator[Counted]:
        """Terms as they ascend, no term in two parts; to be asked once."""
        self._cut()
        for keys in _parts(_joined(self._singles)):
            ranks, documents, counts = self._of(keys)
            yield Counted(Space.SINGLE, _of_rank(ranks), documents, counts)
        for keys in _parts(_joined(self._pairs)):
            ranks, documents, counts = self._of(keys)
            first, second = ranks >> np.uint64(_RANK_BITS), ranks & np.uint64((1 << _RANK_BITS) - 1)
            yield Counted(Space.TEXT, _of_rank(first) << np.uint64(SIGN_BITS) | _of_rank(second), documents, counts)
        if self._words:
            yield Counted(Space.TEXT, *self._of_words())

    def _cut(self) -> None:
        if not self._waiting:
            return
        for space, texts in self._texts.items():
            signs = self._cutter.signs(texts)
            owners = np.array(self._owners[space], np.uint64)
            ranks = _ranks()[signs.codes].astype(np.uint64)
            if space is Space.TEXT:
                places = signs.pairs()
                self._pairs.append(
                    (ranks[places] << np.uint64(_RANK_BITS) | ranks[places + 1]) << np.uint64(_OWNER_BITS)
                    | owners[signs.texts[places]]
                )
                words, of = signs.words()
                self._words.append((words, owners[of]))
            else:
                places = signs.alone()
                self._singles.append(ranks[places] << np.uint64(_OWNER_BITS) | owners[signs.texts[places]])
            texts.clear()
            self._owners[space].clear()
        self._waiting = 0

    def _of(self, keys: Terms) -> tuple[Terms, Ints, NDArray[np.float32]]:
        held = keys >> np.uint64(_KIND_BITS)
        first = _first(held)
        counts = _summed(self._weights()[(keys & np.uint64((1 << _KIND_BITS) - 1)).astype(np.intp)], first)
        held = held[first]
        documents = (held & np.uint64((1 << _DOCUMENT_BITS) - 1)).astype(np.int32)
        return held >> np.uint64(_DOCUMENT_BITS), documents, counts

    def _of_words(self) -> tuple[Terms, Ints, NDArray[np.float32]]:
        terms, owners = (np.concatenate(each) for each in zip(*self._words, strict=True))
        order = np.lexsort((owners, terms))
        terms, owners = terms[order], owners[order]
        documents = (owners >> np.uint64(_KIND_BITS)).astype(np.int32)
        first = _first(terms, documents)
        counts = _summed(self._weights()[(owners & np.uint64((1 << _KIND_BITS) - 1)).astype(np.intp)], first)
        return terms[first], documents[first], counts

    def _weights(self) -> NDArray[np.float32]:
        return np.array([*self._kinds], np.float32)


def _joined(batches: list[Terms]) -> Terms:
    """All of them, sorted; each is let go as soon as it was copied."""
    keys = np.empty(sum(map(len, batches)), np.uint64)
    end = len(keys)
    while batches:
        batch = batches.pop()
        keys[end - len(batch) : end] = batch
        end -= len(batch)
    keys.sort()
    return keys


def _parts(keys: Terms) -> Iterator[Terms]:
    """A part at a time, cut where another term begins."""
    begin = 0
    while begin < len(keys):
        end = begin + _PART
        if end < len(keys):
            term = int(keys[end]) >> _OWNER_BITS
            end = int(np.searchsorted(keys, np.uint64(term << _OWNER_BITS)))
            if end <= begin:
                end = int(np.searchsorted(keys, np.uint64((term + 1) << _OWNER_BITS)))
        yield keys[begin:end]
        begin = min(end, len(keys))


def _first(*columns: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Where another one begins."""
    changes = np.ones(len(columns[0]), np.bool_)
    if len(changes):
        np.logical_or.reduce([column[1:] != column[:-1] for column in columns], out=changes[1:])
    return changes


def _summed(counts: NDArray[np.float32], first: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.add.reduceat(counts, np.flatnonzero(first)) if len(counts) else counts


def _of_rank(ranks: Terms) -> Terms:
    return _signs()[ranks].astype(np.uint64)


@cache
def _signs() -> NDArray[np.uint32]:
    """Every sign that a term may have, ascending."""
    return np.concatenate([np.arange(each.start, each.stop, dtype=np.uint32) for each in _RANGES])


@cache
def _ranks() -> NDArray[np.uint32]:
    """The place of each sign among them."""
    ranks = np.zeros(_RANGES[-1].stop, np.uint32)
    ranks[_signs()] = np.arange(len(_signs()), dtype=np.uint32)
    return ranks
