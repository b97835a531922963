"""来电历史和相似工单: to look at one, or to link the matter to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
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


@dataclass(frozen=True)
class Choice:
    """An order to be opened, or the number of one to link to (并案)."""

    open_id: UUID | None = None
    number: str = ""


class EarlierOrders(JoiningModal[Choice]):
    """Enter opens the order; F7 links to it, or to the number that was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "merge", show=False), Binding("f4", "open", show=False)]
    CSS_PATH = "ways_out.tcss"
    KEYS = "Enter 打开工单  F7 并案  上下键 移动  Tab 输编号  Esc 返回"

    def __init__(
        self,
        history: Sequence[OrderRow],
        similar: Sequence[OrderRow],
        *,
        in_hand: InHand,
        look_up: LookUp,
        now: datetime,
    ) -> None:
        """`similar`: best first; `in_hand` to warn of another matter, `look_up` for a number that is not listed."""
        self.now = now
        super().__init__("来电历史和相似工单", in_hand, look_up, (*history, *similar))
        of_caller = {row.id for row in history}
        both = [row for row in similar if row.id in of_caller]
        # What is most likely the same matter stands first, under the cursor.
        self.orders = {str(row.id): ("历史 相似", row) for row in both}
        for why, rows in (("相似", similar), ("历史", history)):
            for row in rows:
                self.orders.setdefault(str(row.id), (why, row))

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
        rows = self.query_one("#earlier", RowList)
        today = shanghai_day(self.now)
        rows.show(Row(key, _cells(why, row, today)) for key, (why, row) in self.orders.items())
        (rows if self.orders else self.query_one("#number")).focus()

    @on(RowList.Chosen)
    def action_open(self) -> None:
        """Look at it."""
        if key := self.query_one("#earlier", RowList).key:
            self.dismiss(Choice(open_id=self.orders[key][1].id))

    @on(Input.Submitted, "#number")
    def action_merge(self) -> None:
        """Link the matter in hand to it."""
        typed = self.query_one("#number", HotlineInput).value.strip()
        key = self.query_one("#earlier", RowList).key
        marked = self.orders[key][1].number if key else None
        number = normalise(typed) if typed else marked
        if number is None:
            self.complain("请写明要并入的工单编号, 如 C01-20261122-0042")
            return
        self.join(number, lambda: self.dismiss(Choice(number=number)))


def _cells(why: str, row: OrderRow, today: date) -> tuple[str, ...]:
    day = received(row.received_at, today, wide=False)
    return (why, row.number, day, row.kind.label, row.brief, row.state.label)
