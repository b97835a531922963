"""审核: the leader in charge reads the reply and lets it leave the unit, or sends it back (Art. 11(5))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container

from hotline_tui.rules.words import Action, Share
from hotline_tui.screens import order_view, share_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.one_share import OneShareScreen
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.reply_view import answered_since, warnings
from hotline_tui.screens.widgets.display import STRONG
from hotline_tui.screens.widgets.pages import Pages, Para, Part
from hotline_tui.services import handling

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import ReplyRow


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
        share, reply = self.share, self.waiting
        if reply is None:
            yield Para("没有待审核的回复")
            return
        if share is not None and share.share is Share.ASSIST:
            yield Para(Text("协办答复: 供牵头单位拟写联合回复, 不单独发布", style=STRONG))
        if share is not None and share.delegated_to:
            yield Para(f"由{share.delegated_to}办理, {share.unit}负责答复")
        if reply.promised_day is not None:
            yield Para(Text(f"承诺办结 {seen.promised(reply.promised_day)}, 先行回复的文字:", style=STRONG))
        yield from warnings(reply, seen)
        yield Para(reply.text)
        yield from share_view.joint(seen)

    @property
    def waiting(self) -> ReplyRow | None:
        """The reply that waits for the leader."""
        last = self.share_replies[-1] if self.share_replies else None
        return None if last is None or last.approved_at is not None or last.sent_back_at is not None else last

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables; the joint reply passes last, with all the answers in it (R-11.2.2c)."""
        if action_id in ("help", "back"):
            return None
        if self.seen is None:
            return self.why_not_read()
        closed, reply, seen = self.why_closed(Action(action_id)), self.waiting, self.seen
        if closed or action_id != "approve" or reply is None or self.share is None:
            return closed
        if self.share.share is Share.LEAD and share_view.assists_owe(seen):
            return f"{handling.ASSISTS_OWE}审核; {handling.OR_CALL_OFF}({handling.JOINT})"
        return f"{handling.ANSWERED_SINCE}({handling.JOINT})" if answered_since(reply, seen) else None

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
