"""The signs of many texts at once, as arrays: the terms are those that `tokens` gives of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.tokens import HAN, folded, hashed

_CODES = 0x110000
_LETTERS, _DIGITS = (97, 122), (48, 57)
_SIGN = re.compile(rf"[0-9a-z{HAN}]")
_OTHER = re.compile(rf"[^0-9a-z{HAN}]")
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")
_UNKNOWN, _ALONE, _TOGETHER = 0, 1, 2
"""Of a character: not seen yet; folded by itself; folded together with its neighbours, as a letter with its accent."""
_SIGMA = "\u03a3"
_LONG = 3
"""A shorter word is a sign or a pair already."""


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """Texts one after another, a blank behind each."""

    codes: NDArray[np.uint32]
    """Folded; 0 for what is neither Chinese character nor letter or digit."""
    texts: NDArray[np.int32]
    """To which text each belongs."""

    def alone(self) -> NDArray[np.int64]:
        """Where signs stand."""
        return np.flatnonzero(self.codes)

    def pairs(self) -> NDArray[np.int64]:
        """Where a sign stands that another follows."""
        return np.flatnonzero((self.codes[:-1] != 0) & (self.codes[1:] != 0))

    def words(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """The terms of words of three letters or digits or more, and their texts."""
        codes = self.codes
        letters = (codes >= _LETTERS[0]) & (codes <= _LETTERS[1])
        kinds = np.where(letters, 2, (codes >= _DIGITS[0]) & (codes <= _DIGITS[1])).astype(np.int8)
        edges = np.flatnonzero(kinds[1:] != kinds[:-1]) + 1
        begins, ends = np.r_[0, edges][: len(kinds)], np.r_[edges, len(kinds)][: len(kinds)]
        wanted = (ends - begins >= _LONG) & (kinds[begins] != 0)
        begins, ends = begins[wanted], ends[wanted]
        plain = codes.astype(np.uint8).tobytes()
        known: dict[bytes, int] = {}
        terms = np.empty(len(begins), np.uint64)
        for number, (begin, end) in enumerate(zip(begins.tolist(), ends.tolist(), strict=True)):
            word = plain[begin:end]
            if word not in known:
                known[word] = hashed(word.decode("ascii"))
            terms[number] = known[word]
        return terms, self.texts[begins]


class Cutter:
    """Knows how each character that it met is folded."""

    def __init__(self) -> None:
        self._known = np.zeros(_CODES, np.uint8)
        self._folded = np.zeros(_CODES, np.uint32)

    def signs(self, texts: Sequence[str]) -> Signs:
        """Those of these texts."""
        lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
        codes = _codes("\0".join((*texts, "")))
        self._learn(codes)
        numbers = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
        together = np.unique(numbers[self._known[codes] == _TOGETHER])
        found = self._folded[codes]
        if not len(together):
            return Signs(found, numbers)
        ends = np.cumsum(lengths)
        pieces: list[NDArray[np.uint32]] = []
        done = 0
        for number in map(int, together):
            pieces += [found[done : ends[number] - lengths[number]], _bare(folded(texts[number]))]
            lengths[number], done = len(pieces[-1]), ends[number]
        return Signs(np.concatenate([*pieces, found[done:]]), np.repeat(np.arange(len(texts), dtype=np.int32), lengths))

    def _learn(self, codes: NDArray[np.uint32]) -> None:
        met = np.zeros(_CODES, np.bool_)
        met[codes] = True
        for code in np.flatnonzero(met & (self._known == _UNKNOWN)).tolist():
            plain = folded(chr(code))
            if any(map(_joins, chr(code) + plain)) or (len(plain) != 1 and _SIGN.search(plain)):
                self._known[code] = _TOGETHER
            else:
                self._known[code] = _ALONE
                self._folded[code] = ord(plain) if _SIGN.fullmatch(plain) else 0


def _joins(character: str) -> bool:
    """Whether its neighbours decide what becomes of it, or it of them."""
    marks = unicodedata.category(character).startswith("M") or unicodedata.combining(character) != 0
    return marks or character == _SIGMA or _JAMO.match(character) is not None


def _bare(plain: str) -> NDArray[np.uint32]:
    return _codes(_OTHER.sub("\0", plain) + "\0")


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32, copy=False)
