"""What is personal, and by what signs its characters may be set apart: in `personal.find`'s folded text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from hotline_tui.rules.words import Word

Span = tuple[int, int]
Check = Callable[[str], bool]


class Personal(Word):
    """个人信息的种类; of two at one place the first tells more."""

    CALLER = "caller", "来电人信息"
    ID_CARD = "id_card", "身份证号"
    BANK_CARD = "bank_card", "银行卡号"
    PHONE = "phone", "电话号码"
    PLATE = "plate", "车牌号"
    EMAIL = "email", "电子邮箱"
    ROOM = "room", "门牌住址"


UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\u20e3\ufeff"
BETWEEN = f"\\s\\-‐‑‒–—―−_.·•・‧∙⋅,、*/|()~:+;{UNSEEN}"
"""Between two characters of one number, plate or name."""
GAP = f"[{BETWEEN}]{{0,4}}"


def run(*each: str) -> str:
    """A pattern of these patterns, set apart or not."""
    return GAP.join(each)


def digits(many: int) -> str:
    """A pattern of so many digits."""
    return run(*[r"\d"] * many)


def close(fact: str) -> str:
    """Without what stands between."""
    return re.sub(f"[{BETWEEN}]", "", fact)


def places(kind: Personal, pattern: re.Pattern[str], check: Check, text: str) -> Iterator[tuple[Personal, Span]]:
    """Where the pattern's first group stands and the check agrees."""
    return ((kind, match.span(1)) for match in pattern.finditer(text) if check(match[1]))


def any_of_it(_found: str) -> bool:
    """The check of a pattern that needs none."""
    return True
