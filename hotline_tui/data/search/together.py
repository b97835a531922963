"""Pieces of characters that one article holds: they are meant sooner than pieces that merely fit what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.segment import STEPS, Segment
from hotline_tui.data.search.tokens import pair

_DOCUMENTS = 250_000
"""Of the pieces that are kept from key to key: 8 bytes each."""
_PAIRS = 64
"""Lists of pairs that are kept."""
_BESIDE = 4
"""Pairs that are named of a list."""
_FREQUENT = 500
"""What stands in more documents tells nothing of the others there; it is among the frequent ones anyway."""


class Held(NamedTuple):
    """Documents of a segment, ascending, and how much of each is what was asked for, by its weights there."""

    documents: NDArray[np.int32]
    parts: NDArray[np.float64]


class _Postings(NamedTuple):
    """Of several terms, one after another."""

    holders: NDArray[np.int32]
    numbers: NDArray[np.int64]
    """Whose each is."""
    lengths: NDArray[np.int64]


NOWHERE = Held(np.empty(0, np.int32), np.empty(0, np.float64))


class Together:
    """Asked of some segments, one after another. Not safe to use from several threads at once."""

    def __init__(self, segments: Sequence[Segment], background: Segment) -> None:
        """`background`: which terms are rare was told by this one."""
        self._segments = segments
        self._background = background
        self._known: dict[str, list[Held]] = {}
        self._kept = 0
        self._pairs: dict[tuple[str, ...], list[_Postings]] = {}
        self.documents = sum(each.documents for each in segments)

    def holding(self, pieces: Sequence[str]) -> list[Held]:
        """Of each segment the documents that hold all of these."""
        return [_all_of(held, np.multiply) for held in zip(*map(self._of, pieces), strict=True)]

    def beside(self, piece: str, pairs: tuple[str, ...]) -> list[str]:
        """Those of these pairs of signs that stand beside the piece in articles, and seldom elsewhere, first."""
        if not pairs:
            return []
        here, anywhere = np.zeros(len(pairs), np.int64), np.ones(len(pairs), np.int64)
        for segment, held, postings in zip(self._segments, self._of(piece), self._postings(pairs), strict=True):
            if len(held.documents):
                holds = np.zeros(segment.documents, np.bool_)
                holds[held.documents] = True
                here += np.bincount(postings.numbers[holds[postings.holders]], minlength=len(pairs))
            anywhere += postings.lengths
        order = np.argsort(-here / anywhere, kind="stable")[:_BESIDE]
        return [pairs[number] for number in order.tolist() if here[number]]

    def _postings(self, pairs: tuple[str, ...]) -> list[_Postings]:
        if pairs not in self._pairs:
            if len(self._pairs) >= _PAIRS:
                self._pairs.clear()
            terms = np.array([pair(*two) for two in pairs], np.uint64)
            self._pairs[pairs] = [_postings(segment, terms) for segment in self._segments]
        return self._pairs[pairs]

    def _of(self, piece: str) -> list[Held]:
        if piece not in self._known:
            if self._kept >= _DOCUMENTS:
                self._known.clear()
                self._kept = 0
            terms = np.array([pair(*two) for two in pairwise(piece)] or [ord(piece)], np.uint64)
            rarity = self._background.rarity(terms).tolist()
            held = [_of_segment(segment, terms, rarity) for segment in self._segments]
            self._known[piece] = held
            self._kept += 1 + sum(len(each.documents) for each in held)
        return self._known[piece]


def _postings(segment: Segment, terms: NDArray[np.uint64]) -> _Postings:
    places = segment.find(terms)
    lengths = np.where(places >= 0, segment.starts[places + 1] - segment.starts[places], 0)
    lengths[lengths > _FREQUENT] = 0
    begins = np.where(places >= 0, segment.starts[places], 0)
    spans = [
        segment.holders[begin : begin + length] for begin, length in zip(begins.tolist(), lengths.tolist(), strict=True)
    ]
    return _Postings(np.concatenate(spans), np.repeat(np.arange(len(terms)), lengths), lengths)


def _of_segment(segment: Segment, terms: NDArray[np.uint64], rarity: Sequence[float]) -> Held:
    """As if a text that holds all pairs of a piece held the piece."""
    places = segment.find(terms).tolist() if segment.documents else [-1]
    if min(places) < 0:
        return NOWHERE
    postings: list[Held] = []
    for place, rare in zip(places, rarity, strict=True):
        span = slice(*segment.starts[place : place + 2].tolist())
        postings.append(Held(segment.holders[span], segment.weights[span].astype(np.float64) / (STEPS * rare)))
    return _all_of(postings, np.minimum)


def _all_of(held: Sequence[Held], of: Callable[..., Any]) -> Held:
    """What stands in all of them, the fewest first."""
    if len(held) == 1:
        return held[0]
    found, *others = sorted(held, key=lambda each: len(each.documents))
    for other in others:
        if not len(found.documents):
            return NOWHERE
        places = np.minimum(np.searchsorted(other.documents, found.documents), len(other.documents) - 1)
        here = other.documents[places] == found.documents
        found = Held(found.documents[here], of(found.parts[here], other.parts[places[here]]))
    return found
