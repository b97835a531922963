"""审核: the leader in charge reads the reply and lets it leave the unit, or sends it back (Art. 11(5))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container

from hotline_tui.rules.words import Action, Share
from hotline_tui.screens import order_view, share_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.one_share import OneShareScreen
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.display import STRONG
from hotline_tui.screens.widgets.pages import Pages, Para, Part
from hotline_tui.services import handling


class ReviewScreen(OneShareScreen):
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
        self.query_one("#reply", Pages).show(self._reply(seen), of=self.order_id)
        self.query_one("#text", Pages).show(order_view.texts(seen), of=self.order_id)

    def _reply(self, seen: OrderSeen) -> Iterator[Part]:
        """The promised day before the words: the caller will be told it."""
        waiting = [each for each in self.share_replies if each.released_at is None and each.sent_back_at is None]
        if not waiting:
            yield Para("没有待审核的回复")
            return
        share, reply = self.share, waiting[-1]
        if share is not None and share.share is Share.ASSIST:
            yield Para(Text("协办答复: 供牵头单位拟写联合回复, 不单独发布", style=STRONG))
        if share is not None and share.delegated_to:
            yield Para(f"由{share.delegated_to}办理, {share.unit}负责答复")
        if reply.promised_day is not None:
            yield Para(Text(f"承诺办结 {share_view.promised(reply.promised_day)}, 先行回复的文字:", style=STRONG))
        yield Para(reply.text)
        yield from share_view.joint(seen)

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables."""
        if action_id in ("help", "back"):
            return None
        if self.seen is None:
            return self.why_not_read()
        return self.why_closed(Action(action_id))

    def do_approve(self) -> None:
        """F4."""
        one = self.the_subject()
        assists = self.share is not None and self.share.share is Share.ASSIST
        goes = "供牵头单位拟写联合回复" if assists else "报热线办"
        self.perform(
            lambda: handling.approve(self.desk, one.share, seen=one.version),
            "",
            then=lambda: self.dismiss(f"已审核通过 {one.number}, {goes}"),
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
