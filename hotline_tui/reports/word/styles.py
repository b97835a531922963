"""The styles, fonts and settings of an official document; an office may change a style for all it is used for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline_tui.reports.word.standard import (
    BODY,
    FONTS,
    HEADINGS,
    INDENT,
    KAI,
    LINE,
    MARK_BELOW,
    MM,
    RED,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SIZE_5,
    SONG,
    TITLE,
    Font,
    line_of,
)

if TYPE_CHECKING:
    from docx.document import Document as Word

TWIPS = 20
"""To the point."""
EIGHTHS = 8
"""Of a point, the thickness of a rule."""
_HUNDREDTHS = 100
_CLOSER = -7
"""Twips: signs of 三号 are a little wider than a 28th of the line. The grid says so too, but a line is laid by this, as
word processors differ in what a grid narrower than the signs is: LibreOffice gives each sign two places."""
_ALONE = "".join(f'<w:{each} w:val="0"/>' for each in ("autoSpaceDE", "autoSpaceDN", "adjustRightInd", "snapToGrid"))
"""Figures stand beside signs without a gap; lines are laid by their own height."""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BEFORE_MIRROR = {"writeProtection", "view", "zoom", "removePersonalInformation", "removeDateAndTime"}


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style."""

    name: str
    font: Font = BODY
    size: float = SIZE_3
    line: float = LINE
    side: str = "left"
    indent: int = 0
    """Signs that the first line begins with empty."""
    before: float = 0
    colour: str = "auto"
    outline: int | None = None
    together: bool = False
    """With the paragraph that follows."""

    @property
    def key(self) -> str:
        """What paragraphs name it by in the file."""
        return self.name.replace(" ", "")


MARK = Style("发文机关标志", TITLE, SIZE_2, SIZE_2, "center", before=MARK_BELOW * MM, colour=RED)
NUMBER = Style("发文字号", side="center")
HEADLINE = Style("Title", TITLE, SIZE_2, line_of(SIZE_2), "center", together=True)
ADDRESSEE = Style("主送机关")
TEXT = Style("公文正文", side="both", indent=INDENT)
ANNEX = Style("附件", HEADINGS[0], together=True)
ANNEX_TITLE = Style("附件标题", TITLE, SIZE_2, line_of(SIZE_2), "center", outline=0, together=True)
ANNEX_LINE = Style("附件说明")
SIGNATURE = Style("署名和日期", side="right")
NOTE = Style("附注", indent=INDENT)
IMPRINT = Style("版记", size=SIZE_4)
PAGE_NUMBER = Style("页码", SONG, SIZE_4, SIZE_4)
CELL = Style("表格文字", size=SIZE_5, line=SIZE_5 + 6, side="center")
GAP = Style("表格间隔", size=SIZE_5, line=8)
"""Over and under a table in the text."""
HEADS = tuple(
    Style(f"Heading {level}", font, indent=INDENT, outline=level - 1, together=True)
    for level, font in enumerate(HEADINGS, 1)
)
_ALL = (
    MARK, NUMBER, HEADLINE, ADDRESSEE, TEXT, *HEADS, ANNEX, ANNEX_TITLE, ANNEX_LINE, SIGNATURE, NOTE, IMPRINT,
    PAGE_NUMBER, CELL, GAP,
)  # fmt: skip
SIGNER_FONT = KAI
"""The name of who signs (7.2.6)."""


def prepare(word: Word) -> None:
    """The document's styles, fonts and settings."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.parser import parse_xml

    defaults = word.styles.element.find("{*}docDefaults")
    assert defaults is not None
    word.styles.element.replace(
        defaults,
        parse_xml(
            f"<w:docDefaults {W}><w:rPrDefault>{_type(BODY, SIZE_3)}</w:rPrDefault>"
            f"<w:pPrDefault>{_shape(Style(''))}</w:pPrDefault></w:docDefaults>"
        ),
    )
    for style in (Style("Normal"), *_ALL):
        known = style.name in word.styles
        made = word.styles[style.name] if known else word.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
        element = made.element
        for old in (*element.findall("{*}pPr"), *element.findall("{*}rPr")):
            element.remove(old)
        if not known:
            element.insert(1, parse_xml(f'<w:basedOn {W} w:val="Normal"/>'))
        element.append(parse_xml(_shape(style)))
        element.append(parse_xml(_type(style.font, style.size, style.colour)))
    _settings(word)
    _fonts(word)


def fonts(font: Font) -> str:
    """`w:rFonts` for figures and signs alike."""
    return f'<w:rFonts {W} w:ascii="{font.name}" w:hAnsi="{font.name}" w:eastAsia="{font.name}" w:cs="{font.name}"/>'


def twips(points: float) -> int:
    """Twentieths of a point, never more than there are."""
    return int(points * TWIPS + 1e-6)


def _type(font: Font, size: float, colour: str = "auto") -> str:
    half = round(size * 2)
    return (
        f'<w:rPr {W}>{fonts(font)}<w:b w:val="0"/><w:bCs w:val="0"/><w:i w:val="0"/><w:iCs w:val="0"/>'
        f'<w:snapToGrid w:val="0"/><w:color w:val="{colour}"/><w:spacing w:val="{_CLOSER}"/><w:kern w:val="0"/>'
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    )


def _shape(style: Style) -> str:
    together = "<w:keepNext/>" if style.together else ""
    first = f' w:firstLineChars="{style.indent * _HUNDREDTHS}" w:firstLine="{twips(style.indent * style.size)}"'
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    return (
        f'<w:pPr {W}>{together}<w:widowControl w:val="0"/>{_ALONE}'
        f'<w:spacing w:before="{twips(style.before)}" w:after="0" w:line="{twips(style.line)}" w:lineRule="exact"/>'
        f'<w:ind w:left="0" w:right="0"{first if style.indent else ""}/><w:jc w:val="{style.side}"/>{outline}</w:pPr>'
    )


def _settings(word: Word) -> None:
    """Both sides printed: the binding and the page number change sides (5.2.1, 7.5)."""
    from docx.oxml.parser import parse_xml

    settings = word.settings
    settings.odd_and_even_pages_header_footer = True
    mirror = parse_xml(f"<w:mirrorMargins {W}/>")
    after = [child for child in settings.element if child.tag.rpartition("}")[2] in _BEFORE_MIRROR]
    after[-1].addnext(mirror)
    for mode in settings.element.iterfind(".//{*}compatSetting[@{*}name='compatibilityMode']"):
        mode.set(mode.tag.replace("compatSetting", "val"), "15")
    for language in settings.element.iterfind("{*}themeFontLang"):
        language.set(language.tag.replace("themeFontLang", "eastAsia"), "zh-CN")


def _fonts(word: Word) -> None:
    """What stands in for a font that a machine lacks."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    listed = "".join(
        f'<w:font w:name="{font.name}"><w:altName w:val="{font.instead}"/><w:charset w:val="86"/></w:font>'
        for font in FONTS
    )
    table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {W}>{listed}</w:fonts>'
    word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = table.encode()  # noqa: SLF001 - a part as bytes
