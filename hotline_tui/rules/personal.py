"""个人信息: what in a text tells who somebody is or where to find him, before all may read it (Art. 14, R-14)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotline_tui.rules import personal_marks as marks
from hotline_tui.rules import personal_numbers as numbers
from hotline_tui.rules.personal_signs import Personal
from hotline_tui.rules.text import clean

__all__ = ["MASK", "Hit", "Known", "Personal", "Said", "counted", "find", "standing", "told", "uncleared"]

MASK = "***"


Said = tuple[Personal, str]
"""A hit by its kind and words."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a caller: looked for as it was told."""

    name: str = ""
    phone: str = ""
    workplace: str = ""
    home_address: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where it stands in the text, in characters from `start` up to `end`, and what stands there."""

    start: int
    end: int
    kind: Personal
    words: str

    @property
    def said(self) -> Said:
        """What a person clears: these words wherever they stand, also where a space at the end of a line has gone."""
        return self.kind, "".join(clean(self.words).split())


def find(text: str, callers: Iterable[Known] = ()) -> tuple[Hit, ...]:
    """Every place that must be taken out or cleared by a person, from the beginning; none overlap."""
    plain, said = _folded(text, {}), _folded(text, _SAID)
    found = [(*span, kind) for rule in (numbers.written, marks.everywhere) for kind, span in rule(plain)]
    # A numeral may also be a name, as in 李四13900002211: only what holds one is taken from the text as dictated.
    found += ((*span, kind) for kind, span in numbers.dictated(said) if plain[slice(*span)] != said[slice(*span)])
    for caller in callers:
        known = (_folded(fact, _SAID) for fact in (caller.name, caller.phone, caller.workplace, caller.home_address))
        found += ((*span, Personal.CALLER) for span in marks.of_caller(said, *known))
        found += ((*span, Personal.CALLER) for span in marks.number(plain, _folded(caller.phone, {})))
    return tuple(Hit(start, end, kind, text[start:end]) for start, end, kind in _apart(found))


def uncleared(hits: Iterable[Hit], cleared: Iterable[Said]) -> tuple[bool, ...]:
    """Of each hit whether nobody cleared it: of the same words no more go than were there when they were cleared."""
    left = Counter(cleared)
    stands: list[bool] = []
    for hit in hits:
        left[hit.said] -= 1
        stands.append(left[hit.said] < 0)
    return tuple(stands)


def standing(hits: Sequence[Hit], cleared: Iterable[Said]) -> tuple[Hit, ...]:
    """Those that nobody cleared."""
    return tuple(hit for hit, stands in zip(hits, uncleared(hits, cleared), strict=True) if stands)


def counted(hits: Iterable[Hit]) -> dict[Personal, int]:
    """How many of each kind, in the order of the kinds: all that may be told of them elsewhere."""
    many = Counter(hit.kind for hit in hits)
    return {kind: many[kind] for kind in Personal if many[kind]}


def told(many: Mapping[Personal, int]) -> str:
    """`电话号码 1 处, 车牌号 2 处`."""
    return ", ".join(f"{kind.label} {count} 处" for kind, count in many.items())


_SAID = dict(zip("〇零○幺一二三四五六七八九壹贰叁肆伍陆柒捌玖", "0001123456789123456789", strict=True))
"""Numerals as they are dictated."""


def _folded(text: str, numerals: Mapping[str, str]) -> str:
    """Digits of every script as 0 to 9, letters as capitals, signs as ASCII: as long as the text, so places stay."""
    return "".join(numerals.get(sign) or _narrow(sign) for sign in text)


def _narrow(sign: str) -> str:
    if sign.isascii():
        return sign.upper()
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    narrow = unicodedata.normalize("NFKC", sign).upper()
    return narrow if len(narrow) == 1 else sign


_Place = tuple[int, int, Personal]


def _apart(found: Iterable[_Place]) -> Iterator[_Place]:
    """Hits that touch the same characters as one, of the kind that says most."""
    kinds = list(Personal)
    last: _Place | None = None
    for start, end, kind in sorted(found, key=lambda each: (each[0], -each[1])):
        if last is not None and start < last[1]:
            last = (last[0], max(last[1], end), min(last[2], kind, key=kinds.index))
        else:
            if last is not None:
                yield last
            last = (start, end, kind)
    if last is not None:
        yield last
