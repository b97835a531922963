"""Finding names as people type them: by characters, by full pinyin, by initials, or mixed (身份z, xinhejd)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_STOPS = " '’·-_()（）,，.。、/"
_PLAIN = str.maketrans("", "", _STOPS)
_STOP = re.compile(f"[{re.escape(_STOPS)}]+")
_LONG_RUN = 64
_HISSED = {"zh": "z", "ch": "c", "sh": "s"}
_LIQUID = {"n": "l", "l": "n"}
_NASAL = {"ing": "in", "eng": "en", "in": "ing", "en": "eng"}
_PHRASES = {
    "工商行政": "gōng shāng xíng zhèng",
    "长宁区": "cháng níng qū",
    "单县": "shàn xiàn",
    "还款": "huán kuǎn",
    "还房贷": "huán fáng dài",
    "还建": "huán jiàn",
    "还迁": "huán qiān",
    "还田": "huán tián",
    "支行": "zhī háng",
    "商行": "shāng háng",
    "朝阳": "cháo yáng",
    "调休": "tiáo xiū",
    "重做": "chóng zuò",
    "给排水": "jǐ pái shuǐ",
}
"""What pypinyin's own phrases read wrong."""


def spell(text: str) -> str:
    """The spelling to store beside `text`: one syllable or sign per character, by blanks; words decide heteronyms. Each
    line by itself.

    Imports pypinyin, which is slow to load: for storing, never while somebody types.
    """
    from pypinyin import Style, lazy_pinyin

    _learn()
    lines = (lazy_pinyin(normal(line), style=Style.NORMAL, errors=" ".join, v_to_u=False) for line in text.split("\n"))
    return "\n".join(map(" ".join, lines))


@lru_cache(maxsize=1)
def _learn() -> None:
    """Once: pypinyin goes through its whole dictionary for it."""
    from pypinyin import load_phrases_dict

    load_phrases_dict({word: [[said] for said in spelling.split()] for word, spelling in _PHRASES.items()})


def normal(text: str) -> str:
    """The text with full-width forms narrowed, in lower case, without blanks and punctuation."""
    return unicodedata.normalize("NFKC", text).lower().translate(_PLAIN)


def parts(text: str) -> list[str]:
    """What `normal` puts together: the parts between blanks and punctuation."""
    return list(filter(None, _STOP.split(unicodedata.normalize("NFKC", text).lower())))


def match(query: str, label: str, spelling: str, *, loosely: bool = False) -> int | None:
    """How well `query` names `label` with its stored `spelling`; None if it does not. `loosely`: z for zh and the like.

    From best: the whole name, its beginning, a part of it, the beginning in pinyin, a part in pinyin,
    its characters with gaps (住建局), its pinyin with gaps (sfzbb, zhujianju). Of equals the one with fewer gaps wins,
    then the shorter name.
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
        if _in_order(wanted, characters):
            return 200 + shorter
        pieces = _with_gaps(wanted, characters, syllables, loosely=loosely)
        if pieces is not None:
            return 100 + max(0, shorter // 10 + 90 - 10 * pieces)
    return None


@lru_cache(maxsize=8192)
def _aligned(label: str, spelling: str) -> tuple[str, tuple[str, ...]]:
    characters = normal(label)
    syllables = tuple(spelling.split())
    # A name without a stored spelling, or changed since, is found by its characters alone.
    return characters, syllables if len(syllables) == len(characters) else tuple(characters)


def _reaches(wanted: str, characters: str, syllables: tuple[str, ...], start: int, *, loosely: bool) -> int | None:
    """Where a run of syllables from `start` ends that spells `wanted`."""
    ends = {0}
    for place in range(start, len(syllables)):
        ends = {
            further
            for at in ends
            for further in _read(wanted, at, characters[place], syllables[place], loosely=loosely)
        }
        if len(wanted) in ends:
            return place + 1
        if not ends:
            return None
    return None


def _read(wanted: str, at: int, character: str, syllable: str, *, loosely: bool) -> Iterator[int]:
    """How far `wanted` may be read from here as this character: by itself or any beginning of its syllable."""
    if at < len(wanted) and wanted[at] == character:
        yield at + 1
    for said in heard_as(syllable) if loosely else (syllable,):
        for length, (one, two) in enumerate(zip(wanted[at:], said, strict=False), 1):
            if one != two:
                break
            yield at + length


def _with_gaps(wanted: str, characters: str, syllables: tuple[str, ...], *, loosely: bool) -> int | None:
    """Of how many runs of neighbours `wanted` is read at the least; None where it cannot be."""
    if not wanted[0].isascii() and wanted[0] not in characters:
        return None
    apart: dict[int, int] = {0: 0}
    beside: dict[int, int] = {}
    for character, syllable in zip(characters, syllables, strict=True):
        here: dict[int, int] = {}
        for known, more in ((beside, 0), (apart, 1)):
            for at, pieces in known.items():
                for further in _read(wanted, at, character, syllable, loosely=loosely):
                    here[further] = min(pieces + more, here.get(further, pieces + more))
        for at, pieces in beside.items():
            apart[at] = min(pieces, apart.get(at, pieces))
        beside = here
    return min((known[len(wanted)] for known in (apart, beside) if len(wanted) in known), default=None)


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


def _in_order(wanted: str, text: str) -> bool:
    rest = iter(text)
    return all(character in rest for character in wanted)
