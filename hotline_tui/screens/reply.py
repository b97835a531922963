"""拟写回复: the answer of a unit, with the order beside it; kept as it is typed (Art. 11(5))."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import TextArea

from hotline_tui.data.queries.knowledge import article
from hotline_tui.errors import HotlineError
from hotline_tui.rules.words import Action
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.deeds import subject_of
from hotline_tui.screens.kept import Kept
from hotline_tui.screens.one_order import OneOrderScreen
from hotline_tui.screens.order_actions import why_closed
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.pages import Pages
from hotline_tui.services import handling


class ReplyScreen(OneOrderScreen):
    """F4 hands the reply to the leader in charge; Esc leaves it as a draft."""

    TITLE_TEXT = "拟写回复"
    CSS_PATH = "reply.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "submit", "提交审核", "交单位分管领导审核(第十一条(五))"),
        ScreenAction("f3", "article", "标准答案", "从知识库选一条标准答案, 文字插入光标处"),
    )

    def __init__(self, order_id: UUID) -> None:
        super().__init__(order_id)
        self._filled = False

    def compose_body(self) -> ComposeResult:
        """The entry and the order."""
        self.kept = Kept(self.seat, "reply", self.order_id)
        with Container(id="panes"):
            with Container(id="left"):
                yield Rule("回复", id="reply-title")
                yield Narrative(self.kept.text(), id="reply")
            yield Pages("诉求", empty="正在读取", id="text")

    def on_mount(self) -> None:
        """The cursor stands at the end of what was written."""
        entry = self.query_one("#reply", Narrative)
        entry.move_cursor(entry.document.end)
        entry.focus()

    def show_order(self, seen: OrderSeen) -> None:
        """Paint the order; at first put the earlier words of this unit into an empty entry."""
        self.set_title(*order_view.title(seen))
        self.query_one("#text", Pages).show(order_view.texts(seen), of=self.order_id)
        if not self._filled:
            self._filled = True
            self._fill(seen)

    def _fill(self, seen: OrderSeen) -> None:
        own = seen.own
        earlier = [each for each in seen.detail.replies if own and each.assignment_id == own.id]
        entry = self.query_one("#reply", Narrative)
        if earlier and not entry.text:
            entry.load_text(earlier[-1].text)
            entry.move_cursor(entry.document.end)

    @on(TextArea.Changed, "#reply")
    def _typed(self, event: TextArea.Changed) -> None:
        self.kept.put(event.text_area.text)

    def draft_saved(self, _draft: object) -> None:
        """Said beside the heading, once the entry has been left or the next key comes."""
        title = self.query_one("#reply-title", Rule)
        clock: str = getattr(self.app, "local_time", lambda: "")()
        self.hold("draft", lambda: title.show("回复", f"草稿已存 {clock}"))

    def why_not(self, action_id: str) -> str | None:
        """Whether the unit may reply now."""
        if action_id != "submit":
            return None
        if self.seen is None:
            return self.why_not_read()
        return why_closed(self.seen, self.desk.role, Action.DRAFT_REPLY)

    def do_submit(self) -> None:
        """F4."""
        one = subject_of(self.require_seen())
        text = self.query_one("#reply", Narrative).text

        def done(_reply: object) -> None:
            self.kept.discard()
            self.dismiss(f"已交领导审核 {one.number}")

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self.reload()

        self.write(lambda: handling.draft_reply(self.desk, one.share, text, seen=one.version), done, otherwise=failed)

    def do_article(self) -> None:
        """F3."""
        from hotline_tui.screens.knowledge import KnowledgeScreen

        query = self.seen.detail.narrative[:200] if self.seen else ""
        self.app.push_screen(KnowledgeScreen(query=" ".join(query.split()), pick=True), self._article_chosen)

    def _article_chosen(self, article_id: UUID | None) -> None:
        if article_id is not None:
            self.read(
                lambda session: article(session, self.desk.viewer, article_id).answer, self._insert, lane="article"
            )

    def _insert(self, answer: str) -> None:
        entry = self.query_one("#reply", Narrative)
        entry.insert(answer)
        entry.focus()
