"""A list of rows that comes a page at a time, moves cheaply, and keeps its cursor on the same row when it changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from hotline_tui.screens.widgets.display import fit
from hotline_tui.screens.widgets.lines import strip_of

Edge = Literal["after", "before"]
KEEP = 300
"""A list never holds more rows than this; the far end is dropped and fetched again when it is needed."""
_NEAR = 5


@dataclass(frozen=True)
class Column:
    """A column: its title, and its width in cells, 0 for what the others leave (one per list)."""

    title: str
    width: int = 0
    right: bool = False


@dataclass(frozen=True)
class Row:
    """A row: its key, and one text per column."""

    key: str
    cells: tuple[str | Text, ...]


class RowList(ScrollView, can_focus=True):
    """Rows under fixed columns. `show` replaces, `extend` adds the page that `Wanted` asked for."""

    DEFAULT_CSS = """
    RowList {
        height: 1fr; width: 100%; overflow: hidden hidden; scrollbar-size: 0 0;
        & > .row-list--cursor { text-style: reverse; }
        & > .row-list--cursor-blurred { text-style: bold; }
        & > .row-list--head { text-style: bold; }
        & > .row-list--empty { text-style: dim; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--cursor",
        "row-list--cursor-blurred",
        "row-list--head",
        "row-list--empty",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class OfList(Message):
        """About one list: `rows` is the list, so that a handler may select on it."""

        def __init__(self, rows: RowList, key: str | None) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> RowList:
            """The list."""
            return self.rows

    class Moved(OfList):
        """The cursor stands on another row; `key` is None for an empty list."""

    class Chosen(OfList):
        """Enter was pressed on `key`."""

    class Wanted(OfList):
        """The cursor nears an end behind which there is more: answer with `extend(rows, edge, more)`."""

        def __init__(self, rows: RowList, key: str, edge: Edge) -> None:
            super().__init__(rows, key)
            self.edge: Edge = edge

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "没有记录",
        head: bool = True,
        unattended: bool = False,
        id: str | None = None,  # noqa: A002 - as in Textual
    ) -> None:
        """`unattended`: until somebody goes to a row the first one is marked, whichever comes to be it."""
        super().__init__(id=id)
        self._unattended = unattended
        self.columns = tuple(columns)
        self.empty = empty
        self.head = head
        self._rows: list[Row] = []
        self._cursor = 0
        self._top = 0
        self._more: dict[Edge, bool] = {"after": False, "before": False}
        self._asked: set[Edge] = set()
        self._behind = False

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor; None when the list is empty or the cursor stands on no row."""
        return self._rows[self._cursor].key if self._rows and self._cursor >= 0 else None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows held now."""
        return tuple(self._rows)

    @property
    def hidden(self) -> tuple[int, int]:
        """How many of the rows held stand above and below what is seen."""
        return self._top, max(0, len(self._rows) - self._top - self._page)

    def show(self, rows: Iterable[Row], *, more: bool = False) -> None:
        """Replace the rows; the cursor stays on its key, and only lines that differ are painted again.

        A key that is gone leaves the cursor at its place. `more`: there are further rows after these.
        """
        key, cursor, old, was_empty = self.key, self._cursor, self._rows, not self._rows
        self._rows = list(rows)[:KEEP]
        self._more = {"after": more, "before": False}
        self._asked.clear()
        index = {row.key: place for place, row in enumerate(self._rows)}
        place = index.get(key or "", min(cursor, max(0, len(self._rows) - 1)))
        self._cursor = 0 if self._unattended else place
        top = self._top
        # The row under the cursor stays on its line of the screen as far as the list allows.
        self._top += self._cursor - cursor
        self._keep_cursor_in_sight()
        if was_empty or not self._rows or self._top != top:
            self.refresh()
        else:
            height = self._page
            for place in range(self._top, self._top + height):
                before = old[place] if place < len(old) else None
                after = self._rows[place] if place < len(self._rows) else None
                if before != after or (place == cursor) != (place == self._cursor):
                    self._refresh_row(place)
        if key != self.key or was_empty:
            self.post_message(self.Moved(self, self.key))

    def extend(self, rows: Iterable[Row], edge: Edge, *, more: bool) -> None:
        """Add the page that lies beyond `edge`, in list order; the other end is dropped beyond `KEEP` rows."""
        known = {row.key for row in self._rows}
        new = [row for row in rows if row.key not in known]
        self._more[edge] = more
        self._asked.discard(edge)
        if edge == "after":
            self._rows += new
            dropped = max(0, len(self._rows) - KEEP)
            del self._rows[:dropped]
            self._cursor, self._top = max(0, self._cursor - dropped), max(0, self._top - dropped)
            self._more["before"] |= dropped > 0
        else:
            self._rows[:0] = new
            self._cursor, self._top = self._cursor + len(new), self._top + len(new)
            self._more["after"] |= len(self._rows) > KEEP
            del self._rows[KEEP:]
        self._keep_cursor_in_sight()
        self.refresh()

    def replace(self, row: Row) -> None:
        """Show a row anew at its place; nothing happens if the list does not hold it."""
        for place, held in enumerate(self._rows):
            if held.key == row.key:
                self._rows[place] = row
                self._refresh_row(place)

    def move_to(self, key: str) -> bool:
        """Put the cursor on `key`; False if the list does not hold it."""
        for place, row in enumerate(self._rows):
            if row.key == key:
                self._go(place)
                return True
        return False

    def leave(self) -> None:
        """Stand on no row, until a key or a click goes to one."""
        before, self._cursor = self._cursor, -1
        self._refresh_row(before)
        self.post_message(self.Moved(self, None))

    def action_move(self, step: int) -> None:
        """One row up or down."""
        self._go(self._cursor + step)

    def action_page(self, step: int) -> None:
        """A page up or down."""
        self._go(self._cursor + step * max(1, self._page - 1))

    def action_edge(self, step: int) -> None:
        """To the first or the last row held."""
        self._go(len(self._rows) - 1 if step > 0 else 0)

    def action_choose(self) -> None:
        """Say that this row is meant; without one Enter is the screen's."""
        if self.key is None:
            raise SkipAction
        self.post_message(self.Chosen(self, self.key))

    def on_click(self, event: events.Click) -> None:
        """A click goes to the row; a second one chooses it."""
        place = self._top + event.y - self.head
        if 0 <= place < len(self._rows):
            again = place == self._cursor
            self._go(place)
            if again:
                self.action_choose()

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.action_move(-1)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._keep_cursor_in_sight()
        self.refresh()

    def on_focus(self) -> None:
        """The cursor shows where the keys go; of several lists only the one that had them last is marked."""
        for each in self.screen.query(RowList):
            each.step_back(each is not self and each.can_focus)

    def step_back(self, behind: bool) -> None:
        """Have a fainter mark while the keys went last to another list of the screen."""
        self._behind = behind
        self._refresh_row(self._cursor)

    def on_blur(self) -> None:
        """The cursor steps back."""
        self._refresh_row(self._cursor)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as rows, so that `height: auto` works."""
        return max(1, len(self._rows)) + self.head

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        width = self.size.width
        if self.head and y == 0:
            cells = tuple(column.title for column in self.columns)
            return self._line("  ", cells, width, "row-list--head")
        place = self._top + y - self.head
        if not self._rows and place == 0:
            return self._line("  ", (self.empty,), width, "row-list--empty", whole=True)
        if not 0 <= place < len(self._rows):
            return Strip.blank(width, self.rich_style)
        current = place == self._cursor
        component = ("row-list--cursor" if self.has_focus else "row-list--cursor-blurred") if current else ""
        mark = ("- " if self._behind else "> ") if current else "  "
        return self._line(mark, self._rows[place].cells, width, component)

    @property
    def _page(self) -> int:
        return max(1, self.size.height - self.head)

    def _line(self, mark: str, cells: Sequence[str | Text], width: int, component: str, whole: bool = False) -> Strip:
        line = Text(mark, no_wrap=True, end="")
        if whole:
            line.append_text(fit(cells[0], max(0, width - len(mark))))
        else:
            fixed = sum(column.width or 0 for column in self.columns) + len(self.columns) - 1
            rest = max(0, width - len(mark) - fixed)
            for number, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
                text = fit(cell, column.width or rest)
                if column.right:
                    pad = len(text.plain) - len(text.plain.rstrip(" "))
                    text.rstrip()
                    text.pad_left(pad)
                line.append_text(text)
                if number < len(self.columns) - 1:
                    line.append(" ")
        if component == "row-list--cursor":
            line.spans.clear()  # reversed, a red word on grey could not be read; words say what colours repeat
        if component:
            line.stylize_before(self.get_component_rich_style(component, partial=True))
        return strip_of(fit(line, width) if len(line.plain) > width else line, self).adjust_cell_length(
            width, self.rich_style
        )

    def _go(self, place: int) -> None:
        self._unattended = False
        place = max(0, min(place, len(self._rows) - 1))
        self._ask(place)
        if not self._rows or place == self._cursor:
            return
        before, top, self._cursor = self._cursor, self._top, place
        self._keep_cursor_in_sight()
        if top == self._top:
            self._refresh_row(before)
            self._refresh_row(place)
        else:
            self.refresh()
        self.post_message(self.Moved(self, self.key))

    def _ask(self, place: int) -> None:
        ends: tuple[tuple[Edge, int, int], ...] = (("after", len(self._rows) - 1 - place, -1), ("before", place, 0))
        for edge, distance, end in ends:
            if self._rows and self._more[edge] and distance < _NEAR and edge not in self._asked:
                self._asked.add(edge)
                self.post_message(self.Wanted(self, self._rows[end].key, edge))

    def _keep_cursor_in_sight(self) -> None:
        """Turn a page, rather than scroll by a line, when the cursor leaves the window: far fewer bytes."""
        page = self._page
        if self._cursor < self._top:
            self._top = self._cursor - page + 2
        elif self._cursor >= self._top + page:
            self._top = self._cursor - 1
        self._top = max(0, min(self._top, len(self._rows) - page))

    def _refresh_row(self, place: int) -> None:
        y = place - self._top + self.head
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))
