"""Finding names as people type them: by characters, by full pinyin, by initials, or mixed (身份z, xinhejd)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PLAIN = str.maketrans("", "", " '’·-_()（）,，.。、/")
_LONG_RUN = 64
_HISSED = {"zh": "z", "ch": "c", "sh": "s"}
_LIQUID = {"n": "l", "l": "n"}
_NASAL = {"ing": "in", "eng": "en", "in": "ing", "en": "eng"}
_PHRASES = {"工商行政": [["gōng"], ["shāng"], ["xíng"], ["zhèng"]]}
"""What pypinyin's own phrases read wrong."""


def spell(text: str) -> str:
    """The spelling to store beside `text`: one syllable or sign per character, by blanks; words decide heteronyms.

    Imports pypinyin, which is slow to load: for storing, never while somebody types.
    """
    from pypinyin import Style, lazy_pinyin

    _learn()
    return " ".join(lazy_pinyin(normal(text), style=Style.NORMAL, errors=" ".join, v_to_u=False))


@lru_cache(maxsize=1)
def _learn() -> None:
    """Once: pypinyin goes through its whole dictionary for it."""
    from pypinyin import load_phrases_dict

    load_phrases_dict(_PHRASES)


def normal(text: str) -> str:
    """The text with full-width forms narrowed, in lower case, without blanks and punctuation."""
    return unicodedata.normalize("NFKC", text).lower().translate(_PLAIN)


def match(query: str, label: str, spelling: str, *, loosely: bool = False) -> int | None:
    """How well `query` names `label` with its stored `spelling`; None if it does not. `loosely`: z for zh and the like.

    From best: the whole name, its beginning, a part of it, the beginning in pinyin, a part in pinyin,
    its characters with gaps (住建局), its initials with gaps. Of equals the shorter name wins.
    """
    wanted = normal(query)
    if not wanted:
        return 0
    characters, syllables = _aligned(label, spelling)
    shorter = max(0, 99 - len(characters))
    if len(wanted) > _LONG_RUN:
        return None
    where = characters.find(wanted)
    if where >= 0:
        rank = 9 if wanted == characters else 8 if where == 0 else 7
        return 100 * rank + shorter
    for start in range(len(syllables)):
        end = _reaches(wanted, characters, syllables, start, loosely=loosely)
        if end is not None:
            rank = 5 if start else 6
            return 100 * rank + shorter
    if len(wanted) > 1:
        if _with_gaps(wanted, characters):
            return 200 + shorter
        if wanted.isascii() and _with_gaps(wanted, "".join(syllable[:1] for syllable in syllables)):
            return 100 + shorter
    return None


@lru_cache(maxsize=8192)
def _aligned(label: str, spelling: str) -> tuple[str, tuple[str, ...]]:
    characters = normal(label)
    syllables = tuple(spelling.split())
    # A name without a stored spelling, or changed since, is found by its characters alone.
    return characters, syllables if len(syllables) == len(characters) else tuple(characters)


def _reaches(wanted: str, characters: str, syllables: tuple[str, ...], start: int, *, loosely: bool) -> int | None:
    """Where a run of syllables from `start` ends that spells `wanted`, each by its character or any beginning of it."""
    ends = {0}
    for place in range(start, len(syllables)):
        said = heard_as(syllables[place]) if loosely else (syllables[place],)
        further = set[int]()
        for at in ends:
            if wanted[at] == characters[place]:
                further.add(at + 1)
            for syllable in said:
                length = 0
                while length < len(syllable) and at + length < len(wanted) and wanted[at + length] == syllable[length]:
                    length += 1
                    further.add(at + length)
        if len(wanted) in further:
            return place + 1
        if not further:
            return None
        ends = further
    return None


@lru_cache(maxsize=1024)
def heard_as(syllable: str) -> tuple[str, ...]:
    """A syllable in every way that speakers of the south may type it, itself first: z and zh, c and ch, s and sh, n and
    l at its beginning, in and ing, en and eng at its end.
    """
    initial = next((each for each in (*_HISSED, *_HISSED.values(), *_LIQUID) if syllable.startswith(each)), "")
    hissed = _HISSED | {short: long for long, short in _HISSED.items()}
    initials = {initial, hissed.get(initial, initial), _LIQUID.get(initial, initial)}
    rest = syllable[len(initial) :]
    final = next((each for each in _NASAL if rest.endswith(each)), "")
    finals = {final, _NASAL.get(final, final)}
    stem = rest[: len(rest) - len(final)]
    ways = {f"{one}{stem}{two}" for one in initials for two in finals}
    return (syllable, *sorted(ways - {syllable}))


def _with_gaps(wanted: str, text: str) -> bool:
    rest = iter(text)
    return all(character in rest for character in wanted)
