"""来电历史和相似工单: to look at one, or to link the matter to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.screens.widgets.modals import HotlineModal
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

Choice = tuple[Literal["open", "merge"], OrderRow]


class EarlierOrders(HotlineModal[Choice]):
    """Enter opens the order, F7 links to it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "merge", show=False), Binding("f4", "open", show=False)]
    KEYS = "Enter 打开工单  F7 并案  上下键 移动  Esc 返回"

    def __init__(self, history: Sequence[OrderRow], similar: Sequence[OrderRow]) -> None:
        super().__init__("来电历史和相似工单")
        self.orders = {str(row.id): ("历史", row) for row in history}
        for row in similar:
            self.orders.setdefault(str(row.id), ("相似", row))

    def compose_body(self) -> ComposeResult:
        """The list."""
        yield RowList(
            [
                Column("", 4),
                Column("编号", 17),
                Column("日期", 5),
                Column("类别", 4),
                Column("诉求"),
                Column("状态", 10),
            ],
            empty="没有来电历史或相似工单",
            id="earlier",
        )

    def on_mount(self) -> None:
        """Newest first."""
        rows = self.query_one("#earlier", RowList)
        rows.show(Row(key, self._cells(why, row)) for key, (why, row) in self.orders.items())
        rows.focus()

    @on(RowList.Chosen)
    def action_open(self) -> None:
        """Look at it."""
        self._give("open")

    def action_merge(self) -> None:
        """Link the matter in hand to it."""
        self._give("merge")

    def _give(self, what: Literal["open", "merge"]) -> None:
        if key := self.query_one("#earlier", RowList).key:
            self.dismiss((what, self.orders[key][1]))

    def _cells(self, why: str, row: OrderRow) -> tuple[str, ...]:
        day = row.received_at.astimezone(SHANGHAI).strftime("%m-%d")
        return (why, row.number, day, row.kind.label, row.brief, row.state.label)
