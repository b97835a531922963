"""Tables: as wide as the type area, in the largest type that fits, the head repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from wcwidth import wcswidth

from hotline_tui.reports.documents.model import Side, Table
from hotline_tui.reports.word.standard import BLACK, BODY, MM, THIN, Font
from hotline_tui.reports.word.styles import CELL, EIGHTHS, W, fonts, twips

if TYPE_CHECKING:
    from docx.document import Document as Word

_SIZES = (14, 12, 10.5, 9)
"""四号, 小四, 五号, 小五."""
_SMALLEST = _SIZES[-1]
_MARGIN = 2.5
"""Points at either side of a cell."""
_LEADING = 6.0
"""Points over and under a line together."""
_SIDES = {Side.LEFT: "left", Side.CENTRE: "center", Side.RIGHT: "right"}
_SLACK = 0.5
"""Signs: in some types figures are a little wider than half a sign."""
_LONGEST = 13
"""Signs of a line of a column of words; what is longer has several."""
_HEAD_LINES = 3
"""A head may have as many lines."""


def fits(table: Table, millimetres: float) -> bool:
    """Whether the table goes into this width, in some size of type."""
    return sum(_natural(table, _SMALLEST)) <= millimetres * MM


def put(word: Word, table: Table, millimetres: float) -> None:
    """Append the table."""
    from docx.oxml.parser import parse_xml

    space = millimetres * MM
    size = next((size for size in _SIZES if sum(_natural(table, size)) <= space), _SMALLEST)
    widths = _widths(_natural(table, size), space)
    rule = f'w:val="single" w:sz="{round(THIN * MM * EIGHTHS)}" w:space="0" w:color="auto"'
    borders = "".join(f"<w:{edge} {rule}/>" for edge in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margin = f'w:w="{twips(_MARGIN)}" w:type="dxa"'
    columns = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    rows = "".join(_row(line, widths, table.sides, size, head=number == 0) for number, line in enumerate(table.lines))
    element = parse_xml(
        f'<w:tbl {W}><w:tblPr><w:tblW w:w="{sum(map(twips, widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar><w:left {margin}/><w:right {margin}/></w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )
    word.element.body.insert_element_before(element, "w:sectPr")


def _row(cells: Sequence[str], widths: Sequence[float], sides: Sequence[Side], size: float, *, head: bool) -> str:
    """No row is parted between pages."""
    shape = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
    told = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_text(cell, 'center' if head else _SIDES[side], size, BLACK if head else BODY)}</w:tc>"
        for cell, width, side in zip(cells, widths, sides, strict=True)
    )
    return f"<w:tr>{shape}{told}</w:tr>"


def _text(text: str, side: str, size: float, font: Font) -> str:
    half = round(size * 2)
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{CELL.key}"/><w:spacing w:line="{twips(size + _LEADING)}" w:lineRule="exact"/>'
        f'<w:jc w:val="{side}"/></w:pPr><w:r><w:rPr>{fonts(font)}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def _natural(table: Table, size: float) -> list[float]:
    """How wide each column is, in points, when only its head and long words of the left have more than one line."""
    widest = (_LONGEST if side is Side.LEFT else inf for side in table.sides)
    return [
        (max(-(-_signs(head) // _HEAD_LINES), min(longest, max(map(_signs, cells), default=0)), 1) + _SLACK) * size
        + 2 * _MARGIN
        for (head, *cells), longest in zip(table.columns(), widest, strict=True)
    ]


def _signs(text: str) -> float:
    return wcswidth(text) / 2


def _widths(natural: Sequence[float], space: float) -> list[float]:
    """The same widths, stretched or pressed to fill the space."""
    return [width * space / sum(natural) for width in natural]
