"""A document as it is handed to the writers: frozen blocks, no format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

LEVELS = 4
"""一、（一）1.（1）."""
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one kind within a paragraph."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """All of it, without what is strong."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading; `level` from 1 to `LEVELS`, `number` its place among its like."""

    level: int
    number: int
    title: str

    @property
    def text(self) -> str:
        """With its number, as GB/T 9704-2012 (7.3.3) has it."""
        return f"{ordinal(self.level, self.number)}{self.title}"


class Side(Enum):
    """Where the cells of a column stand."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page; every row has as many cells as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sides: tuple[Side, ...]

    @property
    def lines(self) -> Iterator[tuple[str, ...]]:
        """The head and the rows."""
        yield self.head
        yield from self.rows

    def columns(self) -> Iterator[tuple[str, ...]]:
        """The cells of each column, the head first."""
        return zip(*self.lines, strict=True)


Block = Paragraph | Heading | Table
Part = Paragraph | Table | tuple[int, str]
"""A block whose number is not known yet: of a heading its level and title."""


@dataclass(frozen=True, slots=True)
class Annex:
    """附件: begins on a page of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """What stands around the text; each is left out where it is empty."""

    mark: str = ""
    """发文机关标志: the issuer, in red over the first page."""
    number: str = ""
    """发文字号 or the number of the issue."""
    signer: str = ""
    """签发人, of what goes upwards."""
    addressee: str = ""
    """主送机关, without the colon."""
    signature: str = ""
    """发文机关署名."""
    dated: str = ""
    """成文日期."""
    note: str = ""
    """附注, without its brackets."""
    copies: str = ""
    """抄送机关."""
    printer: str = ""
    """印发机关."""
    printed: str = ""
    """印发日期."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole official document."""

    front: Front
    title: str
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...] = ()

    def annex_label(self, place: int) -> str:
        """附件, or 附件1 where there are several; `place` from 0."""
        return f"附件{place + 1}" if len(self.annexes) > 1 else "附件"

    def annex_lines(self) -> Iterator[str]:
        """附件说明: `附件：1. ...`, a line for each."""
        for place, annex in enumerate(self.annexes):
            number = f"{place + 1}. " if len(self.annexes) > 1 else ""
            yield f"{'附件：' if place == 0 else ''}{number}{annex.title}"


def ordinal(level: int, number: int) -> str:
    """一、（一）1.（1）: the number of a heading."""
    return (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}.", f"（{number}）")[level - 1]


def chinese(number: int) -> str:
    """A number from 1 to 99 in characters."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"


def numbered(parts: Iterable[Part]) -> Iterator[Block]:
    """The blocks, each heading with its place under the one above it."""
    counts = [0] * LEVELS
    for part in parts:
        if not isinstance(part, tuple):
            yield part
            continue
        level, title = part
        counts[level - 1] += 1
        counts[level:] = [0] * (LEVELS - level)
        yield Heading(level, counts[level - 1], title)
