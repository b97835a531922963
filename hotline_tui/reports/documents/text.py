"""A document for the terminal: Chinese counts two cells, no line begins with a stop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcwidth import wcswidth

from hotline_tui.reports.documents.model import Block, Document, Heading, Paragraph, Side, Table

WIDTH = 80
_INDENT = "    "
_GAP = 2
_OPENING = "\u201c\u2018\u300a\u3014\uff08("
_CLOSING = "\u201d\u2019\u300b\u3015\uff09)\u3001\u3002\uff0c\uff1a\uff1b\uff01\uff1f%"
_PIECE = re.compile(rf"[{_OPENING}]*(?:[!-'*-~]+ ?|.)[{_CLOSING}]*")


def render(document: Document, width: int = WIDTH) -> str:
    """The whole document; paragraphs are `width` cells wide, tables as wide as they are."""
    return "\n".join(line.rstrip() for line in _lines(document, width)) + "\n"


def _lines(document: Document, width: int) -> Iterator[str]:
    front = document.front
    if front.mark:
        yield _centred(front.mark, width)
    if front.number or front.signer:
        signer = f"签发人: {front.signer}" if front.signer else ""
        yield _apart(front.number, signer, width) if signer else _centred(front.number, width)
    if front.mark or front.number:
        yield "-" * width
    yield ""
    yield from (_centred(line, width) for line in _wrapped(document.title, width))
    yield ""
    if front.addressee:
        yield from _wrapped(f"{front.addressee}:", width)
    yield from _blocks(document.blocks, width)
    if document.annexes:
        yield ""
        yield from (f"{_INDENT}{line}" for line in document.annex_lines())
    yield from _end(document, width)
    for place, annex in enumerate(document.annexes):
        yield from ("", "", document.annex_label(place), "", _centred(annex.title, width))
        yield from _blocks(annex.blocks, width)


def _end(document: Document, width: int) -> Iterator[str]:
    front = document.front
    if front.signature or front.dated:
        yield ""
    yield from (_apart("", f"{line}{_INDENT}", width) for line in (front.signature, front.dated) if line)
    if front.note:
        yield f"{_INDENT}({front.note})"
    if front.copies:
        yield from ("", *_wrapped(f"抄送: {front.copies}", width))
    if front.printer or front.printed:
        yield _apart(front.printer, f"{front.printed}印发" if front.printed else "", width)


def _blocks(blocks: tuple[Block, ...], width: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading():
                yield ""
                yield from _wrapped(f"{_INDENT}{block.text}", width)
            case Paragraph():
                yield from _wrapped(f"{_INDENT}{block.text}", width)
            case Table():
                yield ""
                yield from _table(block)
                yield ""


def _table(table: Table) -> Iterator[str]:
    widths = [max(map(wcswidth, column)) for column in table.columns()]
    for number, line in enumerate(table.lines):
        cells = (_cell(*each) for each in zip(line, widths, table.sides, strict=True))
        yield (" " * _GAP).join(cells)
        if number == 0:
            yield (" " * _GAP).join("-" * each for each in widths)


def _cell(text: str, width: int, side: Side) -> str:
    room = width - wcswidth(text)
    match side:
        case Side.LEFT:
            return text + " " * room
        case Side.RIGHT:
            return " " * room + text
        case Side.CENTRE:
            return " " * (room // 2) + text + " " * (room - room // 2)


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` cells; figures and Latin words stay whole, stops stay with what they end."""
    line, used = "", 0
    for piece in _PIECE.findall(text):
        wide = wcswidth(piece.rstrip())
        if line.strip() and used + wide > width:
            yield line
            line, used = "", 0
        line, used = line + piece, used + wcswidth(piece)
    if line:
        yield line


def _centred(text: str, width: int) -> str:
    return " " * max(0, (width - wcswidth(text)) // 2) + text


def _apart(left: str, right: str, width: int) -> str:
    """One at the left, one at the right end of a line."""
    return left + " " * max(1, width - wcswidth(left) - wcswidth(right)) + right
