"""A document as docx: mark, title, text, annexes, signature and imprint in their places of GB/T 9704-2012."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from wcwidth import wcswidth

from hotline_tui.reports.documents.model import Block, Document, Heading, Paragraph, Table
from hotline_tui.reports.word import pages, styles
from hotline_tui.reports.word.imprint import imprint
from hotline_tui.reports.word.standard import (
    ADDRESSEE_BELOW,
    DATE_FROM_RIGHT,
    INDENT,
    MARK_LARGEST,
    MM,
    NUMBER_BELOW,
    RED,
    RED_LINE_BELOW,
    SIGN,
    SIZE_2,
    TITLE_BELOW,
    TYPE_AREA,
)
from hotline_tui.reports.word.styles import Style, twips
from hotline_tui.reports.word.tables import fits, put

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph as WordParagraph

RED_LINE = 1.5
"""Points; the standard leaves it open."""
_SEAL_OVER = 2
"""Lines between the text and the issuer's name, over which the seal reaches (7.3.5.1)."""


def write(document: Document, at: datetime, author: str = "") -> bytes:
    """The file; `at` (UTC) is when it was made."""
    import docx

    word = docx.Document()
    styles.prepare(word)
    _properties(word, document, at, author)
    pages.portrait(word.sections[0])
    pages.numbers(word.sections[0])
    _head(word, document)
    _blocks(word, document.blocks)
    _annex_lines(word, document)
    _signature(word, document)
    landscape = False
    for place, annex in enumerate(document.annexes):
        wide = any(isinstance(block, Table) and not fits(block, TYPE_AREA[0]) for block in annex.blocks)
        begun = wide != landscape
        if begun:
            landscape = wide
            pages.turn(word, landscape=wide)
        label = _add(word, styles.ANNEX, document.annex_label(place))
        label.paragraph_format.page_break_before = not begun
        _empty(word, 1, together=True)
        _lines(word, styles.ANNEX_TITLE, annex.title, TYPE_AREA[wide])
        _empty(word, 1, together=True)
        _blocks(word, annex.blocks, TYPE_AREA[wide])
    if landscape and (document.front.copies or document.front.printer):
        pages.turn(word, landscape=False)
    imprint(word, document.front)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _properties(word: Word, document: Document, at: datetime, author: str) -> None:
    told = word.core_properties
    told.title, told.author, told.last_modified_by = document.title, author, author
    told.created = told.modified = at.astimezone(UTC).replace(tzinfo=None)
    told.comments, told.language, told.revision = "", "zh-CN", 1


def _head(word: Word, document: Document) -> None:
    """版头: mark, number, red line (7.2); then title and addressee (7.3.1, 7.3.2)."""
    front = document.front
    if front.mark:
        size = int(min(MARK_LARGEST, TYPE_AREA[0] * MM / (_signs(front.mark) + 1)))
        mark = _add(word, styles.MARK, front.mark)
        _size(mark, size)
        _empty(word, NUMBER_BELOW)
    if front.mark or front.number:
        _red_line(_number(word, front.number, front.signer))
        _empty(word, TITLE_BELOW)
    _lines(word, styles.HEADLINE, document.title, TYPE_AREA[0])
    _empty(word, ADDRESSEE_BELOW)
    if front.addressee:
        _add(word, styles.ADDRESSEE, f"{front.addressee}：")


def _number(word: Word, number: str, signer: str) -> WordParagraph:
    """In the middle; of what goes upwards at the left, and who signs at the right, one sign from either edge."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.oxml.parser import parse_xml
    from docx.shared import Pt

    if not signer:
        return _add(word, styles.NUMBER, number)
    made = _add(word, styles.NUMBER, f"\t{number}\t签发人：")
    made.alignment = WD_ALIGN_PARAGRAPH.LEFT
    made.paragraph_format.tab_stops.add_tab_stop(Pt(SIGN), WD_TAB_ALIGNMENT.LEFT)
    made.paragraph_format.tab_stops.add_tab_stop(Pt(TYPE_AREA[0] * MM - SIGN), WD_TAB_ALIGNMENT.RIGHT)
    name = made.add_run(signer)
    name._r.get_or_add_rPr().insert(0, parse_xml(styles.fonts(styles.SIGNER_FONT)))  # noqa: SLF001
    return made


def _red_line(above: WordParagraph) -> None:
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import parse_xml

    shape = above._p.get_or_add_pPr()  # noqa: SLF001 - python-docx knows no borders
    shape.insert_element_before(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="{round(RED_LINE * styles.EIGHTHS)}" '
            f'w:space="{round(RED_LINE_BELOW * MM)}" w:color="{RED}"/></w:pBdr>'
        ),
        "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc",
    )  # fmt: skip


def _blocks(word: Word, blocks: tuple[Block, ...], width: float = TYPE_AREA[0]) -> None:
    for block in blocks:
        match block:
            case Heading():
                _add(word, styles.HEADS[block.level - 1], block.text)
            case Paragraph():
                made = _add(word, styles.TEXT)
                for run in block.runs:
                    made.add_run(run.text).bold = run.strong or None
            case Table():
                _add(word, styles.GAP)
                put(word, block, width)
                _add(word, styles.GAP)


def _annex_lines(word: Word, document: Document) -> None:
    """附件说明: two signs from the left, further lines under the first sign of the name (7.3.4)."""
    from docx.shared import Pt

    for place, line in enumerate(document.annex_lines()):
        if place == 0:
            _empty(word, 1, together=True)
        lead = _signs("附件：") + (_signs("1. ") if len(document.annexes) > 1 else 0)
        shape = _add(word, styles.ANNEX_LINE, line).paragraph_format
        shape.left_indent = Pt((INDENT + lead) * SIGN)
        first = place == 0
        shape.first_line_indent = Pt(-(lead if first else lead - _signs("附件：")) * SIGN)
        shape.keep_with_next = True


def _signature(word: Word, document: Document) -> None:
    """The date four signs from the right, the issuer over its middle; never alone on a page (7.3.5.1, 7.3.5.5)."""
    from docx.shared import Pt

    front = document.front
    if not (front.signature or front.dated):
        return
    if word.paragraphs:
        word.paragraphs[-1].paragraph_format.keep_with_next = True
    _empty(word, _SEAL_OVER, together=True)
    name, date = _signs(front.signature), _signs(front.dated)
    middle = max(DATE_FROM_RIGHT + date / 2, name / 2)
    for line, signs in ((front.signature, name), (front.dated, date)):
        if line:
            shape = _add(word, styles.SIGNATURE, line).paragraph_format
            shape.right_indent = Pt((middle - signs / 2) * SIGN)
            shape.keep_with_next = line is front.signature and bool(front.dated)
    if front.note:
        _add(word, styles.NOTE, f"（{front.note}）")


def _lines(word: Word, style: Style, text: str, width: float) -> None:
    for line in balanced(text, int(width * MM / SIZE_2)):
        _add(word, style, line)


def balanced(text: str, signs: int) -> list[str]:
    """A title as lines of at most so many signs and of about one length; a blank in it is where a line may end.

    Without blanks it is parted at a sign, but never within figures.
    """
    if _signs(text) <= signs:
        return [text]
    words = text.split() if " " in text and all(_signs(word) <= signs for word in text.split()) else [text]
    if len(words) > 1:
        lines = [words[0]]
        for word in words[1:]:
            if _signs(lines[-1]) + _signs(word) <= signs:
                lines[-1] += word
            else:
                lines.append(word)
        return lines
    many = -(-wcswidth(text) // (2 * signs))
    goal = _signs(text) / many
    lines = [""]
    for place, sign in enumerate(text):
        whole = sign.isascii() and place > 0 and text[place - 1].isascii()
        if not whole and len(lines) < many and _signs(lines[-1]) + _signs(sign) / 2 > goal:
            lines.append("")
        lines[-1] += sign
    return lines


def _add(word: Word, style: Style, text: str = "") -> WordParagraph:
    return word.add_paragraph(text, word.styles[style.name])  # pyright: ignore[reportArgumentType] - a paragraph style


def _empty(word: Word, many: int, *, together: bool = False) -> None:
    for _ in range(many):
        _add(word, styles.ANNEX_LINE).paragraph_format.keep_with_next = together or None


def _size(paragraph: WordParagraph, size: int) -> None:
    from docx.shared import Pt

    paragraph.runs[0].font.size = Pt(size)
    paragraph.paragraph_format.line_spacing = Pt(twips(size) / styles.TWIPS)


def _signs(text: str) -> float:
    """How wide, in signs: figures are half as wide."""
    return wcswidth(text) / 2
