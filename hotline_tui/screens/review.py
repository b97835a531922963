"""审核: the leader in charge reads the reply and lets it leave the unit, or sends it back (Art. 11(5))."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from hotline_tui.rules.words import Action
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.one_order import OneOrderScreen
from hotline_tui.screens.order_actions import why_closed
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.pages import Pages, Para
from hotline_tui.services import handling


class ReviewScreen(OneOrderScreen):
    """F4 passes, F8 sends back."""

    TITLE_TEXT = "审核回复"
    CSS_PATH = "review.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "approve", "审核通过", "回复可以报热线办"),
        ScreenAction("f8", "send_back", "退回修改", "说明理由, 退回承办人修改"),
    )

    def compose_body(self) -> ComposeResult:
        """The reply, and the order."""
        with Container(id="panes"):
            yield Pages("回复", empty="正在读取", id="reply")
            yield Pages("诉求", id="text")

    def on_mount(self) -> None:
        """The arrows read the reply."""
        self.query_one("#reply", Pages).focus()

    def show_order(self, seen: OrderSeen) -> None:
        """Paint it."""
        self.set_title(*order_view.title(seen))
        reply = seen.waiting_reply
        self.query_one("#reply", Pages).show([Para(reply.text if reply else "没有待审核的回复")], of=self.order_id)
        self.query_one("#text", Pages).show(order_view.texts(seen), of=self.order_id)

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables."""
        if action_id in ("help", "back"):
            return None
        if self.seen is None:
            return self.why_not_read()
        return why_closed(self.seen, self.desk.role, Action(action_id))

    def do_approve(self) -> None:
        """F4."""
        one = self.the_subject()
        self.perform(
            lambda: handling.approve(self.desk, one.share, seen=one.version),
            "",
            then=lambda: self.dismiss(f"已审核通过 {one.number}, 报热线办"),
        )

    def do_send_back(self) -> None:
        """F8."""
        one = self.the_subject()
        self.ask(
            Action.SEND_BACK,
            one,
            "退回承办人修改。请写明理由:",
            "请写明退回修改的理由(第十一条(五))",
            lambda text, kept: self.perform(
                lambda: handling.send_back(self.desk, one.share, text, seen=one.version),
                "",
                kept=kept,
                then=lambda: self.dismiss(f"已退回修改 {one.number}"),
            ),
        )
