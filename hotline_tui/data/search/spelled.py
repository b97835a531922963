"""What typed pinyin means: in full, by initials of one word or of several, partly in characters (shenfenzheng, sfzbb,
身份z).

What is typed is cut into syllables where it can be, else it is initials. Every piece of it may be any piece of a title
that begins so; of all ways to put pieces together the likely ones count, by how often each piece stands in titles. What
comes out are characters with how likely they are meant: they are looked for as if they had been typed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.lexicon import LONGEST, Lexicon, syllables
from hotline_tui.data.search.tokens import folded, is_han
from hotline_tui.rules.pinyin import heard_as, normal

MOST = 32
"""Signs that are looked at; characters with letters among them beyond that are no pinyin."""
_TRIES = 3
"""Ways to cut a run that are followed."""
_CANDIDATES = 6
"""Of one piece."""
_LIKELY = 0.04
"""What is less likely meant is not looked for."""
_READINGS, _NEAR = 3, 0.2
"""Of one piece those that are handed on: so many, and so near to the likeliest."""
_TYPED = re.compile(r"[a-z]+|[^\x00-\x7f]")
_LETTERS = re.compile("[a-z]")
_CODE = re.compile("[A-Z]")
_PIECES = 4096

_PIECE = 0.2
"""Of two ways the one with fewer pieces is meant, unless another is so many times as likely for each piece more."""
_STRANGE = 0.1
"""A letter that belongs to no piece counts as so many characters."""


class _Arc(NamedTuple):
    """A piece of what was typed, and how likely these characters are anywhere; none: as it stands."""

    begin: int
    end: int
    piece: str
    chance: float


class _Lattice:
    """All ways to put what was typed together of pieces."""

    def __init__(self, length: int, arcs: Sequence[_Arc]) -> None:
        """`arcs` by their begins."""
        self._arcs = arcs
        self._before, self._behind = [1.0] + [0.0] * length, [0.0] * length + [1.0]
        for begin, end, _, chance in arcs:
            self._before[end] += self._before[begin] * chance
        for begin, end, _, chance in reversed(arcs):
            self._behind[begin] += chance * self._behind[end]

    @property
    def whole(self) -> float:
        """The chance of all of them."""
        return self._behind[0]

    def meant(self) -> Iterator[tuple[str, float]]:
        """Each piece with the chance of the ways that hold it."""
        for _, _, piece, chance in self.spans():
            if piece:
                yield piece, chance

    def spans(self) -> Iterator[_Arc]:
        """As `meant`, with where each stands."""
        for begin, end, piece, chance in self._arcs:
            yield _Arc(begin, end, piece, self._before[begin] * chance * self._behind[end])


class Speller:
    """Reads what was typed by the pieces of some lexicons. What a piece may be is kept from key to key."""

    def __init__(self, lexicons: Sequence[Lexicon], *, loosely: bool = False) -> None:
        """`loosely`: z for zh and the like."""
        self._lexicons = [each for each in lexicons if each.size]
        self._loosely = loosely
        self._size = sum(each.size for each in self._lexicons)
        self._known: dict[tuple[str, ...], list[tuple[str, float]]] = {}

    def read(self, text: str) -> dict[str, float]:
        """The pieces of characters that may be meant, with how likely; none where no pinyin was typed.

        Capitals beside characters are the name of something, as in A区.
        """
        plain = normal(folded(text[: 2 * MOST]))
        if not self._size or not _LETTERS.search(plain):
            return {}
        if not plain.isascii() and (len(plain) > MOST or _CODE.search(text)):
            return {}
        meant: dict[str, float] = defaultdict(float)
        for run in _runs(plain[:MOST]):
            lattices = [_Lattice(len(way), list(self._pieces(way))) for way in _ways_of(run)]
            whole = sum(lattice.whole for lattice in lattices)
            for piece, chance in (found for lattice in lattices for found in lattice.meant()):
                meant[piece] += chance / whole
        return {piece: likely for piece, likely in meant.items() if likely >= _LIKELY}

    def likeliest(self, word: str) -> tuple[tuple[str, ...], ...]:
        """The pieces of the likeliest way to read a word, each as the characters that may be meant, likeliest first.

        None where it is no pinyin, or a letter of it belongs to no piece.
        """
        plain = normal(folded(word))
        runs = list(_runs(plain))
        if not self._size or runs != [plain] or len(plain) > MOST or _CODE.search(word):
            return ()
        ways = list(_ways_of(plain))
        lattices = [_Lattice(len(way), list(self._pieces(way))) for way in ways]
        way, lattice = max(zip(ways, lattices, strict=True), key=lambda each: each[1].whole)
        spans: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
        for begin, end, piece, chance in lattice.spans():
            if kept := piece or (way[begin] if is_han(way[begin]) else ""):
                spans[begin, end][kept] = chance / lattice.whole
        chosen: list[tuple[int, int]] = []
        for begin, end in sorted(spans, key=lambda span: -(span[1] - span[0]) * sum(spans[span].values())):
            if all(end <= other[0] or begin >= other[1] for other in chosen):
                chosen.append((begin, end))
        if sum(end - begin for begin, end in chosen) < len(way):
            return ()
        read = [_likely(spans[span]) for span in sorted(chosen)]
        told = groupby(read, key=lambda pieces: len(pieces) == 1 and pieces[0] in plain)
        return tuple(
            pieces for typed, group in told for pieces in ([("".join(each[0] for each in group),)] if typed else group)
        )

    def _pieces(self, way: Sequence[str]) -> Iterator[_Arc]:
        """By their begins."""
        for begin, unit in enumerate(way):
            yield _Arc(begin, begin + 1, "", 1.0 if is_han(unit) else _STRANGE / self._size)
            for end in range(begin + 1, min(begin + LONGEST, len(way)) + 1):
                units = tuple(way[begin:end])
                if not all(map(is_han, units)):
                    yield from (_Arc(begin, end, piece, chance) for piece, chance in self._of(units))

    def _of(self, units: tuple[str, ...]) -> list[tuple[str, float]]:
        """What these may be, the most frequent first."""
        if len(units) == 1 and (len(units[0]) == 1 or units[0] in ("zh", "ch", "sh")) and units[0].isascii():
            return []  # an initial alone is any character
        if units not in self._known:
            if len(self._known) >= _PIECES:
                self._known.clear()
            found: dict[str, int] = defaultdict(int)
            for lexicon in self._lexicons:
                for piece, often in self._looked_up(lexicon, units):
                    found[piece] += often
            best = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:_CANDIDATES]
            self._known[units] = [(piece, _PIECE * often / self._size) for piece, often in best]
        return self._known[units]

    def _looked_up(self, lexicon: Lexicon, units: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        letters = [
            lexicon.initials_of(unit) if is_han(unit) else _initials(unit, loosely=self._loosely) for unit in units
        ]
        for initials in product(*letters):
            where = lexicon.of("".join(initials))
            fits = np.ones(where.stop - where.start, np.bool_)
            for place, unit in enumerate(units):
                if is_han(unit):
                    fits &= lexicon.signs[where, place] == ord(unit)
                elif len(unit) > 1:
                    fits &= _fits(unit, loosely=self._loosely)[lexicon.said[where, place]]
            for number in (where.start + np.flatnonzero(fits)[:_CANDIDATES]).tolist():
                piece = "".join(map(chr, lexicon.signs[number, : len(units)].tolist()))
                yield piece, int(lexicon.often[number])


def _likely(readings: Mapping[str, float]) -> tuple[str, ...]:
    """Those that are not far behind the likeliest."""
    best = sorted(readings, key=lambda piece: (-readings[piece], piece))[:_READINGS]
    return tuple(piece for piece in best if readings[piece] >= _NEAR * readings[best[0]])


def _runs(plain: str) -> Iterator[str]:
    """Characters and letters beside each other, with a letter among them."""
    return filter(_LETTERS.search, re.findall(r"[^\x00-\x60\x7b-\x7f]+", plain))


def _ways_of(run: str) -> Iterator[tuple[str, ...]]:
    """How it may be cut into characters, syllables and initials."""
    pieces = _TYPED.findall(run)
    choices = [ways(piece) if piece.isascii() else ((piece,),) for piece in pieces]
    for number, chosen in enumerate(product(*choices)):
        if number == _TRIES:
            return
        yield tuple(unit for way in chosen for unit in way)


@lru_cache(maxsize=1024)
def _fits(unit: str, *, loosely: bool) -> NDArray[np.bool_]:
    """Which syllables, by number, these letters may stand for: that one, or those that begin so."""
    heard = heard_as(unit) if loosely else (unit,)
    whole = unit in syllables()
    fits = [False, *(each in heard if whole else each.startswith(heard) for each in syllables())]
    return np.array(fits, np.bool_)


@lru_cache(maxsize=1024)
def _initials(unit: str, *, loosely: bool) -> str:
    heard = heard_as(unit) if loosely else (unit,)
    return "".join(dict.fromkeys(each[0] for each in heard))


@lru_cache(maxsize=256)
def ways(letters: str) -> tuple[tuple[str, ...], ...]:
    """How letters may be cut into syllables and single initials, the fewest pieces first."""
    found: list[list[tuple[float, tuple[str, ...]]]] = [[(0.0, ())]]
    for end in range(1, len(letters) + 1):
        here: list[tuple[float, tuple[str, ...]]] = []
        for begin in range(max(0, end - 6), end):
            cost = _cost(letters[begin:end], last=end == len(letters))
            here += [(before + cost, (*way, letters[begin:end])) for before, way in found[begin] if cost]
        here.sort()
        found.append(here[:_TRIES])
    least = found[-1][0][0]
    return tuple(way for cost, way in found[-1] if cost <= least + 1)


def _cost(piece: str, *, last: bool) -> float:
    """What it costs to take this for one sign; 0 where it can be none. The last syllable may not be whole yet."""
    if piece in syllables() and len(piece) > 1:
        return 1.0
    if last and len(piece) > 1 and piece in _begun():
        return 1.2
    # An initial tells less than a syllable: of two ways the one with fewer of them is meant.
    return 1.6 if len(piece) == 1 or piece in ("zh", "ch", "sh") else 0.0


@cache
def _begun() -> frozenset[str]:
    return frozenset(syllable[:length] for syllable in syllables() for length in range(2, len(syllable)))
