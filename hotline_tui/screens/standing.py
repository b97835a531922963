"""How a deadline stands, in words (R-D7): colour only repeats them."""

from __future__ import annotations

from datetime import date, datetime

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


def moment(at: datetime | None, now: datetime | None = None) -> str:
    """MM-DD HH:MM in Shanghai, with its year where that is not the year of `now`; empty for none."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    other = now is not None and local.year != now.astimezone(SHANGHAI).year
    return local.strftime("%Y-%m-%d %H:%M" if other else "%m-%d %H:%M")


def received(at: datetime, today: date, *, wide: bool) -> str:
    """`11-18`, with the hour where there is room; in another year its day, or the year alone."""
    local = at.astimezone(SHANGHAI)
    if local.year != today.year:
        return f"{local:%Y-%m-%d}" if wide else f"{local:%Y}年"
    return f"{local:%m-%d %H:%M}" if wide else f"{local:%m-%d}"
