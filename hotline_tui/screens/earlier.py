"""来电历史和相似工单: to look at one, or to link the matter to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.numbers import normalise
from hotline_tui.screens.joining import InHand, JoiningModal, LookUp
from hotline_tui.screens.standing import received
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

if TYPE_CHECKING:
    from hotline_tui.data.search.similar import Similar

MANY = 999
"""Copies of a text that are counted."""
COPY = "  同文"
LEAST_PLACE = 3
"""Signs that a place has."""


@dataclass(frozen=True)
class Choice:
    """An order to be opened, or the number of one to link to (并案)."""

    open_id: UUID | None = None
    number: str = ""


class EarlierOrders(JoiningModal[Choice]):
    """Enter opens the order; F7 links to it, or to the number that was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f7", "merge", show=False),
        Binding("f4", "open", show=False),
        Binding("space", "copies", show=False),
    ]
    CSS_PATH = "ways_out.tcss"
    KEYS = "Enter 打开工单  F7 并案  空格 同文各件  上下键 移动  Tab 输编号  Esc 返回"

    def __init__(
        self,
        history: Sequence[OrderRow],
        similar: Sequence[Similar],
        *,
        in_hand: InHand,
        look_up: LookUp,
        now: datetime,
    ) -> None:
        """`similar`: best first; `in_hand` to warn of another matter, `look_up` for a number that is not listed."""
        self.now = now
        alike = [each.order for each in similar]
        of_one_text = [row for each in similar for row in each.others]
        super().__init__("来电历史和相似工单", in_hand, look_up, (*history, *alike, *of_one_text))
        of_caller = {row.id for row in history}
        both = [row for row in alike if row.id in of_caller]
        # What is most likely the same matter stands first, under the cursor.
        self.orders = {str(row.id): ("历史 相似", row) for row in both}
        self.copies = {str(each.order.id): each for each in similar if each.copies > 1}
        for why, rows in (("相似", alike), ("历史", history)):
            for row in rows:
                self.orders.setdefault(str(row.id), (why, row))
        self._open: set[str] = set()

    def compose_body(self) -> ComposeResult:
        """The list, and a number for what is not in it."""
        yield RowList(
            [
                Column("", 9),
                Column("编号", 17),
                Column("日期", 6),
                Column("类别", 4),
                Column("诉求"),
                Column("状态", 10),
            ],
            empty="没有来电历史或相似工单",
            id="earlier",
        )
        with Horizontal(id="number-row"):
            yield Static("或输入工单编号: ", markup=False)
            yield HotlineInput(id="number", max_length=24)

    def on_mount(self) -> None:
        """Of the caller and alike first, then alike, then the caller's newest."""
        self._show()
        (self.query_one("#earlier") if self.orders else self.query_one("#number")).focus()

    def _show(self) -> None:
        today = shanghai_day(self.now)
        self.query_one("#earlier", RowList).show(
            Row(key, cells(why, row, copies, today)) for key, why, row, copies in self._lines()
        )

    def _lines(self) -> Iterator[tuple[str, str, OrderRow, int]]:
        """Key, why it is listed, the order and how many have its text; under an opened one those of its text."""
        for key, (why, row) in self.orders.items():
            group = self.copies.get(key)
            yield key, why, row, group.copies if group else 1
            for each in group.others if group and key in self._open else ():
                if str(each.id) not in self.orders:
                    yield str(each.id), COPY, each, 1

    def action_copies(self) -> None:
        """List those of the same text under it, or no more."""
        key = self.query_one("#earlier", RowList).key
        if key not in self.copies:
            self.complain("该件没有同文的工单" if key else "")
            return
        self._open ^= {key}
        self._show()

    def _at_cursor(self) -> OrderRow | None:
        key = self.query_one("#earlier", RowList).key
        return next((row for each, _, row, _ in self._lines() if each == key), None)

    @on(RowList.Chosen)
    def action_open(self) -> None:
        """Look at it."""
        if row := self._at_cursor():
            self.dismiss(Choice(open_id=row.id))

    @on(Input.Submitted, "#number")
    def action_merge(self) -> None:
        """Link the matter in hand to it."""
        typed = self.query_one("#number", HotlineInput).value.strip()
        marked = self._at_cursor()
        number = normalise(typed) if typed else marked.number if marked else None
        if number is None:
            self.complain("请写明要并入的工单编号, 如 C01-20261122-0042")
            return
        self.join(number, lambda: self.dismiss(Choice(number=number)))


def cells(why: str, row: OrderRow, copies: int, today: date) -> tuple[str, ...]:
    """Why it is listed, number, day, kind, how many of its text, place and matter, state."""
    day = received(row.received_at, today, wide=False)
    about = " ".join(filter(None, (same_text(copies), place_and_matter(row))))
    return (why, row.number, day, row.kind.label, about, row.state.label)


def place_and_matter(row: OrderRow) -> str:
    """Where and what, the place named once: a narrative often begins with it."""
    place, brief = row.address or row.region, row.brief
    if place.startswith(row.region) and len(place) > len(row.region):
        place, brief = place.removeprefix(row.region), brief.removeprefix(row.region)
    same = next((at for at in range(len(place), LEAST_PLACE - 1, -1) if brief.startswith(place[:at])), 0)
    return f"{place} {brief[same:]}".strip()


def same_text(copies: int) -> str:
    """同文 12 件; empty for one alone."""
    return "" if copies < 2 else f"同文 {copies} 件" if copies < MANY else f"同文 {MANY}+ 件"
