"""Text to be read, under a heading, a page at a time: wrapped for Chinese, without scroll bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual._wrap import compute_wrap_offsets
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hotline_tui.screens.widgets import breaks
from hotline_tui.screens.widgets.display import STRONG, fit, lines_of
from hotline_tui.screens.widgets.lines import rule, strip_of

breaks.install()


@dataclass(frozen=True)
class Para:
    """A paragraph; lines after the first are indented by `hang` cells."""

    text: str | Text
    hang: int = 0


@dataclass(frozen=True)
class Heading:
    """A heading within the text, filled up with dashes."""

    title: str
    right: str = ""


Part = Para | Heading


class Pages(ScrollView, can_focus=True):
    """`show` replaces the text. The heading says how many lines are hidden above and below."""

    DEFAULT_CSS = """
    Pages {
        height: 1fr; width: 1fr; overflow: hidden hidden; scrollbar-size: 0 0;
        & > .pages--head { text-style: none; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"pages--head"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "turn(-1)", show=False),
        Binding("down", "turn(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    def __init__(
        self,
        title: str = "",
        *,
        empty: str = "",
        alone: bool = False,
        id: str | None = None,  # noqa: A002 - as in Textual
    ) -> None:
        """`alone`: nothing else can have the focus, so that the heading need not show it."""
        super().__init__(id=id)
        self.title = title
        self.empty = empty
        self.alone = alone
        self._parts: tuple[Part, ...] = ()
        self._lines: list[Text] = []
        self._top = 0
        self._of: object = None
        self._end = False

    @property
    def plain(self) -> str:
        """All of the text as it is wrapped now."""
        return "\n".join(line.plain for line in self._lines)

    def show(self, parts: Iterable[Part], *, of: object = None, end: bool = False, title: str | None = None) -> None:
        """Show this. The place is kept while it is `of` the same thing; else the beginning, or the end, is shown."""
        parts = tuple(parts)
        same = of == self._of and of is not None
        if same and parts == self._parts and title in (None, self.title):
            return
        at_end = self._top >= self._last
        if title is not None:
            self.title = title
        self._parts, self._of, self._end = parts, of, end
        self._wrap()
        if not same:
            self._top = self._last if end else 0
        elif end and at_end:
            self._top = self._last
        self._top = min(self._top, self._last)
        self.refresh()

    def action_turn(self, step: int) -> None:
        """Some lines up or down."""
        self._go(self._top + step)

    def action_page(self, step: int) -> None:
        """A page up or down, with a line of the one before."""
        self._go(self._top + step * max(1, self._page - 1))

    def action_edge(self, step: int) -> None:
        """To the beginning or the end."""
        self._go(self._last if step > 0 else 0)

    def on_mouse_scroll_down(self) -> None:
        """The wheel."""
        self.action_turn(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel."""
        self.action_turn(-3)

    def on_resize(self) -> None:
        """Wrap for the new width."""
        at_end = self._end and self._top >= self._last
        self._wrap()
        self._top = self._last if at_end or (self._end and self._top == 0) else min(self._top, self._last)
        self.refresh()

    def on_focus(self) -> None:
        """The heading shows where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """It steps back."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        if y == 0:
            return strip_of(self._head(width), self)
        place = self._top + y - 1
        if place >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        return strip_of(fit(self._lines[place], width), self)

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def _last(self) -> int:
        return max(0, len(self._lines) - self._page)

    def _head(self, width: int) -> Text:
        above, below = self._top, len(self._lines) - self._top - self._page
        hidden = [f"{side} {many} 行" for side, many in (("上", above), ("下", below)) if many > 0]
        more = f"更多: {' '.join(hidden)}" if hidden else ""
        pointed = self.has_focus and not self.alone
        mark = "> " if pointed else ""
        line = fit(Text(rule(f"{mark}{self.title}", width, more), style=STRONG if pointed else ""), width)
        line.stylize_before(self.get_component_rich_style("pages--head", partial=True))
        return line

    def _go(self, place: int) -> None:
        place = max(0, min(place, self._last))
        if place != self._top:
            self._top = place
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The heading and every line, so that `height: auto` works."""
        return 1 + len(self._wrapped(width))

    def _wrap(self) -> None:
        self._lines = self._wrapped(self.size.width)

    def _wrapped(self, width: int) -> list[Text]:
        parts: Sequence[Part] = self._parts or ((Para(self.empty),) if self.empty else ())
        return [line for part in parts for line in wrapped(part, width - 1)] if width > 2 else []


def wrapped(part: Part, width: int) -> Iterator[Text]:
    """The part in lines of at most `width` cells."""
    if isinstance(part, Heading):
        yield Text(rule(part.title, width, part.right))
        return
    text = part.text if isinstance(part.text, Text) else Text(lines_of(part.text))
    for number, line in enumerate(text.split("\n", allow_blank=True)):
        hang = part.hang if part.hang < width // 2 else 0
        *heads, last = line.divide(_ends(line.plain, width if number == 0 else width - hang, width - hang))
        for place, each in enumerate((*heads, last)):
            if each is not last:
                each.rstrip()
            yield each if number == place == 0 else _indented(each, hang)


def _ends(plain: str, first: int, others: int) -> list[int]:
    """Where the lines of a paragraph end, the last one left out; a line of any length costs what it shows."""
    ends: list[int] = []
    at, width = 0, first
    while True:
        # No more than can stand on a line is measured at a time.
        ahead = plain[at : at + 2 * width]
        if at + len(ahead) == len(plain) and cell_len(ahead) <= width:
            return ends
        offsets = compute_wrap_offsets(ahead, width, 4)
        at += offsets[0] if offsets and offsets[0] > 0 else max(1, width // 2)
        ends.append(at)
        width = others


def _indented(line: Text, hang: int) -> Text:
    return Text(" " * hang).append_text(line) if hang else line
