"""地名 in a text: the longest names first, in one pass, whatever their number.

A name is a number of 64 bits made of its signs; so is each piece of the text that is as long as some name. Pieces are
looked up all at once: the time does not depend on how many names there are but for a binary search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search import tokens

LEAST = 2
"""Signs of a name that is looked for."""
MOST = 20_000
"""Characters of a text that are looked at."""
_BASE = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Named:
    """A name that stands in the text, and the places that bear it, by their numbers."""

    name: str
    places: tuple[int, ...]


class Gazetteer:
    """Names and the number of the place that each means; immutable."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        """Several places may bear one name, one place several names."""
        plain = [("".join(tokens.runs(name)), place) for name, place in names]
        plain = [each for each in plain if len(each[0]) >= LEAST]
        hashes = _hashes([name for name, _ in plain])
        order = np.argsort(hashes, kind="stable")
        self._names = hashes[order]
        self._places: NDArray[np.int32] = np.array([place for _, place in plain], np.int32)[order]
        self._lengths = frozenset(len(name) for name, _ in plain)
        self._longest = max(self._lengths, default=0)

    def __len__(self) -> int:
        return len(self._names)

    def find(self, text: str) -> list[Named]:
        """The names in the text, each once; of names that overlap the first, of those the longest."""
        found: dict[str, Named] = {}
        for run in tokens.runs(text[:MOST]):
            place = 0
            for start, length in self._hits(run):
                if start < place or _cuts(run, start, start + length):
                    continue
                place = start + length
                name = run[start:place]
                found.setdefault(name, Named(name, self._bearers(name)))
        return list(found.values())

    def _hits(self, run: str) -> list[tuple[int, int]]:
        """Where a name may begin and how long it is, the longest of each beginning first."""
        signs = _signs(run)
        found: list[tuple[int, int]] = []
        made = np.zeros(len(signs) + 1, np.uint64)
        for length in range(1, min(self._longest, len(signs)) + 1):
            made = made[: len(signs) - length + 1] * _BASE + signs[length - 1 :]
            if length in self._lengths:
                places = np.minimum(np.searchsorted(self._names, made), len(self._names) - 1)
                found += [(int(start), -length) for start in np.flatnonzero(self._names[places] == made)]
        return [(start, -length) for start, length in sorted(found)]

    def _bearers(self, name: str) -> tuple[int, ...]:
        [key] = _hashes([name])
        return tuple(sorted({int(place) for place in self._places[self._names == key]}))


def _hashes(names: list[str]) -> NDArray[np.uint64]:
    """Sign by sign, all names of a length together."""
    made = np.zeros(len(names), np.uint64)
    by_length: dict[int, list[int]] = {}
    for at, name in enumerate(names):
        by_length.setdefault(len(name), []).append(at)
    for length, places in by_length.items():
        signs = _signs("".join(names[at] for at in places)).reshape(len(places), length)
        key = np.zeros(len(places), np.uint64)
        for column in range(length):
            key = key * _BASE + signs[:, column]
        made[places] = key
    return made


def _signs(run: str) -> NDArray[np.uint64]:
    return np.frombuffer(run.encode("utf-32-le"), np.uint32).astype(np.uint64)


def _cuts(run: str, start: int, end: int) -> bool:
    """Whether a number or a word of letters would be cut: 5号 is not in 15号."""
    return any(0 < at < len(run) and run[at - 1].isascii() and run[at].isascii() for at in (start, end))
