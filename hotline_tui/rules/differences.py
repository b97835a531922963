"""What a later text says otherwise than an earlier one: sentence by sentence, and within a sentence by its signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import zip_longest
from typing import TypeVar

_SENTENCE = re.compile(r"[^。!?;！？；\n]*(?:[。!?;！？；\n]+|$)")
_ALIKE = 0.4
"""Sentences less alike than this are one gone and one new, not one that was changed."""
_ISLAND = 2
"""Fewer signs than this that stayed between two changes are taken with them: nobody reads such splinters."""
_MOST = 200_000
"""Comparing takes as long as one length times the other: what is longer is told as gone and come."""

Text = TypeVar("Text", str, list[str])


class Kind(Enum):
    """What became of a piece."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, and what became of it."""

    kind: Kind
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one line of pieces: without the new ones it is the earlier, without the gone ones the later."""
    return tuple(_joined(_by_sentence(before, after)))


def _by_sentence(before: str, after: str) -> Iterator[Piece]:
    one, two = _sentences(before), _sentences(after)
    for kind, gone, new in _compared(one, two):
        if kind is Kind.KEPT:
            yield Piece(Kind.KEPT, "".join(gone))
            continue
        for old, young in zip_longest(gone, new, fillvalue=""):
            yield from _within(old, young)


def _within(before: str, after: str) -> Iterator[Piece]:
    """One sentence that was changed, or one gone and another new."""
    small = len(before) * len(after) <= _MOST
    if before and after and small and SequenceMatcher(None, before, after, autojunk=False).ratio() >= _ALIKE:
        for kind, gone, new in _without_islands(_compared(before, after)):
            if kind is Kind.KEPT:
                yield Piece(kind, gone)
            else:
                yield from _changed(gone, new)
    else:
        yield from _changed(before, after)


def _sentences(text: str) -> list[str]:
    return [found for found in _SENTENCE.findall(text) if found]


def _compared(one: Text, two: Text) -> Iterator[tuple[Kind, Text, Text]]:
    """Runs that are the same, and runs that differ, of two texts or two lists of sentences."""
    head = next((place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    if head:
        yield Kind.KEPT, one[:head], two[:head]
    one, two = one[head:], two[head:]
    if len(one) * len(two) > _MOST:
        yield Kind.GONE, one, two
        return
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        yield (Kind.KEPT if tag == "equal" else Kind.GONE), one[a:b], two[c:d]


def _without_islands(runs: Iterator[tuple[Kind, str, str]]) -> Iterator[tuple[Kind, str, str]]:
    """Short runs that stayed between two that did not are part of the change."""
    held = list(runs)
    gone = new = ""
    for place, (kind, a, b) in enumerate(held):
        island = kind is Kind.KEPT and len(a) < _ISLAND and 0 < place < len(held) - 1
        if kind is not Kind.KEPT or island:
            gone, new = gone + a, new + b
            continue
        if gone or new:
            yield Kind.GONE, gone, new
        gone = new = ""
        yield kind, a, b
    if gone or new:
        yield Kind.GONE, gone, new


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours that became the same are one, what went standing before what came; without empty ones."""
    gone = new = kept = ""
    for piece in pieces:
        if not piece.text:
            continue
        if piece.kind is Kind.KEPT:
            yield from _changed(gone, new)
            gone = new = ""
            kept += piece.text
            continue
        if kept:
            yield Piece(Kind.KEPT, kept)
            kept = ""
        if piece.kind is Kind.GONE:
            gone += piece.text
        else:
            new += piece.text
    yield from _changed(gone, new)
    if kept:
        yield Piece(Kind.KEPT, kept)


def _changed(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece(Kind.GONE, gone)
    if new:
        yield Piece(Kind.NEW, new)
