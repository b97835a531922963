"""Titles by pinyin: in full, by initials of one word or of several, partly in characters (shenfenzheng, sfzbb, 身份z).

A title gives the pairs and threes of its initials, its syllables and pairs of them, and each character with the initial
beside it; what is typed is cut into syllables where it can be, else it is initials. So several words' initials find
the title that holds them all, or the most of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from hotline_tui.data.search.tokens import folded, hashed, is_han
from hotline_tui.rules.pinyin import heard_as, normal

_MOST = 48
"""Letters of one run that are looked at."""
_TRIES = 3
"""Ways to cut a run that are followed."""
_TYPED = re.compile(r"[a-z]+|[^\x00-\x7f]")


def of_spelling(title: str, spelling: str) -> list[int]:
    """The terms of a title with its stored spelling, exact and with the usual pairs taken for one."""
    signs, syllables = normal(title), spelling.split()
    if len(signs) != len(syllables):
        return []
    return list(map(hashed, _grams(signs, syllables)))


def _grams(signs: str, syllables: Sequence[str]) -> Iterator[str]:
    loose = [fuzzy(syllable) for syllable in syllables]
    for kind, said in (("", syllables), ("~", loose)):
        initials = [syllable[:1] for syllable in said]
        yield from (f"{kind}i {one}{two}" for one, two in pairwise(initials))
        yield from (f"{kind}i {''.join(three)}" for three in zip(initials, initials[1:], initials[2:], strict=False))
        yield from (f"{kind}s {syllable}" for syllable in said)
        yield from (f"{kind}s {one} {two}" for one, two in pairwise(said))
        for here, there, one, two in zip(signs, signs[1:], initials, initials[1:], strict=False):
            yield f"{kind}m {here}{two}"
            yield f"{kind}m {one}{there}"


def of_letters(text: str, *, loosely: bool = False) -> list[int]:
    """The terms that typed letters ask for, none where none were typed; `loosely`: with the usual pairs."""
    plain = normal(folded(text))
    if not re.search("[a-z]", plain):
        return []
    kinds = ("", "~") if loosely else ("",)
    return [hashed(f"{kind}{gram}") for kind in kinds for gram in dict.fromkeys(_asked(plain, kind == "~"))]


def _asked(plain: str, loosely: bool) -> Iterator[str]:
    pieces = _TYPED.findall(plain)
    cut: list[list[Sequence[str]]] = [list(ways(piece[:_MOST])) if piece.isascii() else [(piece,)] for piece in pieces]
    for choices in cut:
        for way in choices:
            if not is_han(way[0]):
                yield from _of_way(way, loosely)
    for before, behind in pairwise(cut):
        one, two = before[0][-1], behind[0][0]
        if is_han(one) != is_han(two):
            yield f"m {_first(one, loosely)}{_first(two, loosely)}"


def _first(sign: str, loosely: bool) -> str:
    return sign if is_han(sign) else (fuzzy(sign) if loosely else sign)[:1]


def _of_way(way: Sequence[str], loosely: bool) -> Iterator[str]:
    said = [fuzzy(each) for each in way] if loosely else list(way)
    initials = [each[:1] for each in said]
    yield from (f"i {one}{two}" for one, two in pairwise(initials))
    yield from (f"i {''.join(three)}" for three in zip(initials, initials[1:], initials[2:], strict=False))
    whole = [each if (len(each) > 1 and each in _known()) or each in "aeo" else "" for each in way]
    spoken = [fuzzy(each) if loosely else each for each in whole]
    yield from (f"s {each}" for each in spoken if each)
    yield from (f"s {one} {two}" for one, two in pairwise(spoken) if one and two)


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
    if piece in _known() and len(piece) > 1:
        return 1.0
    if last and len(piece) > 1 and piece in _begun():
        return 1.2
    # An initial tells less than a syllable: of two ways the one with fewer of them is meant.
    return 1.6 if len(piece) == 1 or piece in ("zh", "ch", "sh") else 0.0


def fuzzy(syllable: str) -> str:
    """One for all that are heard alike: z and zh, n and l, in and ing and the like."""
    return min(heard_as(syllable))


@cache
def _begun() -> frozenset[str]:
    return frozenset(syllable[:length] for syllable in _known() for length in range(2, len(syllable)))


@cache
def _known() -> frozenset[str]:
    """Every syllable of standard Chinese, without tones."""
    text = files("hotline_tui.data.reference").joinpath("syllables.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
