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
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nlargest
from itertools import groupby, product

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.lexicon import LONGEST, OFTEN, Lexicon, syllables
from hotline_tui.data.search.together import Held, Together
from hotline_tui.data.search.tokens import folded, is_han
from hotline_tui.rules.pinyin import heard_as, normal

MOST = 32
"""Signs that are looked at; characters with letters among them beyond that are no pinyin."""
_TRIES = 3
"""Ways to cut a run that are followed."""
_CANDIDATES = 8
"""Of one piece."""
_ALONE = 4
"""Of one character."""
_MANY = 100
"""Of a pair beside a word that is known."""
_WORDS = 2
"""Beside which a pair is looked for."""
_LIKELY = 0.04
"""What is less likely meant is not looked for."""
_READINGS, _NEAR = 3, 0.3
"""Of one piece those that are handed on: so many, and so near to the likeliest."""
_TYPED = re.compile(r"[a-z]+|[^\x00-\x7f]")
_LETTERS = re.compile("[a-z]")
_CODE = re.compile("[A-Z]")
_HAN = re.compile(r"[^\x00-\x7f]{2,}")
_PIECES = 4096

_PIECE = 0.2
"""Of two ways the one with fewer pieces is meant, unless another is so many times as likely for each piece more."""
_STRANGE = 0.1
"""A letter that belongs to no piece counts as so many characters."""
_BESIDE = 6
"""Ways that are followed beside each other."""
_PATHS = 20
"""Of all of them, the likeliest, are looked for in articles."""
_DOUBLES = ("zh", "ch", "sh")
_NO_INITIALS = "iuv"
"""No syllable begins so: words of other languages are no pinyin."""
_DOUBLE = 0.03
"""How often the initial of a character is typed with two letters: zh."""
_APART = 0.02
"""How often the pieces of what is meant stand in no article together."""


_Arc = tuple[int, str, float, float]
"""The end of a piece of what was typed, the characters, what it costs to put another piece to the others, and how
likely these characters are anywhere; no characters: a letter that belongs to none."""


_Path = tuple[float, float, tuple[str, ...]]
"""A way to put all that was typed together of pieces: how likely it is if each is by itself, what of that is not of the
pieces but their cost, and the pieces."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What pinyin may stand for."""

    pieces: Mapping[str, float]
    """Of characters, with how likely."""
    together: Sequence[Sequence[Held]]
    """Of each segment: where the pieces of one way stand together, each way for itself; its parts, all that is likely
    being 1."""


NOT_MEANT = Meant({}, ())


class Speller:
    """Reads what was typed by the pieces of some lexicons. What a piece may be is kept from key to key."""

    def __init__(self, lexicons: Sequence[Lexicon], together: Together, *, loosely: bool = False) -> None:
        """`loosely`: z for zh and the like."""
        self._lexicons = [each for each in lexicons if each.size]
        self._together = together
        self._loosely = loosely
        self._size = sum(each.size for each in self._lexicons)
        self._known: dict[tuple[str, ...], list[tuple[str, float]]] = {}
        self._pairs: dict[tuple[str, ...], dict[str, float]] = {}

    def read(self, text: str) -> Meant:
        """What may be meant; nothing where no pinyin was typed.

        Capitals beside characters are the name of something, as in A区.
        """
        plain = normal(folded(text[: 2 * MOST]))
        if not self._size or not _LETTERS.search(plain):
            return NOT_MEANT
        if not plain.isascii() and (len(plain) > MOST or _CODE.search(text)):
            return NOT_MEANT
        meant: dict[str, float] = defaultdict(float)
        together: list[Sequence[Held]] = []
        for run in _runs(plain[:MOST]):
            for pieces, chance, held in self._readings(run):
                told = [piece for piece in pieces if _tells(piece, pieces, run)]
                for piece in told:
                    meant[piece] += chance
                if held and told and chance >= _LIKELY:
                    together.append([Held(each.documents, each.parts * chance) for each in held])
        typed = set(plain)
        return Meant({piece: each for piece, each in meant.items() if each >= _LIKELY and piece not in typed}, together)

    def likeliest(self, word: str) -> tuple[tuple[str, ...], ...]:
        """The pieces of the likeliest way to read a word, each as the characters that may be meant, likeliest first.

        None where it is no pinyin, or a letter of it belongs to no piece.
        """
        plain = normal(folded(word))
        if not self._size or list(_runs(plain)) != [plain] or len(plain) > MOST or _CODE.search(word):
            return ()
        cuts: dict[tuple[int, ...], list[tuple[tuple[str, ...], float]]] = defaultdict(list)
        for pieces, chance, _ in self._readings(plain):
            if all(pieces):
                cuts[tuple(map(len, pieces))].append((pieces, chance))
        if not cuts:
            return ()
        best = max(cuts.values(), key=lambda found: sum(chance for _, chance in found))
        spans: list[dict[str, float]] = [defaultdict(float) for _ in best[0][0]]
        for pieces, chance in best:
            for span, piece in zip(spans, pieces, strict=True):
                span[piece] += chance
        told = groupby(map(_likely, spans), key=lambda pieces: len(pieces) == 1 and pieces[0] in plain)
        return tuple(
            pieces for typed, group in told for pieces in ([("".join(each[0] for each in group),)] if typed else group)
        )

    def _readings(self, run: str) -> Iterator[tuple[tuple[str, ...], float, Sequence[Held]]]:
        """The pieces of each likely way, its part of them all, and where they stand together."""
        ways = list(_ways_of(run))
        likely = nlargest(_PATHS, (path for way in ways for path in self._paths(way)))
        paths = {path[-1]: path for path in (*likely, *(path for way in ways for path in self._rarer(way)))}
        typed = _HAN.findall(run)
        weighed = [self._weighed(path, typed) for path in paths.values()]
        whole = sum(chance for chance, _ in weighed)
        for pieces, (chance, held) in zip(paths, weighed, strict=True):
            yield pieces, chance / whole, held

    def _paths(self, way: Sequence[str]) -> list[_Path]:
        """The likeliest ones."""
        cost = _doubled(way)
        paths: list[list[_Path]] = [[(cost, cost, ())], *([] for _ in way)]
        for begin in range(len(way)):
            here = paths[begin] = nlargest(_BESIDE, paths[begin])
            for end, piece, cost, chance in self._pieces(way, begin):
                paths[end] += [(one * cost * chance, of * cost, (*those, piece)) for one, of, those in here]
        return nlargest(_BESIDE, paths[-1])

    def _rarer(self, way: Sequence[str]) -> Iterator[_Path]:
        """A word, and beside it a pair that is no frequent one but stands in articles with that word."""
        cost = _PIECE**2 * _doubled(way)
        for units, others, before in ((way[:-2], way[-2:], True), (way[2:], way[:2], False)):
            if not _told(units) or len(others) != 2 or len("".join(others)) > 2 or all(map(is_han, others)):
                continue
            pairs = self._pairs_of(tuple(others))
            for piece, chance in self._of(tuple(units))[:_WORDS]:
                for two in self._together.beside(piece, tuple(pairs)):
                    yield cost * chance * pairs[two], cost, (piece, two) if before else (two, piece)

    def _weighed(self, path: _Path, typed: Sequence[str]) -> tuple[float, Sequence[Held]]:
        """How likely it is as articles have it, and where its pieces stand together with the characters `typed`."""
        alone, cost, pieces = path
        read = [piece for piece in pieces if piece and (len(piece) > 1 or not typed)]
        pieces = (*read, *typed)
        if len(pieces) < 2 or not read:
            return alone, ()
        held = self._together.holding(pieces)
        chance = sum(float(each.parts.sum()) for each in held) / self._together.documents
        best = max((float(each.parts.max()) for each in held if len(each.parts)), default=1.0)
        beside = [Held(each.documents, each.parts / best) for each in held]
        return _APART * alone + (1 - _APART) * cost * chance, beside

    def _pieces(self, way: Sequence[str], begin: int) -> Iterator[_Arc]:
        unit = way[begin]
        yield (begin + 1, unit, 1.0, 1.0) if is_han(unit) else (begin + 1, "", _STRANGE / self._size, 1.0)
        for end in range(begin + 1, min(begin + LONGEST, len(way)) + 1):
            units = way[begin:end]
            if not all(map(is_han, units)):
                yield from ((end, piece, _PIECE, chance) for piece, chance in self._of(tuple(units)))

    def _of(self, units: tuple[str, ...]) -> list[tuple[str, float]]:
        """What these may be, the most frequent first."""
        if len(units) == 1 and (len(units[0]) == 1 or units[0] in _DOUBLES) and units[0].isascii():
            return []  # an initial alone is any character
        if units not in self._known:
            if len(self._known) >= _PIECES:
                self._known.clear()
            found: dict[str, int] = defaultdict(int)
            for lexicon in self._lexicons:
                for piece, often in self._looked_up(lexicon, units):
                    found[piece] += often
            best = sorted(found.items(), key=lambda each: (-each[1], each[0]))
            self._known[units] = [
                (piece, often / (OFTEN * self._size))
                for piece, often in best[: _CANDIDATES if len(units) > 1 else _ALONE]
            ]
        return self._known[units]

    def _pairs_of(self, units: tuple[str, ...]) -> dict[str, float]:
        """All that these two may be."""
        if units not in self._pairs:
            if len(self._pairs) >= _PIECES:
                self._pairs.clear()
            found: dict[str, float] = defaultdict(float)
            for lexicon in self._lexicons:
                for piece, often in self._looked_up(lexicon, units, _MANY):
                    found[piece] += often / (OFTEN * self._size)
            self._pairs[units] = found
        return self._pairs[units]

    def _looked_up(
        self, lexicon: Lexicon, units: tuple[str, ...], most: int = _CANDIDATES
    ) -> Iterator[tuple[str, int]]:
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
            for number in (where.start + np.flatnonzero(fits)[:most]).tolist():
                piece = "".join(map(chr, lexicon.signs[number, : len(units)].tolist()))
                yield piece, int(lexicon.often[number])


def _tells(piece: str, pieces: Sequence[str], run: str) -> bool:
    """Syllables that make no word are not taken for one character each: one of them stands anywhere."""
    return bool(piece) and (len(piece) > 1 or len(pieces) == 1 or not run.isascii())


def _told(units: Sequence[str]) -> bool:
    """Whether they tell which word they are: two initials do not."""
    return 2 <= len(units) <= LONGEST and sum(map(len, units)) > 2


def _doubled(way: Sequence[str]) -> float:
    return _DOUBLE ** sum(unit in _DOUBLES for unit in way)


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
    """How letters may be cut into syllables and single initials, the fewest pieces first; none where they cannot."""
    found: list[list[tuple[float, tuple[str, ...]]]] = [[(0.0, ())]]
    for end in range(1, len(letters) + 1):
        here: list[tuple[float, tuple[str, ...]]] = []
        for begin in range(max(0, end - 6), end):
            cost = _cost(letters[begin:end], last=end == len(letters))
            here += [(before + cost, (*way, letters[begin:end])) for before, way in found[begin] if cost]
        here.sort()
        found.append(here[:_TRIES])
    if not found[-1]:
        return ()
    least = found[-1][0][0]
    return tuple(way for cost, way in found[-1] if cost <= least + 1)


def _cost(piece: str, *, last: bool) -> float:
    """What it costs to take this for one sign; 0 where it can be none. The last syllable may not be whole yet."""
    if piece in syllables() and len(piece) > 1:
        return 1.0
    if last and len(piece) > 1 and piece in _begun():
        return 1.2
    # An initial tells less than a syllable: of two ways the one with fewer of them is meant.
    if len(piece) == 1:
        return 0.0 if piece in _NO_INITIALS else 1.6
    return 2.4 if piece in _DOUBLES else 0.0


@cache
def _begun() -> frozenset[str]:
    return frozenset(syllable[:length] for syllable in syllables() for length in range(2, len(syllable)))
