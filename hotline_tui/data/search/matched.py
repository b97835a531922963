"""Which places of a text are what was looked for: to be painted where it is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from hotline_tui.data.search.tokens import ASKING, folded, is_han, runs

LONG = 24
"""Signs of a query that is a narrative: of it two neighbouring signs alone are in every text."""
_PARTS = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9]+")

LEFT_OUT = ".."
"""Stands for what an excerpt leaves out."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Of what was typed: pairs of Chinese characters, whole words and numbers, a character that stands alone."""

    pairs: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    least: int = 1
    """A place of fewer signs is not told."""

    def __bool__(self) -> bool:
        return bool(self.pairs or self.words)

    def spans(self, text: str) -> tuple[Span, ...]:
        """Where they stand, in characters from the beginning; places that touch are one."""
        if not self:
            return ()
        plain, origin = _mapped(text)
        here = [False] * len(plain)
        for part in _PARTS.finditer(plain):
            begin, end = part.span()
            if part[0] in self.words:
                here[begin:end] = [True] * (end - begin)
            for at in range(begin, end):
                two = plain[at : at + 2] in self.pairs
                here[at] |= two or plain[at] in self.words
                if two:
                    here[at + 1] = True
        there = [False] * len(text)
        for at, told in enumerate(here):
            there[origin[at]] |= told
        return tuple((begin, end) for begin, end in _together(there) if end - begin >= self.least)


NO_PIECES = Pieces()


def pieces_of(query: str, meant: Iterable[str] = ()) -> Pieces:
    """How the question is put (怎么, 如何) is not looked for; `meant`: characters that pinyin in it stands for."""
    plain = folded(query)
    told = runs(ASKING.sub(" ", plain)) or runs(plain)
    parts: list[str] = [part for run in told for part in _PARTS.findall(run)]
    pairs = {"".join(two) for part in parts if is_han(part[0]) for two in pairwise(part)}
    pairs |= {"".join(two) for piece in meant for two in pairwise(piece)}
    words = {part for part in parts if len(part) > 1 and not is_han(part[0])}
    words |= {run for run in told if len(run) == 1}
    return Pieces(frozenset(pairs), frozenset(words), 3 if sum(map(len, told)) > LONG else 1)


def excerpt(text: str, pieces: Pieces, most: int) -> str:
    """At most so many signs of a text, on one line, from shortly before where the pieces stand the closest."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    spans = pieces.spans(line)
    room = most - 2 * len(LEFT_OUT)

    def held(begin: int) -> int:
        return sum(min(end, begin + room) - first for first, end in spans if begin <= first < begin + room)

    first = max((begin for begin, _ in spans), key=lambda begin: (held(begin), -begin), default=0)
    begin = min(max(0, first - room // 6), len(line) - room)
    before, after = LEFT_OUT if begin else "", LEFT_OUT if begin + room < len(line) else ""
    return f"{before}{line[begin : begin + room].strip()}{after}"


def _mapped(text: str) -> tuple[str, range | list[int]]:
    """The text in the one form, and which sign of it each of those was."""
    plain = folded(text)
    if len(plain) == len(text):
        return plain, range(len(text))
    forms = [folded(sign) for sign in text]
    return "".join(forms), [at for at, form in enumerate(forms) for _ in form]


def _together(here: list[bool]) -> Iterator[Span]:
    begin = None
    for at, told in enumerate([*here, False]):
        if told and begin is None:
            begin = at
        elif not told and begin is not None:
            yield begin, at
            begin = None
