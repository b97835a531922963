"""Pages: size, margins, grid and page numbers."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from hotline_tui.reports.word.standard import (
    BINDING,
    BOTTOM,
    LINE,
    MM,
    OUTER,
    PAGE,
    PAGE_NUMBER_BELOW,
    PAGE_NUMBER_INSET,
    SIGN,
    SIZE_3,
    SIZE_4,
    TOP,
)
from hotline_tui.reports.word.styles import PAGE_NUMBER, twips

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.section import Section, _Footer

_PITCH = 4096
"""The grid counts the space between signs in parts of a point."""


def portrait(section: Section) -> None:
    """A4 with the margins and the grid of 22 lines of 28 signs (5.2)."""
    from docx.enum.section import WD_ORIENTATION
    from docx.shared import Mm

    section.orientation = WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(BINDING), Mm(OUTER)
    section.header_distance = Mm(TOP / 2)
    section.footer_distance = Mm(BOTTOM - PAGE_NUMBER_BELOW - SIZE_4 / 2 / MM)
    _grid(section)


def turn(word: Word, *, landscape: bool) -> None:
    """A new page on its side, the head of the table where the left edge was (8); or upright again."""
    from docx.enum.section import WD_ORIENTATION, WD_SECTION
    from docx.shared import Mm

    section = word.add_section(WD_SECTION.NEW_PAGE)
    portrait(section)
    if landscape:
        section.orientation = WD_ORIENTATION.LANDSCAPE
        section.page_width, section.page_height = Mm(PAGE[1]), Mm(PAGE[0])
        section.top_margin, section.bottom_margin = Mm(BINDING), Mm(OUTER)
        section.left_margin, section.right_margin = Mm(BOTTOM), Mm(TOP)
        section.footer_distance = Mm(OUTER - PAGE_NUMBER_BELOW - SIZE_4 / 2 / MM)


def numbers(section: Section) -> None:
    """— 1 — at the outer edge, one sign from it (7.5)."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _number(footer: _Footer, side: object) -> None:
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml
    from docx.shared import Pt

    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.style = PAGE_NUMBER.name
    line.alignment = side  # pyright: ignore[reportAttributeAccessIssue] - LEFT or RIGHT
    inset = Pt(PAGE_NUMBER_INSET * SIZE_4)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = inset
    line.add_run("— ")
    for part in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve">PAGE</w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        line._p.append(parse_xml(f"<w:r {nsdecls('w')}>{part}</w:r>"))  # noqa: SLF001 - python-docx knows no fields
    line.add_run(" —")


def _grid(section: Section) -> None:
    """The space between signs is less than none: 28 signs of 三号 are a little wider than the line."""
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    space = floor((SIGN - SIZE_3) * _PITCH)
    element = section._sectPr  # noqa: SLF001 - python-docx knows no grid
    for old in element.findall("{*}docGrid"):
        element.remove(old)
    element.append(
        parse_xml(
            f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="{twips(LINE)}" w:charSpace="{space}"/>'
        )
    )
