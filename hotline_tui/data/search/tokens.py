"""Text as a search sees it: one form, cut into characters, pairs of characters, and words of letters and digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from operator import add

_RUN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[a-z]+|[0-9]+")
_ASKING = re.compile("(怎么样|怎么办|怎么|怎样|如何|什么|哪里|哪儿|请问|是否|可不可以|能不能|吗|呢)")


def folded(text: str) -> str:
    """The text with full-width forms narrowed and in lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> list[str]:
    """What stands between punctuation: runs of characters, of letters, of digits."""
    return _RUN.findall(folded(text))


def indexed(text: str) -> list[str]:
    """What an article is found by: each character, each pair of neighbours, each word."""
    found: list[str] = []
    for run in runs(text):
        if is_word(run):
            found.append(run)
        else:
            found += run
            found += pairs(run)
    return found


def asked(text: str) -> Iterator[str]:
    """What a query asks for: pairs of neighbours, a character only where it stands alone, words.

    How the question is put (怎么, 如何) counts only where nothing else was said.
    """
    terms, asking = list[str](), list[str]()
    for run in runs(text):
        if is_word(run):
            terms.append(run)
            continue
        for piece in filter(None, _ASKING.split(run)):
            into = asking if _ASKING.fullmatch(piece) else terms
            into.extend(pairs(piece) if len(piece) > 1 else piece)
    yield from terms or asking


def pairs(run: str) -> Iterator[str]:
    """Each two neighbours."""
    return map(add, run, run[1:])


def is_word(run: str) -> bool:
    """Letters or digits, not Chinese characters."""
    return run.isascii()
