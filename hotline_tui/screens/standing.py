"""How a deadline stands, in words (R-D7): colour only repeats them."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import Standing
from hotline_tui.screens.widgets.display import DUE_SOON, OVERDUE, STRONG

_STYLES = {
    Standing.IN_TIME: "",
    Standing.DUE_SOON: DUE_SOON,
    Standing.OVERDUE: STRONG,
    Standing.SERIOUSLY_OVERDUE: OVERDUE,
}


def standing_words(standing: Standing | None, days_left: int | None, provisional: bool, *, short: bool = False) -> Text:
    """`临期 剩 1 个工作日`, shorter for lists; `days_left` as `working_days_left` counts; empty without one."""
    if standing is None or days_left is None:
        return Text()
    unit = "日" if short else "个工作日"
    match standing:
        case Standing.IN_TIME:
            words = f"剩 {days_left} {unit}"
        case Standing.DUE_SOON:
            words = f"{standing.label} {f'剩 {days_left} {unit}' if days_left else '今日到期'}"
        case _:
            words = f"{standing.label} {-days_left} {unit}"
    return Text(f"{words} 暂定" if provisional else words, style=_STYLES[standing])


def moment(at: datetime | None) -> str:
    """MM-DD HH:MM in Shanghai; empty for none."""
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if at else ""
