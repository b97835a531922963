"""Matters as arrays: a segment of their pairs and threes, and beside it what the orders are known by.

Made without a list of every occurrence: pages are counted one after the other and brought together a range of terms
at a time, so that a seat needs little more memory for it than what it keeps.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import cast
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.grams import THREES, Signs, signs
from hotline_tui.data.search.matters import Matter, digest
from hotline_tui.data.search.segment import EMPTY, STEPS, Segment

SUBJECT = 5
"""A term of the subject counts as so many in the text."""
LONG = 0.1
"""What is long holds a little of everything: a score is divided by this power of how many terms the order holds."""
MANY = 1000
"""Among so many orders a three that only one of them holds is left out: it tells little more than its pairs."""
SHORT = 30
"""Signs of a text that says too little to be a copy of another but at the same place."""
MOST = 1 << 16
"""Orders that one can hold: their numbers are kept in sixteen bits."""
_PAGE = 500
_RANGES = 16
_HALF = np.dtype(">u8")


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Immutable; order by order."""

    segment: Segment
    keys: NDArray[np.uint8]
    """Sixteen bytes each: the order's UUID."""
    received: NDArray[np.float64]
    """Seconds since 1970."""
    stamps: NDArray[np.int64]
    copies: NDArray[np.int64]
    """The same for orders of the same text."""
    sizes: NDArray[np.float32]
    """How many terms it holds."""
    usual: float
    """How many one holds that is neither long nor short."""

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def worth(self) -> NDArray[np.float32]:
        """What a score is multiplied by, because of the order's length."""
        return ((np.maximum(self.sizes, 1) / self.usual) ** -LONG).astype(np.float32)

    def key(self, number: int) -> UUID:
        """Which order it is."""
        return UUID(bytes=self.keys[number].tobytes())

    def place(self, key: UUID) -> int | None:
        """Where this order is, if it is here."""
        if not len(self):
            return None
        high, low = divmod(key.int, 1 << 64)
        halves = self.keys.view(_HALF)
        found = np.flatnonzero((halves[:, 0] == high) & (halves[:, 1] == low))
        return int(found[0]) if len(found) else None


NOTHING = Gathered(
    EMPTY,
    np.empty((0, 16), np.uint8),
    np.empty(0, np.float64),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.float32),
    1.0,
)


def gather(matters: Iterable[Matter], background: Gathered | None = None) -> Gathered:
    """All of these; which terms are rare, and what is long, is told by `background` where there is one."""
    pages: list[_Page] = []
    keys, received, stamps, copies = bytearray(), array("d"), array("q"), array("q")
    rest = islice(matters, MOST)
    while batch := list(islice(rest, _PAGE)):
        told = signs([part for each in batch for part in (each.subject, each.address, each.text)])
        pages.append(_counted(told, len(received)))
        for number, each in enumerate(batch):
            keys += each.id.bytes
            received.append(each.received_at.timestamp())
            stamps.append(each.stamp)
            copies.append(_copy(told, 3 * number))
    if not pages:
        return NOTHING
    sizes = np.concatenate([page.sizes for page in pages])
    segment = _joined(pages, len(received), background.segment if background else None)
    return Gathered(
        segment,
        np.frombuffer(bytes(keys), np.uint8).reshape(len(received), 16),
        np.frombuffer(received, np.float64),
        np.frombuffer(stamps, np.int64),
        np.frombuffer(copies, np.int64),
        sizes,
        background.usual if background else max(1.0, float(sizes.mean())),
    )


def _copy(told: Signs, first: int) -> int:
    subject, address, text = (told.of(first + part) for part in range(3))
    short = len(text) < SHORT * told.codes.itemsize
    return digest(subject + b"\0" + text + b"\0" + (address if short else b""))


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """Some orders: each term of each stands once, by term and order."""

    first: int
    """The number of its first order among all."""
    terms: NDArray[np.uint64]
    orders: NDArray[np.uint16]
    often: NDArray[np.uint8]
    """At most 255."""
    sizes: NDArray[np.float32]


def _counted(told: Signs, first: int) -> _Page:
    """Three texts of each order: subject, address, narrative."""
    many = len(told.begins) // 3
    terms, numbers = told.grams()
    if not len(terms):
        return _Page(first, terms, np.empty(0, np.uint16), np.empty(0, np.uint8), np.zeros(many, np.float32))
    order = np.argsort(terms, kind="stable")
    terms, numbers = terms[order], numbers[order]
    orders = (numbers // 3).astype(np.uint16)
    begins = np.flatnonzero(np.r_[True, (terms[1:] != terms[:-1]) | (orders[1:] != orders[:-1])])
    often = np.add.reduceat(np.where(numbers % 3 == 0, SUBJECT, 1), begins)
    terms, orders = terms[begins], orders[begins]
    sizes = np.bincount(orders, minlength=many).astype(np.float32)
    return _Page(first, terms, orders, np.minimum(often, 255).astype(np.uint8), sizes)


def _joined(pages: list[_Page], many: int, background: Segment | None) -> Segment:
    """One segment of all pages, which are let go; weights as those of `segment`: (1 + ln tf) * idf, of length one."""
    ranges = [_range(pages, low, high) for low, high in _bounds(pages)]
    pages.clear()
    terms = np.concatenate([each[0] for each in ranges])
    held = np.concatenate([each[1] for each in ranges])
    holders = np.concatenate([each[2] for each in ranges])
    often = np.concatenate([each[3] for each in ranges])
    del ranges
    starts = np.zeros(len(terms) + 1, np.int64)
    np.cumsum(held, out=starts[1:])
    bare = Segment(many, terms, starts, _numbers(holders), often)
    rarity = (background or bare).rarity(terms).astype(np.float32)
    lengths = np.zeros(many, np.float64)
    steps = [(begin, min(begin + (1 << 16), len(terms))) for begin in range(0, len(terms), 1 << 16)]
    for begin, end in steps:
        one, two = starts[begin], starts[end]
        lengths += np.bincount(holders[one:two], _parts(bare, rarity, begin, end) ** 2, many)
    lengths = np.sqrt(lengths)
    weights = np.empty(len(holders), np.uint8)
    for begin, end in steps:
        one, two = starts[begin], starts[end]
        exact = STEPS * _parts(bare, rarity, begin, end) / lengths[holders[one:two]]
        weights[one:two] = np.clip(np.rint(exact), 1, 255).astype(np.uint8)
    if background is not None or many < MANY:
        return Segment(many, terms, starts, _numbers(holders), weights)
    kept = (held > 1) | (terms < THREES)
    postings = np.repeat(kept, held)
    starts = np.zeros(int(np.count_nonzero(kept)) + 1, np.int64)
    np.cumsum(held[kept], out=starts[1:])
    return Segment(many, terms[kept], starts, _numbers(holders[postings]), weights[postings])


def _numbers(holders: NDArray[np.uint16]) -> NDArray[np.int32]:
    """Half as wide as elsewhere, and as good to look up by."""
    return cast("NDArray[np.int32]", holders)


def _parts(bare: Segment, rarity: NDArray[np.float32], begin: int, end: int) -> NDArray[np.float32]:
    """What the terms from `begin` to `end` weigh in each order; their counts stand where weights will."""
    one, two = bare.starts[begin], bare.starts[end]
    held = np.diff(bare.starts[begin : end + 1])
    return (1 + np.log(bare.weights[one:two].astype(np.float32))) * np.repeat(rarity[begin:end], held)


def _bounds(pages: Sequence[_Page]) -> list[tuple[int, int]]:
    """Ranges of terms that hold about as many each."""
    some = np.sort(np.concatenate([page.terms[::_RANGES] for page in pages]))
    cuts = [int(some[len(some) * part // _RANGES]) for part in range(1, _RANGES)] if len(some) else []
    edges = [0, *sorted(set(cuts) - {0}), 1 << 63]
    return list(pairwise(edges))


def _range(
    pages: Sequence[_Page], low: int, high: int
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint16], NDArray[np.uint8]]:
    """Of the terms from `low` to before `high`: each, how many hold it, the holders and how often it stands there."""
    cuts = [np.searchsorted(page.terms, np.array([low, high], np.uint64)) for page in pages]
    terms = np.concatenate([page.terms[a:b] for page, (a, b) in zip(pages, cuts, strict=True)])
    orders = [page.orders[a:b] + np.uint16(page.first) for page, (a, b) in zip(pages, cuts, strict=True)]
    often = np.concatenate([page.often[a:b] for page, (a, b) in zip(pages, cuts, strict=True)])
    order = np.argsort(terms, kind="stable")
    terms = terms[order]
    begins = np.flatnonzero(np.r_[len(terms) > 0, terms[1:] != terms[:-1]][: len(terms)])
    held = np.diff(np.r_[begins, len(terms)]).astype(np.int32)
    return terms[begins], held, np.concatenate(orders)[order], often[order]
