"""An order is taken from the queue before something is begun with it, and put back when the cursor leaves it."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from textual import on

from hotline_tui.screens.holding import HoldingScreen
from hotline_tui.screens.queue_screen import Leaf, QueueScreen
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import claims


class TakingScreen(QueueScreen, HoldingScreen):
    """A queue whose orders are given out to one at a time."""

    NONE_FREE: ClassVar[str]

    def do_take_next(self) -> None:
        """The first order that nobody has, and the cursor on it."""
        before = self._mine

        def taken(order_id: UUID | None) -> None:
            self._mine = order_id
            if order_id is None:
                self.tell(self.NONE_FREE)
            elif not self.query_one("#queue", RowList).move_to(str(order_id)):
                self.seat.open_order(order_id)

        self.write(lambda: claims.take_next(self.desk, before, self.GIVES), taken)

    @on(RowList.Moved, "#queue")
    def _left(self, event: RowList.Moved) -> None:
        if self._mine is not None and event.key != str(self._mine):
            self._put_back()

    def _paint(self, leaf: Leaf) -> None:
        super()._paint(leaf)
        # What was dispatched, or taken away, is nobody's any more.
        if self._mine is not None and leaf.next is None and str(self._mine) not in leaf.waiting:
            self._put_back()
