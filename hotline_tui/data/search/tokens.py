"""Text as a search sees it: one form, cut into terms, each a whole number of 64 bits (the same on every machine).

A term is a pair of neighbouring signs, a word of letters or digits, or a single character of a title. Where they are
told apart matters nowhere else: an index holds numbers only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import pairwise

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[0-9a-z{HAN}]+")
_WORD = re.compile(r"[a-z]+|[0-9]+")
ASKING = re.compile("怎么样|怎么办|怎么|怎样|如何|什么|哪里|哪儿|请问|是否|可不可以|能不能|吗|呢")
"""How a question is put."""
SOMEWHERE = re.compile("我们?家里?|家里|家中|我们小区|小区")
"""Where it is, as it is said of every place."""
SIGN_BITS = 21
_HASHED = 1 << 63
VERSION = 1
"""Of the terms: an index of another version is made again."""


def folded(text: str) -> str:
    """The text with full-width forms narrowed, in lower case, traditional characters simplified."""
    return simplified(unicodedata.normalize("NFKC", text).lower())


def simplified(text: str) -> str:
    """The text with traditional characters simplified, each by one."""
    return text.translate(_simplified())


def as_written(piece: str, text: str) -> str:
    """A piece of a folded text in the signs in which it stands in the text; itself where it does not."""
    found = folded(text).find(piece)
    if found < 0 or not piece:
        return piece
    if folded(written := text[found : found + len(piece)]) == piece:
        return written
    # Some signs are folded to several: ㎡ to m2.
    plain, signs = "", list[int]()
    for at, sign in enumerate(text):
        told = folded(sign)
        plain += told
        signs += [at] * len(told)
    found = plain.find(piece)
    return piece if found < 0 else text[signs[found] : signs[found + len(piece) - 1] + 1]


def runs(text: str) -> list[str]:
    """What stands between punctuation and blanks."""
    return _RUN.findall(folded(text))


def words(text: str) -> list[str]:
    """Its words of letters and of digits."""
    return _WORD.findall(folded(text))


def is_han(sign: str) -> bool:
    """A Chinese character, not a letter or digit."""
    return not sign.isascii()


def pairs(run: str) -> Iterator[str]:
    """Each two neighbours."""
    return map("".join, pairwise(run))


def of_text(text: str) -> list[int]:
    """The terms of a text that is to be found: pairs, and words of letters or digits."""
    found: list[int] = []
    for run in runs(text):
        found += map(pair, run, run[1:])
        found += map(hashed, filter(_long, _WORD.findall(run)))
    return found


def of_title(text: str) -> list[int]:
    """Its single signs: what one character alone can ask for."""
    return [ord(sign) for run in runs(text) for sign in run]


def of_query(text: str) -> list[int]:
    """What is asked for: as `of_text`, and a sign by itself where it stands alone.

    How the question is put (怎么, 如何) counts only where nothing else was said.
    """
    plain = folded(text)
    said = ASKING.sub(" ", plain)
    return _asked(said) or _asked(plain)


def matter_of(text: str) -> str:
    """The text without where it is, as far as that is said of every place; itself where nothing else is said."""
    said = SOMEWHERE.sub(" ", folded(text))
    return said if _RUN.search(ASKING.sub(" ", said)) else text


def _asked(plain: str) -> list[int]:
    found: list[int] = []
    for run in _RUN.findall(plain):
        found += map(pair, run, run[1:]) if len(run) > 1 else [ord(run)]
        found += map(hashed, filter(_long, _WORD.findall(run)))
    return found


def pair(one: str, two: str) -> int:
    """Two neighbouring signs."""
    return ord(one) << SIGN_BITS | ord(two)


def hashed(word: str) -> int:
    """A word, or whatever else is told by its letters."""
    return _HASHED | int.from_bytes(blake2b(word.encode(), digest_size=8).digest())


def _long(word: str) -> bool:
    """A word of one or two signs is a sign or a pair already."""
    return len(word) > 2


@cache
def _simplified() -> dict[int, str]:
    lines = files("hotline_tui.data.reference").joinpath("simplified.txt").read_text(encoding="utf-8").splitlines()
    signs = "".join(line for line in lines if not line.startswith("#"))
    return {ord(one): two for one, two in zip(signs[::2], signs[1::2], strict=True)}
