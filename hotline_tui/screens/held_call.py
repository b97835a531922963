"""An order out of the callback queue: nobody else rings while this screen is open (R-11.6)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from hotline_tui.errors import Conflict, HotlineError, NotAllowed
from hotline_tui.screens.deeds_front import FrontDeeds
from hotline_tui.screens.lock import LockScreen
from hotline_tui.screens.one_order import OneOrderScreen
from hotline_tui.screens.order_view import OrderSeen, look
from hotline_tui.services import claims, notes

if TYPE_CHECKING:
    from hotline_tui.services.notes import CallerData

REASON = "回访"
RENEW_SECONDS = 60
"""Well within `claims.HELD`."""


class HeldCall(OneOrderScreen, FrontDeeds):
    """Takes the order when it opens, keeps it while somebody sits there, gives it up when it is left."""

    def __init__(self, order_id: UUID) -> None:
        super().__init__(order_id)
        self.callers: tuple[CallerData, ...] = ()
        """In full: opening the call is a look at their data."""
        self.next_order: UUID | None = None
        """The order taken next, for the screen below to open."""
        self.rung_out = False
        """Everybody was rung: the order is not kept from the others any more."""

    def on_mount(self) -> None:
        """Keep it while the screen is open."""
        self.set_interval(RENEW_SECONDS, self._renew)

    def on_screen_resume(self) -> None:
        """A seat that was locked for long may have lost its order."""
        self._renew()

    def on_unmount(self) -> None:
        """Put the order back into the queue; where that fails it ends by itself (`claims.HELD`)."""
        desk, order_id = self.desk, self.order_id

        def run() -> None:
            with suppress(HotlineError):
                claims.give_up(desk, order_id)

        self.app.run_worker(run, thread=True, group="claims", exit_on_error=False)

    def load(self) -> None:
        """Take the order from the queue; look at the callers' data, which is recorded; only then read the order.

        The look changes its version.
        """

        def run() -> tuple[tuple[CallerData, ...], OrderSeen]:
            claims.claim(self.desk, self.order_id)
            callers = notes.unmask(self.desk, self.order_id, REASON)
            with self.desk.store.read() as session:
                return callers, look(self.desk, self.order_id)(session)

        self.work_read(run, self._opened, lane="order", otherwise=self._not_had, opens=True)

    def opened(self, seen: OrderSeen) -> None:
        """The order is this seat's, and is about to be shown."""
        raise NotImplementedError

    def _opened(self, found: tuple[tuple[CallerData, ...], OrderSeen]) -> None:
        self.callers, seen = found
        self.seat.changed()
        self.opened(seen)
        self._take(seen)

    def _renew(self) -> None:
        # Nobody sits at a locked seat: its order goes back to the queue in time.
        if self.seen is not None and not self.rung_out and not isinstance(self.app.screen, LockScreen):
            self.work_read(
                lambda: claims.claim(self.desk, self.order_id),
                lambda _kept: None,
                lane="claim",
                otherwise=self._lost,
            )

    def _not_had(self, error: HotlineError) -> None:
        """Somebody else has it, or there is nothing to ring about: said on the screen below; the remark is a draft."""
        if not self.is_attached:
            return
        if self.is_active and isinstance(error, Conflict | NotAllowed):
            self.rung_out = True
            self.dismiss(str(error))
        else:
            self._not_read(error)

    def _lost(self, error: HotlineError) -> None:
        # What was closed meanwhile says so at its keys; a call that this seat has just ended says so itself.
        if not isinstance(error, NotAllowed):
            self._not_had(error)

    def do_next(self) -> None:
        """F5."""

        def taken(order_id: UUID | None) -> None:
            if order_id is None:
                self.tell("没有其他空闲的待回访工单")
                self._renew()
            else:
                self.rung_out, self.next_order = True, order_id
                self.dismiss(None)

        self.write(lambda: claims.take_next(self.desk, self.order_id), taken)
