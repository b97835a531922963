"""版记 at the foot of the last page: whom it is copied to, who printed it and when (7.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from wcwidth import wcswidth

from hotline_tui.reports.word.standard import LINE, MM, SIZE_4, THICK, THIN, TYPE_AREA
from hotline_tui.reports.word.styles import EIGHTHS, GAP, IMPRINT, W, twips

if TYPE_CHECKING:
    from docx.document import Document as Word

    from hotline_tui.reports.documents.model import Front

_COPIES = "抄送："
_WIDE = TYPE_AREA[0] * MM


def imprint(word: Word, front: Front) -> None:
    """Two rows between rules as wide as the type area, the last rule on its lower edge."""
    from docx.oxml.parser import parse_xml
    from docx.shared import Pt

    rows = [f"{_COPIES}{front.copies}。"] if front.copies else []
    if front.printer or front.printed:
        rows.append(f"{front.printer}\t{front.printed}印发" if front.printed else front.printer)
    if not rows:
        return
    heights = [twips(_lines(row) * LINE) for row in rows]
    below = twips(TYPE_AREA[1] * MM) - sum(heights)
    thick, thin = (f'w:val="single" w:sz="{round(rule * MM * EIGHTHS)}" w:space="0"' for rule in (THICK, THIN))
    wide = f'w:w="{twips(_WIDE)}"'
    element = parse_xml(
        f'<w:tbl {W}><w:tblPr><w:tblpPr w:vertAnchor="margin" w:horzAnchor="margin" w:tblpX="1" w:tblpY="{below}"/>'
        f'<w:tblW {wide} w:type="dxa"/>'
        f"<w:tblBorders><w:top {thick}/><w:bottom {thick}/><w:insideH {thin}/></w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol {wide}/></w:tblGrid>"
        f"{''.join(map(_row, rows, heights))}</w:tbl>"
    )
    word.element.body.insert_element_before(element, "w:sectPr")
    word.add_paragraph(style=GAP.name).paragraph_format.line_spacing = Pt(1)


def _row(text: str, height: int) -> str:
    """One sign free at either side, further lines under the first name."""
    lead = wcswidth(_COPIES) / 2 if text.startswith(_COPIES) else 0
    left, tab, right = text.partition("\t")
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="exact"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(_WIDE)}" w:type="dxa"/></w:tcPr><w:p>'
        f'<w:pPr><w:pStyle w:val="{IMPRINT.key}"/>'
        f'<w:tabs><w:tab w:val="right" w:pos="{twips(_WIDE - SIZE_4)}"/></w:tabs>'
        f'<w:ind w:left="{twips(SIZE_4 * (1 + lead))}" w:right="{twips(SIZE_4)}" w:hanging="{twips(SIZE_4 * lead)}"/>'
        f'</w:pPr><w:r><w:t xml:space="preserve">{escape(left)}</w:t>{"<w:tab/>" if tab else ""}'
        f'<w:t xml:space="preserve">{escape(right)}</w:t></w:r></w:p></w:tc></w:tr>'
    )


def _lines(text: str) -> int:
    """How many lines a row has."""
    if not text.startswith(_COPIES):
        return 1
    lead = wcswidth(_COPIES) / 2
    return max(1, int(-(-(wcswidth(text) / 2 - lead) // int(_WIDE / SIZE_4 - 2 - lead))))
