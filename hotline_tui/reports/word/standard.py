"""党政机关公文格式 (GB/T 9704-2012): its numbers by clause; lengths in millimetres, sizes of type in points."""

from __future__ import annotations

from dataclasses import dataclass

PAGE = (210, 297)
"""A4 (5.1)."""
TOP = 37
"""天头 (5.2.1)."""
BINDING = 28
"""订口: left on odd pages, right on even ones, as both sides are printed and bound at the left (5.2.1, 6.2, 6.3)."""
TYPE_AREA = (156, 225)
"""版心 (5.2.1)."""
BOTTOM = PAGE[1] - TOP - TYPE_AREA[1]
OUTER = PAGE[0] - BINDING - TYPE_AREA[0]
LINES = 22
SIGNS = 28
"""A page is lines of so many signs, and they fill it (5.2.3)."""

SIZE_1, SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 26, 22, 16, 14, 10.5
"""一号, 二号, 三号, 四号, 五号."""
MARK_BELOW = 35
"""From the edge of the type area to the top of the issuer's mark (7.2.4)."""
MARK_LARGEST = 62
"""22 mm, no higher than the mark of a ministry's paper."""
RED_LINE_BELOW = 4
"""From the number of the document to the red line (7.2.7)."""
RED = "FF0000"
NUMBER_BELOW = 2
TITLE_BELOW = 2
ADDRESSEE_BELOW = 1
"""Empty lines over the number, the title and the addressee (7.2.5, 7.3.1, 7.3.2)."""
INDENT = 2
"""Signs that a paragraph begins with empty (7.3.3)."""
DATE_FROM_RIGHT = 4
"""Signs to the right of the date of a sealed paper, over whose middle the issuer stands (7.3.5.1)."""
THICK, THIN = 0.35, 0.25
"""Lines of the imprint (7.4.1)."""
PAGE_NUMBER_BELOW = 7
"""From the type area to the top of the dashes of the page number (7.5)."""
PAGE_NUMBER_INSET = 1
"""Signs between the page number and the outer edge (7.5)."""

MM = 72 / 25.4
"""Points."""
LINE = TYPE_AREA[1] * MM / LINES
"""From line to line."""
SIGN = TYPE_AREA[0] * MM / SIGNS
"""From sign to sign."""


def line_of(size: float) -> float:
    """The height of a line of larger signs: the sign and 7/8 of one of 三号 (3.2)."""
    return size + SIZE_3 * 7 / 8


@dataclass(frozen=True, slots=True)
class Font:
    """A type by the name that offices have it under, and what stands in for it."""

    name: str
    instead: str


SONG = Font("宋体", "SimSun")
"""Page numbers (7.5)."""
TITLE = Font("方正小标宋简体", "宋体")
"""小标宋体 (7.2.4, 7.3.1)."""
BODY = Font("仿宋_GB2312", "仿宋")
"""仿宋体 (5.2.2)."""
BLACK = Font("黑体", "SimHei")
KAI = Font("楷体_GB2312", "楷体")
HEADINGS = (BLACK, KAI, BODY, BODY)
"""Of the levels of headings (7.3.3)."""
FONTS = (SONG, TITLE, BODY, BLACK, KAI)
