"""Text of citizens on its way to the terminal: data, never markup, never control sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from hotline_tui.rules.text import clean

if TYPE_CHECKING:
    from hotline_tui.data.search.matched import Pieces

# Joins emoji, or changes the width of the sign before it; terminals disagree on the result.
_WIDTH_CHANGERS = dict.fromkeys([0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)])

OVERDUE = "bold red"
DUE_SOON = "yellow"
GOOD = "green"
FAINT = "dim"
STRONG = "bold"
MATCHED = "bold underline"
"""What was looked for: shows without colours, and in a row that is bold."""


def line_of(text: str) -> str:
    """One harmless line; blanks inside it and before it stay as they are."""
    return lines_of(text).replace("\n", " ").replace("\t", " ")


def lines_of(text: str) -> str:
    """Harmless text that keeps its line ends."""
    return clean(text).translate(_WIDTH_CHANGERS)


def painted(text: str, pieces: Pieces | None, *, lines: bool = False) -> Text:
    """Harmless text, on one line unless `lines`, with these pieces of it marked; it is never markup."""
    plain = lines_of(text) if lines else line_of(text)
    shown = Text(plain)
    for begin, end in pieces.spans(plain) if pieces else ():
        shown.stylize(MATCHED, begin, end)
    return shown


def fit(text: str | Text, width: int) -> Text:
    """Exactly `width` cells of one harmless line; what was cut off ends in two dots."""
    raw = text.plain if isinstance(text, Text) else text
    # A line of any length costs no more than a few widths of it.
    plain = line_of(raw[: 8 * width + 64])
    if isinstance(text, Text) and plain == raw.rstrip():
        line = text.copy()
    else:
        line = Text(plain, style=text.style if isinstance(text, Text) else "")
    line.no_wrap, line.end = True, ""
    cells = cell_len(line.plain)
    if cells <= width:
        line.append(" " * (width - cells))
    else:
        dots = ".." if width > 3 else ""
        line.plain = set_cell_size(line.plain, width - len(dots))
        line.append(dots)
    return line
