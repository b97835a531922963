"""What a unit does: 签收, 退件, 续报, 拟写回复, 审核 (Art. 11(2), (3), (5))."""

from __future__ import annotations

from datetime import datetime

from hotline_tui.rules.words import Action, Duty
from hotline_tui.screens.deeds import DeedsScreen, Subject
from hotline_tui.screens.standing import moment
from hotline_tui.screens.widgets.modals import Notice
from hotline_tui.services import handling

_TOO_LATE = "退件应在交办当日, 已过退件时限。\n如需退件请与热线办联系, 由热线办同意(第十一条(三))。"


class UnitDeeds(DeedsScreen):
    """Each asks what it must and writes."""

    def sign(self) -> None:
        """签收, at once."""
        one = self.the_subject()
        self.perform(lambda: handling.sign(self.desk, one.share, seen=one.version), f"已签收 {one.number}")

    def return_(self) -> None:
        """退件, saying until when it is on time (R-D5)."""
        one = self.the_subject()
        self.with_seen(one, lambda seen: self._ask_return(one, seen.clock(one.share, Duty.RETURN), seen.now))

    def _ask_return(self, one: Subject, until: datetime | None, now: datetime) -> None:
        if until is None or until < now:
            # Said before a reason is written for nothing.
            self.app.push_screen(Notice(f"退件  {one.number}", _TOO_LATE))
            return
        self.ask(
            Action.RETURN,
            one,
            f"退件应在 {moment(until)} 以前。请写明不属本单位职责的理由:",
            "请写明退件理由(第十一条(三))",
            lambda text, kept: self.perform(
                lambda: handling.return_(self.desk, one.share, text, seen=one.version),
                f"已退件 {one.number}",
                kept=kept,
            ),
        )

    def progress(self) -> None:
        """续报."""
        one = self.the_subject()
        self.ask(
            Action.PROGRESS,
            one,
            "办理到哪一步, 还要做什么, 何时能办结:",
            "请写明办理进展(讲话(二))",
            lambda text, kept: self.perform(
                lambda: handling.progress(self.desk, one.share, text, seen=one.version),
                f"已续报 {one.number}",
                kept=kept,
            ),
        )

    def write_reply(self) -> None:
        """拟写回复, on a screen of its own."""
        from hotline_tui.screens.reply import ReplyScreen

        self.app.push_screen(ReplyScreen(self.the_subject().order_id), self.after)

    def review(self) -> None:
        """审核, on a screen of its own."""
        from hotline_tui.screens.review import ReviewScreen

        self.app.push_screen(ReviewScreen(self.the_subject().order_id), self.after)
