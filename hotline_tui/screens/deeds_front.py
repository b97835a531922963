"""What the front does to an order under way: 回访, 归档, 催办 (Art. 11(4), (6))."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from hotline_tui.rules.words import Action
from hotline_tui.screens.deeds import DeedsScreen, Subject
from hotline_tui.screens.widgets.modals import Confirm
from hotline_tui.services import callbacks, notes


class FrontDeeds(DeedsScreen):
    """Each asks what it must and writes."""

    def archive(self, *, contented: bool) -> None:
        """归档; without a satisfied caller with the reason."""
        one = self.the_subject()
        if contented:
            self.confirm_archive(one)
            return
        self.ask(
            Action.ARCHIVE,
            one,
            "来电人未表示满意。请写明归档的理由:",
            "来电人未表示满意, 归档须写明理由(第十一条(六))",
            lambda text, kept: self.perform(
                lambda: callbacks.archive(self.desk, one.order_id, text, seen=one.version),
                f"已归档 {one.number}",
                kept=kept,
            ),
        )

    def confirm_archive(self, one: Subject, then: Callable[[], object] | None = None) -> None:
        """Archive once confirmed; `then` comes afterwards, also when it was declined."""

        def answer(sure: bool | None) -> None:
            if sure:
                self.perform(
                    lambda: callbacks.archive(self.desk, one.order_id, seen=one.version),
                    f"已归档 {one.number}",
                    then=then,
                )
            elif then is not None:
                then()

        self.app.push_screen(Confirm("归档", f"{one.number} 已办结, 现在归档?"), answer)

    def call_back(self) -> None:
        """回访, on a screen of its own."""
        self.ring(self.the_subject().order_id)

    def ring(self, order_id: UUID) -> None:
        """回访 of this order, and of those taken next without coming back."""
        from hotline_tui.screens.call import CallScreen

        call = CallScreen(order_id)

        def over(said: str | None) -> None:
            self.after(said)
            if call.next_order is not None:
                self.ring(call.next_order)

        self.app.push_screen(call, over)

    def urge(self) -> None:
        """催办; words are welcome, not needed."""
        one = self.the_subject()
        self.ask(
            Action.URGE,
            one,
            "记入办理过程。要说的话(可不填):",
            "",
            lambda text, kept: self.perform(
                lambda: notes.urge(self.desk, one.order_id, text, seen=one.version), f"已催办 {one.number}", kept=kept
            ),
            long=False,
        )
