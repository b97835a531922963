"""How characters are said: by themselves, and in words of two where one is said otherwise (行, 银行).

A small table (`docs/make_readings.py`): the dictionary that it is made from is too slow to load at a seat.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search.lexicon import syllables

BMP = 1 << 16


class Readings(NamedTuple):
    """Places in `syllables`, from 1."""

    alone: NDArray[np.uint16]
    """By character; 0 where it is not known."""
    words: NDArray[np.uint32]
    """As `packed` makes them, ascending."""
    said: NDArray[np.uint16]
    """A row a word."""

    def of(self, signs: NDArray[np.uint16], alone: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """How these are said, a row two of them; `alone` as each is by itself."""
        wanted = packed(signs)
        places = np.minimum(np.searchsorted(self.words, wanted), len(self.words) - 1)
        return np.where((self.words[places] == wanted)[:, None], self.said[places], alone[signs])


def packed(signs: NDArray[np.uint16]) -> NDArray[np.uint32]:
    """Each row of two or more by its first two."""
    return signs[:, 0].astype(np.uint32) << np.uint32(16) | signs[:, 1]


@cache
def readings() -> Readings:
    """The table, read once."""
    alone = np.zeros(BMP, np.uint16)
    words: list[str] = []
    spoken: list[tuple[int, int]] = []
    numbers = syllables()
    text = files("hotline_tui.data.reference").joinpath("readings.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        *said, held = line.split()
        if len(said) == 1:
            alone[_codes(held)] = numbers[said[0]]
        else:
            words.append(held)
            spoken += [(numbers[said[0]], numbers[said[1]])] * (len(held) // 2)
    every = packed(_codes("".join(words)).reshape(-1, 2))
    order = np.argsort(every)
    return Readings(alone, every[order], np.array(spoken, np.uint16)[order])


def _codes(text: str) -> NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le"), "<u2").astype(np.uint16, copy=False)
