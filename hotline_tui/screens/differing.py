"""What a version of a standard answer says otherwise than another: in signs that show without colours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from rich.text import Text

from hotline_tui.rules.differences import Kind, differences
from hotline_tui.screens.widgets.display import GOOD, OVERDUE, lines_of
from hotline_tui.screens.widgets.pages import Para

if TYPE_CHECKING:
    from collections.abc import Sequence

LEGEND = "[-删去的-] [+新增的+]"
_LOOKS = {Kind.KEPT: ("", "", ""), Kind.GONE: ("[-", "-]", OVERDUE), Kind.NEW: ("[+", "+]", GOOD)}


def told_apart(told: Sequence[tuple[str, str, str]]) -> Iterator[Para]:
    """Of each field, by its label, what went and what came; the fields that stayed in one line."""
    changed = [(label, before, after) for label, before, after in told if before != after]
    for label, before, after in changed:
        yield Para(Text(f"{label} ").append_text(marked(before, after)), hang=5)
    if not changed:
        yield Para("内容相同")
    elif len(changed) < len(told):
        kept = [label for label, before, after in told if before == after]
        yield Para(f"{'、'.join(kept)}不变")


def marked(before: str, after: str) -> Text:
    """Both texts in one."""
    text = Text()
    for piece in differences(lines_of(before), lines_of(after)):
        first, last, style = _LOOKS[piece.kind]
        text.append(f"{first}{piece.text}{last}", style=style)
    return text


def span(first: date | None, last: date | None) -> str:
    """While it holds."""
    return f"{first or ''} 至 {last}" if last else f"自 {first} 起长期" if first else "长期"
