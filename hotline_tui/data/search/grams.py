"""Pairs and threes of neighbouring signs of many texts at once, each a whole number of 64 bits.

The signs are those of `tokens.runs`, the pairs those of `tokens.of_text`, found for a whole page of texts in one pass.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.tokens import folded

THREES = 1 << 42
"""A pair is a smaller number than this, a three is none."""
_BITS = np.uint64(21)
_PLAIN = 1 << 16
_ODD = np.uint32(0xFFFFFFFF)
_SPANS = ((0x30, 0x39), (0x61, 0x7A), (0x3007, 0x3007), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
"""Digits, letters, Chinese characters."""


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """Texts one after the other, in one form, a line end behind each."""

    codes: NDArray[np.uint32]
    told: NDArray[np.bool_]
    """Whether it is a sign: no punctuation, no blank."""
    begins: NDArray[np.int64]
    """Where each text begins, and the end of the last."""

    def of(self, number: int) -> bytes:
        """The signs of one text, without what stands between them."""
        span = slice(self.begins[number], self.begins[number + 1])
        return self.codes[span][self.told[span]].tobytes()

    def grams(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """Every pair and every three, and the number of the text that it stands in, text by text."""
        if len(self.codes) < 3:
            return np.empty(0, np.uint64), np.empty(0, np.int32)
        numbers = np.repeat(np.arange(len(self.begins) - 1, dtype=np.int32), np.diff(self.begins))
        two = self.told[:-1] & self.told[1:]
        three = two[:-1] & self.told[2:]
        wide = self.codes.astype(np.uint64)
        pairs = wide[:-1] << _BITS | wide[1:]
        terms = np.concatenate([pairs[two], pairs[:-1][three] << _BITS | wide[2:][three]])
        of = np.concatenate([numbers[:-1][two], numbers[:-2][three]])
        order = np.argsort(of, kind="stable")
        return terms[order], of[order]


def signs(texts: Sequence[str]) -> Signs:
    """As `tokens.folded` has them."""
    codes, begins = _codes(texts)
    plain = codes < _PLAIN
    one = np.where(plain, _table()[np.where(plain, codes, 0)], _ODD)
    if (odd := np.flatnonzero(one == _ODD)).size:
        # What becomes several signs, or joins the one before it: rare, and so one text at a time.
        numbers = set((np.searchsorted(begins, odd, "right") - 1).tolist())
        codes, begins = _codes([folded(text) if number in numbers else text for number, text in enumerate(texts)])
        done = np.repeat(np.isin(np.arange(len(texts)), list(numbers)), np.diff(begins))
        one = np.where(done, codes, _table()[np.where(done, 0, codes)])
    told = np.zeros(len(one), np.bool_)
    for first, last in _SPANS:
        told |= (one >= first) & (one <= last)
    return Signs(one, told, begins)


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    whole = "".join(f"{text}\n" for text in texts).encode("utf-32-le", "replace")
    begins = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=begins[1:])
    return np.frombuffer(whole, np.uint32), begins


@cache
def _table() -> NDArray[np.uint32]:
    """What each sign of the first plane is folded to."""
    every = [chr(code) for code in range(_PLAIN)]
    one = folded("\n".join(sign if sign != "\n" else " " for sign in every)).split("\n")
    odd = (len(to) != 1 or unicodedata.combining(sign) for sign, to in zip(every, one, strict=True))
    return np.array([_ODD if is_odd else ord(to) for is_odd, to in zip(odd, one, strict=True)], np.uint32)
