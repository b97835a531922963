"""An order is taken from the queue before something is begun with it, and put back when the cursor leaves it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar
from uuid import UUID

from textual import on

from hotline_tui.errors import HotlineError, NotAllowed, NotFound
from hotline_tui.screens.lock import LockScreen
from hotline_tui.screens.queue_screen import Leaf, QueueScreen
from hotline_tui.screens.widgets.row_list import RowList
from hotline_tui.services import claims

RENEW_SECONDS = 60
"""Well within `claims.HELD`."""


class TakingScreen(QueueScreen):
    """A queue whose orders are given out to one at a time."""

    GIVES: ClassVar[claims.Queue]
    NONE_FREE: ClassVar[str]

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self._mine: UUID | None = None
        """The order that this seat has."""

    def on_mount(self) -> None:
        """Keep what was taken while the screen is open."""
        self.set_interval(RENEW_SECONDS, self._renew)

    def on_unmount(self) -> None:
        """Put it back; where that fails the claim ends by itself (`claims.HELD`)."""
        self._put_back()

    def taken(self, then: Callable[[], object]) -> None:
        """Take the order under the cursor, then go on; somebody else's stays his."""
        order_id = self.the_subject().order_id

        def had(_claim: object) -> None:
            self._mine = order_id
            then()

        if self._mine == order_id:
            then()
        else:
            self.work_read(self._claim(order_id), had, lane="claim", otherwise=self._lost, opens=True)

    def _claim(self, order_id: UUID) -> Callable[[], None]:
        desk = self.desk
        return lambda: claims.claim(desk, order_id, self.GIVES)

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

    def _put_back(self) -> None:
        order_id, self._mine = self._mine, None
        if order_id is None:
            return
        desk = self.desk

        def run() -> None:
            with suppress(HotlineError):
                claims.give_up(desk, order_id)

        self.app.run_worker(run, thread=True, group="claims", exit_on_error=False)

    def _renew(self) -> None:
        # Nobody sits at a locked seat: its order goes back to the queue in time.
        order_id = self._mine
        if order_id is not None and not isinstance(self.app.screen, LockScreen):
            self.work_read(self._claim(order_id), lambda _kept: None, lane="claim", otherwise=self._lost)

    def _lost(self, error: HotlineError) -> None:
        self._mine = None
        if not isinstance(error, NotAllowed | NotFound):  # what waits no more says so at its keys
            self.show_error(error)
        self.reload()
