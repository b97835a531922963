"""Only what changed goes down the line (R-6a): the screen as the terminal last showed it, and the difference to it.

Textual repaints whole widgets. A line to a county office carries a few kilobytes a second, and every repaint
may wipe the half-typed phrase of an input method, so each update is compared with what already stands there.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

Cell = tuple[str, Style | None]
_UNKNOWN: Cell = ("\0", None)
_PLAIN = Style.null()
# Moving the cursor costs about as much as writing this many unchanged cells again.
_BRIDGE = 6


class Frame:
    """What the terminal shows, cell by cell; the second cell of a wide character is the empty string."""

    def __init__(self) -> None:
        self._rows: list[list[Cell]] = []
        self._width = 0

    def forget(self) -> None:
        """Assume nothing about the terminal: the next update is written in full."""
        self._rows = []

    def resize(self, width: int, height: int) -> None:
        """Forget everything if the size differs: a terminal that was resized shows who knows what."""
        if (width, height) != (self._width, len(self._rows)):
            self._width = width
            self._rows = [[_UNKNOWN] * width for _ in range(height)]

    def difference(self, update: CompositorUpdate, console: Console) -> str:
        """The bytes that turn what is shown into `update`; remembers it as shown."""
        system = console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001 - as Strip.render does
        return "".join(self._write(x, y, strip, system) for x, y, strip in _pieces(update))

    def _write(self, x: int, y: int, strip: Strip, system: ColorSystem) -> str:
        if not 0 <= y < len(self._rows):
            return ""
        row = self._rows[y]
        cells = _cells(strip)
        if cells is None or x + len(cells) > len(row):
            # Widths that do not add up (joined emoji): write all of it, and trust nothing on this row afterwards.
            row[:] = [_UNKNOWN] * len(row)
            return f"\x1b[{y + 1};{x + 1}H" + "".join(_styled(s.text, s.style, system) for s in strip)
        out: list[str] = []
        for start, end in _changed(row, x, cells):
            out.append(f"\x1b[{y + 1};{x + start + 1}H")
            out.extend(_runs(cells[start:end], system))
        row[x : x + len(cells)] = cells
        return "".join(out)


class ChangedOnly(CompositorUpdate):
    """An update that, when it is written, writes only what differs from the frame."""

    def __init__(self, update: CompositorUpdate, frame: Frame) -> None:
        self.update = update
        self.frame = frame

    def render_segments(self, console: Console) -> str:
        """The terminal sequences; called only when they really go out."""
        return self.frame.difference(self.update, console)

    def __rich_console__(self, console: Console, options: object) -> Iterator[Segment]:
        yield from self.update.__rich_console__(console, options)  # type: ignore[attr-defined]


def can_compare(update: object) -> bool:
    """Whether it is one of the two kinds of update that a full-screen application writes."""
    return isinstance(update, ChopsUpdate | LayoutUpdate)


def _pieces(update: CompositorUpdate) -> Iterator[tuple[int, int, Strip]]:
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield x, y, strip
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, x1, x2 in update.spans:
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                yield x, y, strip if end <= x2 else strip.crop(0, x2 - x)


def _cells(strip: Strip) -> list[Cell] | None:
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        if text.isascii():
            cells.extend((character, style) for character in text)
            continue
        before = len(cells)
        for character in text:
            width = get_character_cell_size(character)
            if width == 0:
                if len(cells) == before:
                    return None
                last = next(i for i in range(len(cells) - 1, -1, -1) if cells[i][0])
                cells[last] = (cells[last][0] + character, cells[last][1])
                continue
            cells.append((character, style))
            cells.extend([("", style)] * (width - 1))
        if len(cells) - before != cell_len(text):
            return None
    return cells


def _changed(row: list[Cell], x: int, cells: list[Cell]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for i, cell in enumerate(cells):
        old = row[x + i]
        if old[0] == cell[0] and (old[1] or _PLAIN) == (cell[1] or _PLAIN) and old is not _UNKNOWN:
            continue
        if start >= 0 and i - end > _BRIDGE:
            yield _whole(cells, start, end)
            start = -1
        if start < 0:
            start = i
        end = i + 1
    if start >= 0:
        yield _whole(cells, start, end)


def _whole(cells: list[Cell], start: int, end: int) -> tuple[int, int]:
    """Widened so that no wide character is cut."""
    while start > 0 and not cells[start][0]:
        start -= 1
    while end < len(cells) and not cells[end][0]:
        end += 1
    return start, end


def _runs(cells: list[Cell], system: ColorSystem) -> Iterator[str]:
    text, style = "", cells[0][1]
    for character, its in cells:
        if its is not style and (its or _PLAIN) != (style or _PLAIN):
            yield _styled(text, style, system)
            text, style = "", its
        text += character
    yield _styled(text, style, system)


def _styled(text: str, style: Style | None, system: ColorSystem) -> str:
    return text if style is None else Strip.render_style(style, text, system)
