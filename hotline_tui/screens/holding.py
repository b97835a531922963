"""An order of a queue is one seat's while something is done with it: taken before, kept meanwhile, put back after."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar
from uuid import UUID

from hotline_tui.errors import HotlineError, NotAllowed, NotFound
from hotline_tui.screens.deeds import DeedsScreen
from hotline_tui.screens.lock import LockScreen
from hotline_tui.services import claims

RENEW_SECONDS = 60
"""Well within `claims.HELD`."""


class HoldingScreen(DeedsScreen):
    """Sub-classes say from which queue, and when what was taken is put back."""

    GIVES: ClassVar[claims.Queue]

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self._mine: UUID | None = None
        """The order that this seat has."""

    def on_mount(self) -> None:
        """Keep what was taken while the screen is open."""
        self.set_interval(RENEW_SECONDS, self._renew)

    def on_unmount(self) -> None:
        """Put it back; where that fails the claim ends by itself (`claims.HELD`)."""
        self._put_back()

    def taken(self, then: Callable[[], object]) -> None:
        """Take the order in hand, then go on; somebody else's stays his."""
        order_id = self.the_subject().order_id

        def had(_claim: object) -> None:
            self._mine = order_id
            then()

        if self._mine == order_id:
            then()
        else:
            self.work_read(self._claim(order_id), had, lane="claim", otherwise=self._not_had, opens=True)

    def holds(self, order_id: UUID) -> bool:
        """Whether it was taken here."""
        return self._mine == order_id

    def _claim(self, order_id: UUID) -> Callable[[], None]:
        desk = self.desk
        return lambda: claims.claim(desk, order_id, self.GIVES)

    def _put_back(self) -> None:
        order_id, self._mine = self._mine, None
        if order_id is None or any(
            isinstance(screen, HoldingScreen) and screen.holds(order_id) for screen in self.app.screen_stack
        ):
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

    def _not_had(self, error: HotlineError) -> None:
        """Somebody waits for it: why it is not to be had is said."""
        self._mine = None
        self.show_error(error)
        self.reload()

    def _lost(self, error: HotlineError) -> None:
        self._mine = None
        if not isinstance(error, NotAllowed | NotFound):  # what waits no more says so at its keys
            self.show_error(error)
        self.reload()
