"""Where a line of Chinese may end: the one rule for what is read, told in a box, or typed."""

from __future__ import annotations

import re

import rich._wrap
import textual._wrap

CLOSING = "，。、；：？！）》〉」』】〕”’…"
"""Signs of full width that must not begin a line."""
_CLOSE = rf"[{CLOSING}),.:;!?%\]}}]"
_OPEN = r"[（《〈「『【〔“‘(\[{]"
_NUMERALS = "[零一二三四五六七八九十百]{1,5}"
_ARTICLE = rf"[(（]?第{_NUMERALS}条(?:[(（]{_NUMERALS}[)）])?[0-9]{{0,2}}[)）]?"
_LATIN = r"[\x21-\x7e]+(?<![(\[{])"

CHUNK = re.compile(
    # A number of a list stays with what it numbers; an article is read as one word; opening signs stay with what
    # follows, closing ones with what precedes.
    rf"{_OPEN}{{0,4}}(?:[0-9]{{1,3}}[.、]\s{{0,3}})?(?:{_ARTICLE}|[^\x00-\x7f\s]|{_LATIN})"
    rf"{_CLOSE}*(?:\s+[{CLOSING}]+)*\s*|{_OPEN}+\s*|\s+|."
)
"""What stays together on a line, unless it is wider than the line."""


def install() -> None:
    """Textual and rich break lines at white space only, and Chinese has none."""
    textual._wrap.re_chunk = CHUNK  # noqa: SLF001 - Textual offers no other way
    rich._wrap.re_word = CHUNK  # noqa: SLF001 - nor does rich
