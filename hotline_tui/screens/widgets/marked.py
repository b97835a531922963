"""Entries in which some places stand out, such as personal information in a text that will be public."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from hotline_tui.screens.widgets.entry import HotlineInput, Narrative

Span = tuple[int, int]
MARKED = "bold underline red"
POINTED = "bold reverse"


class MarkedNarrative(Narrative):
    """`mark` says which places; they are painted, not changed."""

    def __init__(self, text: str = "", **options: object) -> None:
        self._marks: tuple[Span, ...] = ()
        self._pointed: int | None = None
        super().__init__(text, **options)

    def mark(self, marks: Sequence[Span], pointed: int | None = None) -> None:
        """Places in characters from the beginning of the text, and which of them the list beside it stands on."""
        if (tuple(marks), pointed) != (self._marks, self._pointed):
            self._marks, self._pointed = tuple(marks), pointed
            self._line_cache.clear()
            self.refresh()

    def location(self, place: int) -> tuple[int, int]:
        """Row and column of a place."""
        before = self.text[:place]
        return before.count("\n"), place - (before.rfind("\n") + 1)

    def get_line(self, line_index: int) -> Text:
        """The line with its marks."""
        line = super().get_line(line_index)
        if self._marks:
            begin = sum(len(self.document.get_line(row)) + 1 for row in range(line_index))
            for number, (start, end) in enumerate(self._marks):
                if start < begin + len(line) and end > begin:
                    style = POINTED if number == self._pointed else MARKED
                    line.stylize(style, max(0, start - begin), max(0, end - begin))
        return line


class MarkedInput(HotlineInput):
    """The same in one line."""

    _marks: tuple[Span, ...] = ()
    _pointed: int | None = None

    def mark(self, marks: Sequence[Span], pointed: int | None = None) -> None:
        """Places in characters from the beginning, and which of them the list beside it stands on."""
        if (tuple(marks), pointed) != (self._marks, self._pointed):
            self._marks, self._pointed = tuple(marks), pointed
            self.refresh()

    @property
    def _value(self) -> Text:
        value = super()._value
        for number, (start, end) in enumerate(self._marks):
            value.stylize(POINTED if number == self._pointed else MARKED, start, end)
        return value


def carried(marks: Sequence[Span], before: str, after: str) -> list[Span | None]:
    """Where each place is after an edit; None for one that was touched."""
    head = _same(before, after)
    most = min(len(before), len(after)) - head
    tail = min(most, _same(before[::-1], after[::-1]))
    moved = len(after) - len(before)
    return [
        (start, end) if end <= head else (start + moved, end + moved) if start >= len(before) - tail else None
        for start, end in marks
    ]


def _same(one: str, other: str) -> int:
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
