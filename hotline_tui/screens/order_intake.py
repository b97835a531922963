"""What the front does to an order that has come in: 直办, 交办, 批办, 不予受理, 并案, on the order's own screen."""

from __future__ import annotations

from hotline_tui.errors import HotlineError
from hotline_tui.rules.words import Channel
from hotline_tui.screens.deeds import DeedsScreen
from hotline_tui.screens.refusal import Refusal
from hotline_tui.screens.ways_out import Matter, Step, WaysOut
from hotline_tui.services import intake


class ReceivedDeeds(DeedsScreen, WaysOut):
    """The ways out of intake and dispatch, for the order that the screen shows."""

    def matter(self) -> Matter:
        """The order in hand."""
        found = self.require_seen().detail
        online = found.row.channel is Channel.MAILBOX
        return Matter(found.row.kind, found.narrative, found.topic_id, found.region_id, online=online)

    def carry_out(self, step: Step) -> None:
        """Do it to the order in hand."""
        one = self.the_subject()

        def done(said: str) -> None:
            self.flash(f"{said} {one.number}")
            self.reload()

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self.reload()

        self.write(lambda: step(one.order_id, one.version), done, otherwise=failed)

    def refuse(self, refusal: Refusal) -> None:
        """Refuse the order in hand."""
        one = self.the_subject()
        self.perform(
            lambda: intake.refuse_received(
                self.desk,
                one.order_id,
                refusal.reason,
                refusal.told,
                earlier_number=refusal.earlier_number,
                emergency_number=refusal.emergency_number,
                seen=one.version,
            ),
            f"不予受理 {one.number}",
        )
