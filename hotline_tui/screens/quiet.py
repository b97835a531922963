"""Quiet while somebody types, on a page and in a box: a repaint may wipe a phrase that an input method holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from textual import events, on
from textual.screen import Screen
from textual.widgets import Input, TextArea

ResultT = TypeVar("ResultT")


class Quiet(Screen[ResultT]):
    """A screen that keeps what nobody asked for until nothing is being typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._held: dict[str, Callable[[], object]] = {}

    @property
    def typing(self) -> bool:
        """Whether an entry has the focus: then an input method may hold a half-typed phrase."""
        return isinstance(self.focused, Input | TextArea)

    def hold(self, key: str, repaint: Callable[[], object]) -> None:
        """Run `repaint` now, or, while an entry has the focus, at the next key typed or when the focus goes.

        For every repaint that nobody asked for: ticks, refreshed counts, news. The last one for a key wins.
        """
        if self.typing:
            self._held[key] = repaint
        else:
            repaint()

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(events.DescendantBlur)
    def _release_held(self) -> None:
        held, self._held = self._held, {}
        for repaint in held.values():
            repaint()
