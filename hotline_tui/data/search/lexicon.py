"""The pieces of titles by their pinyin: up to four characters each, with how they are said and how often they stand.

They are found by their initials, told from the titles (and other phrasings) themselves: what an office often writes
about is what its letters mean.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.tokens import simplified
from hotline_tui.rules.pinyin import parts

LONGEST = 4
"""Characters of a piece."""
MANY = 5000
"""In so many texts a piece of three or four that stands but once is left out: its pairs find it."""
OFTEN = 16
"""Steps in which it is told how often a piece stands in titles."""
FIRST, _BMP = 0x3000, 0x10000
_LETTER_BITS, _SIGN_BITS = 5, 16
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Immutable: pieces by their initials, the most frequent first."""

    size: int
    """How many characters were read."""
    initials: NDArray[np.uint32]
    """Ascending, as `key` makes them."""
    signs: NDArray[np.uint16]
    """A row a piece, 0 behind the last character."""
    said: NDArray[np.uint16]
    """Likewise, places in `syllables`, from 1."""
    often: NDArray[np.uint32]
    """In steps of 1/`OFTEN`."""
    readings: NDArray[np.uint32]
    """Each character with one of its initials, ascending."""

    def of(self, initials: str) -> slice:
        """The pieces with these initials, one a character."""
        wanted = key(initials)
        begin, end = np.searchsorted(self.initials, np.array([wanted, wanted + 1], np.uint32))
        return slice(int(begin), int(end))

    def initials_of(self, sign: str) -> str:
        """How a character may begin."""
        bounds = np.array([ord(sign) << _LETTER_BITS, (ord(sign) + 1) << _LETTER_BITS], np.uint32)
        begin, end = np.searchsorted(self.readings, bounds)
        return "".join(chr(96 + (each & 31)) for each in self.readings[begin:end].tolist())


NOTHING = Lexicon(
    0,
    np.empty(0, np.uint32),
    np.empty((0, LONGEST), np.uint16),
    np.empty((0, LONGEST), np.uint16),
    np.empty(0, np.uint32),
    np.empty(0, np.uint32),
)


class Reading:
    """Takes in texts with their spellings; `made` gives their pieces."""

    def __init__(self) -> None:
        self._signs, self._said = array("I"), array("H")
        self._syllables = syllables()
        self._texts = 0

    def take(self, text: str, spelling: str) -> None:
        """A title or another phrasing; nothing of one whose spelling is another's."""
        told, said = parts(text), spelling.split()
        if not said or sum(map(len, told)) != len(said):
            return
        begin = 0
        for part in told:
            self._signs.extend(map(ord, simplified(part)))
            self._signs.append(0)
            self._said.extend(map(self._syllables.get, said[begin : begin + len(part)], repeat(0)))
            self._said.append(0)
            begin += len(part)
        self._texts += 1

    def made(self) -> Lexicon:
        """All pieces of one to four characters."""
        if not self._texts:
            return NOTHING
        signs = np.frombuffer(self._signs, np.uint32).astype(np.uint64)
        said = np.frombuffer(self._said, np.uint16).astype(np.uint64)
        whole = (said != 0) & (signs >= FIRST) & (signs < _BMP)  # a letter is said as a syllable may be
        rare = 1 if self._texts < MANY else 2
        found = [_pieces(signs, said, whole, length, rare if length > 2 else 1) for length in range(1, LONGEST + 1)]
        packed, spoken, often = (np.concatenate(column) for column in zip(*found, strict=True))
        shifts = np.arange(LONGEST - 1, -1, -1, dtype=np.uint64) * np.uint64(_SIGN_BITS)
        rows = (packed[:, None] >> shifts).astype(np.uint16)
        spoken_rows = (spoken[:, None] >> shifts).astype(np.uint16)
        alone = rows[:, 1] == 0
        readings = np.unique(_readings(rows[alone, 0], spoken_rows[alone, 0]))
        return _ordered(int(often[alone].sum()), rows, spoken_rows, often * OFTEN, readings)


def joined(lexicon: Lexicon, signs: NDArray[np.uint16], said: NDArray[np.uint16], often: NDArray[np.int64]) -> Lexicon:
    """The lexicon with these pieces of two besides, none of which it has."""
    if not len(signs):
        return lexicon
    blank = np.zeros((len(signs), LONGEST - 2), np.uint16)
    return _ordered(
        lexicon.size,
        np.concatenate([lexicon.signs, np.hstack([signs, blank])]),
        np.concatenate([lexicon.said, np.hstack([said, blank])]),
        np.concatenate([lexicon.often.astype(np.int64), often]),
        np.union1d(lexicon.readings, _readings(signs.ravel(), said.ravel())),
    )


def _ordered(
    size: int,
    signs: NDArray[np.uint16],
    said: NDArray[np.uint16],
    often: NDArray[np.int64],
    readings: NDArray[np.uint32],
) -> Lexicon:
    keys = _keys(said)
    order = np.lexsort((*signs.T[::-1], -often, keys))
    return Lexicon(size, keys[order], signs[order], said[order], often[order].astype(np.uint32), readings)


def _pieces(
    signs: NDArray[np.uint64], said: NDArray[np.uint64], whole: NDArray[np.bool_], length: int, least: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int64]]:
    """Every piece of this length that stands so often at least, packed into one number as its syllables are; and how
    often it does."""
    last = len(signs) - length + 1
    held = np.logical_and.reduce([whole[place : place + last] for place in range(length)])
    begins = np.flatnonzero(held)
    packed, spoken = (
        sum(
            (column[begins + place] << np.uint64(_SIGN_BITS * (LONGEST - 1 - place)) for place in range(length)),
            np.zeros(len(begins), np.uint64),
        )
        for column in (signs, said)
    )
    # Pieces with the same characters and syllables come together; which of them comes first is settled later.
    order = np.argsort(packed * _MIX ^ spoken, kind="stable")
    packed, spoken = packed[order], spoken[order]
    first = np.ones(len(packed), np.bool_)
    first[1:] = (packed[1:] != packed[:-1]) | (spoken[1:] != spoken[:-1])
    begins = np.flatnonzero(first)
    often = np.diff(np.r_[begins, len(packed)])
    begins, often = begins[often >= least], often[often >= least]
    return packed[begins], spoken[begins], often


def _readings(signs: NDArray[np.uint16], said: NDArray[np.uint16]) -> NDArray[np.uint32]:
    return signs.astype(np.uint32) << np.uint32(_LETTER_BITS) | _first_letters()[said]


def _keys(said: NDArray[np.uint16]) -> NDArray[np.uint32]:
    letters = _first_letters()[said]
    shifts = np.arange(LONGEST - 1, -1, -1, dtype=np.uint32) * np.uint32(_LETTER_BITS)
    return np.bitwise_or.reduce(letters << shifts, axis=1)


@cache
def _first_letters() -> NDArray[np.uint32]:
    """Of each syllable by its number, a as 1; 0 of none."""
    return np.array([0, *(ord(syllable[0]) - 96 for syllable in syllables())], np.uint32)


def key(initials: str) -> int:
    """Of up to four letters, those of fewer apart from those of more."""
    return sum((ord(letter) - 96) << _LETTER_BITS * (LONGEST - 1 - place) for place, letter in enumerate(initials))


@cache
def syllables() -> dict[str, int]:
    """Every syllable of standard Chinese, without tones, with its number from 1."""
    text = files("hotline_tui.data.reference").joinpath("syllables.txt").read_text(encoding="utf-8")
    said = sorted(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
    return {syllable: number for number, syllable in enumerate(said, 1)}
