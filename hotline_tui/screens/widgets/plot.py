"""A small plot of plain signs, one column per value: every terminal draws them, and each is one cell wide."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from hotline_tui.screens.widgets.display import fit
from hotline_tui.screens.widgets.lines import strip_of

# Thirds of a cell, from the bottom.
_SIGNS = " .:#"
_STEPS = len(_SIGNS) - 1
_WIDEST = 3


def plot(values: Sequence[int], width: int, height: int) -> list[str]:
    """Columns over a base line, with the greatest value and 0 at the left; values are not negative."""
    most = max(values, default=0)
    margin = max(len(str(most)), 4) + 1
    cell = max(1, min(_WIDEST, (width - margin) // max(1, len(values))))
    levels = [_level(value, most, height) for value in values]
    lines: list[str] = []
    for row in range(height - 1, -1, -1):
        label = "0" if row == 0 else str(most) if row == height - 1 and most else ""
        signs = (_SIGNS[max(0, min(_STEPS, level - _STEPS * row))] for level in levels)
        bars = "".join((sign * max(1, cell - 1)).ljust(cell) for sign in signs)
        lines.append(f"{label:>{margin - 1}} {bars}"[:width])
    return lines


def _level(value: int, most: int, height: int) -> int:
    """In thirds of a cell; whatever is not nothing is seen."""
    return max(1, round(value / most * height * _STEPS)) if value > 0 else 0


class Plot(Widget):
    """The plot as a widget; painted again only when a value differs."""

    DEFAULT_CSS = "Plot { height: 3; width: 100%; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._values: tuple[int, ...] = ()

    def show(self, values: Sequence[int]) -> None:
        """Show these values, the first at the left."""
        if tuple(values) != self._values:
            self._values = tuple(values)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        width, height = self.size
        lines = plot(self._values, width, height) if self._values else []
        return strip_of(fit(Text(lines[y] if y < len(lines) else ""), width), self)
