"""The callers of an order with several, masked, and what each has said (R-8, R-11.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hotline_tui.rules.words import Verdict
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

if TYPE_CHECKING:
    from hotline_tui.data.queries.hearing import HeardCaller
    from hotline_tui.screens.order_view import OrderSeen

LINES = 4


class CallersList(RowList):
    """Only there for several; the keys of its rows are their places, counted from 0."""

    def __init__(self, **options: Any) -> None:
        super().__init__([Column("", 10), Column("", 24), Column("")], head=False, **options)
        self.display = False

    def show_callers(self, seen: OrderSeen, place: int) -> None:
        """Everybody, the cursor on whom is rung now."""
        found = seen.detail
        heard = found.hearing.callers
        self.display = len(heard) > 1
        self.styles.height = min(len(heard), LINES)
        with self.prevent(RowList.Moved):
            self.show(
                Row(
                    str(number),
                    (f" 第 {number + 1} 位", f"{line_of(each.name) or '未留姓名'}  {each.phone}", said(outcome)),
                )
                for number, (each, outcome) in enumerate(zip(found.callers, heard, strict=True))
            )
            self.move_to(str(place))


def said(heard: HeardCaller) -> str:
    """What this caller said last, or why nothing needs to be heard."""
    if not heard.reachable:
        return "未留电话, 无需回访"
    if heard.unreached:
        return f"{Verdict.UNREACHED.label} {heard.unreached} 次"
    return heard.verdict.label if heard.verdict else "未回访"


def to_ring(seen: OrderSeen, rung: set[int]) -> list[int]:
    """Places of those still to be rung but for `rung`, in the order in which to ring them."""
    callers = seen.detail.hearing.callers
    due = [place - 1 for place in seen.detail.hearing.due if place - 1 not in rung]
    return sorted(due, key=lambda place: (callers[place].unreached, place))


def first_to_ring(seen: OrderSeen) -> int:
    """The place of the caller to begin with; where nobody is to be rung, of the first."""
    if due := to_ring(seen, set()):
        return due[0]
    heard = seen.detail.hearing
    return next((place for place, each in enumerate(heard.callers) if each.caller_id == heard.next), 0)


def large(phone: str) -> str:
    """Digits twice as wide, in groups that are easy to dial: １３９ ００００ ２２１１."""
    digits = line_of(phone.strip())
    if digits.isascii() and digits.isdigit() and len(digits) == 11:
        digits = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in digits)
