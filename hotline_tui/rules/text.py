"""What text may hold when it comes in, by keyboard, paste or file."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters: they would drive the terminal
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction overrides: they make text read as what it is not
    "\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # of no width
    "\ud800-\udfff\ufffe\uffff]"  # no database stores them
)


def clean(text: str) -> str:
    """The text without control, direction and zero-width characters, line ends as LF, no space at the end of a line."""
    if text.isprintable():  # then none of all this is in it, and a space is the only white space
        return text.rstrip(" ")
    return "\n".join(line.rstrip() for line in _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)).split("\n"))


def clean_line(text: str) -> str:
    """The same as one line: every run of white space is one space, none at the ends."""
    return " ".join(clean(text).split())
