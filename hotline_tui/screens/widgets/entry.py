"""Where people type: one line, or a narrative; both keep the input method's window at the cursor."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import Screen
from textual.widgets import Input, TextArea

from hotline_tui.rules.text import clean, clean_line
from hotline_tui.screens.widgets import breaks

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_WIDE_SPACES = re.compile("[\u00a0\u3000]")

breaks.install()


def harmless(text: str) -> str:
    """The text with wide spaces narrowed and without characters that cannot be seen; line ends are dropped too."""
    return _UNSEEN.sub("", _WIDE_SPACES.sub(" ", text))


class HotlineInput(Input):
    """A one-line entry of one row, without blinking, for Chinese input methods."""

    def __init__(self, value: str | None = None, placeholder: str = "", **options: object) -> None:
        options.setdefault("compact", True)
        options.setdefault("select_on_focus", False)
        super().__init__(value, placeholder, **options)  # type: ignore[arg-type]
        # A blink repaints twice a second: bytes on a thin line, and it wipes a half-typed phrase.
        self.cursor_blink = False

    def on_mount(self) -> None:
        """Follow every change of the layout."""
        self.screen.screen_layout_refresh_signal.subscribe(self, self._place_cursor, immediate=True)

    def validate_value(self, value: str) -> str:
        """What cannot be seen never gets in."""
        return harmless(value)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the next character will stand: the input method opens its window there."""
        x, y, _width, _height = self.content_region
        return Offset(x + self._position_to_cell(self.cursor_position) - self.scroll_offset.x, y)

    def _position_to_cell(self, position: int) -> int:
        return position if self.password else super()._position_to_cell(position)

    @property
    def _value(self) -> Text:
        # The usual bullet is one cell or two, depending on the terminal.
        return Text("*" * len(self.value), no_wrap=True, end="") if self.password else super()._value

    def replace(self, text: str, start: int, end: int) -> None:
        """What goes beyond the limit is left out, and told."""
        room = self.max_length - len(self.value) + abs(end - start) if self.max_length else len(text)
        if len(text) > room:
            tell(self, f"这一栏最多 {self.max_length} 字, 有 {len(text) - max(0, room)} 字没有填入")
            text = text[: max(0, room)]
        super().replace(text, start, end)

    def _place_cursor(self, _screen: Screen[object]) -> None:
        place_cursor(self)

    async def _on_key(self, event: events.Key) -> None:
        if event.character in ("\u3000", "\u00a0"):
            event.prevent_default()
            event.stop()
            self.replace(" ", *self.selection)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if line := clean_line(event.text):
            self.replace(line, *self.selection)


def _without_screen_keys(bindings: Iterable[BindingType]) -> list[BindingType]:
    """A text area takes F6, F7 and Ctrl+F for itself; here they are the screen's."""
    kept: list[BindingType] = []
    for binding in bindings:
        if isinstance(binding, Binding):
            keys = [key for key in binding.key.split(",") if key not in ("f6", "f7", "ctrl+f")]
            if keys:
                kept.append(replace(binding, key=",".join(keys)))
    return kept


class Narrative(TextArea, inherit_bindings=False):
    """Plain text of many lines, wrapped for Chinese; a paste of any length arrives whole."""

    BINDINGS: ClassVar[list[BindingType]] = _without_screen_keys(TextArea.BINDINGS)

    def __init__(self, text: str = "", **options: object) -> None:
        options.setdefault("compact", True)
        super().__init__(
            lines_without_harm(text),
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            **options,  # type: ignore[arg-type]
        )
        self.cursor_blink = False

    def on_mount(self) -> None:
        """Follow every change of the layout."""
        self.screen.screen_layout_refresh_signal.subscribe(self, self._place_cursor, immediate=True)

    def _place_cursor(self, _screen: Screen[object]) -> None:
        place_cursor(self)

    async def _on_key(self, event: events.Key) -> None:
        if event.character in ("\u3000", "\u00a0") and not self.read_only:
            event.prevent_default()
            event.stop()
            self._replace_via_keyboard(" ", *self.selection)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if not self.read_only and (done := self._replace_via_keyboard(lines_without_harm(event.text), *self.selection)):
            self.move_cursor(done.end_location)

    def load_text(self, text: str) -> None:
        """Replace the text; the undo history is forgotten."""
        super().load_text(lines_without_harm(text))


def lines_without_harm(text: str) -> str:
    """The text as a narrative holds it."""
    return _WIDE_SPACES.sub(" ", clean(text))


def tell(entry: HotlineInput, sentence: str) -> None:
    """Say it where the screen, or the box, says such things."""
    say = getattr(entry.screen, "flash", None) or getattr(entry.screen, "complain", None)
    if say is not None:
        say(sentence)


def place_cursor(entry: HotlineInput | Narrative) -> None:
    """Put the terminal's own cursor where the entry's cursor is, if the entry has the focus."""
    if not entry.has_focus or not entry.screen.is_active:
        return
    place = entry.cursor_screen_offset
    if entry.app.cursor_position != place:
        entry.app.cursor_position = place
        # The terminal's cursor moves with the next bytes written; without a repaint there are none.
        entry.refresh()
