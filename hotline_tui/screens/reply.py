"""拟写回复: the answer of a unit, with the order beside it; kept as it is typed (Art. 11(5))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import TextArea

from hotline_tui.data.queries.knowledge import article
from hotline_tui.errors import HotlineError
from hotline_tui.rules.words import Action, AssignmentState, Share
from hotline_tui.screens import order_view, share_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.kept import Kept
from hotline_tui.screens.one_share import OneShareScreen
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.screens.widgets.lines import Line, Rule
from hotline_tui.screens.widgets.pages import Heading, Pages
from hotline_tui.services import handling

REPLY_ACTIONS = (
    ScreenAction("f4", "submit", "提交审核", "交单位分管领导审核(第十一条(五))"),
    ScreenAction("f3", "article", "标准答案", "从知识库选一条标准答案, 文字插入光标处"),
    ScreenAction("f6", "joint", "协办答复", "把协办单位的答复插入光标处, 拟写联合回复(第十一条(二)2(3))"),
)


class ReplyScreen(OneShareScreen):
    """F4 hands the reply to the leader in charge; Esc leaves it as a draft."""

    TITLE_TEXT = "拟写回复"
    CSS_PATH = "reply.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = REPLY_ACTIONS
    ACTION: ClassVar[Action] = Action.DRAFT_REPLY
    FORM: ClassVar[str] = "reply"
    HEADING: ClassVar[str] = "回复"

    def __init__(self, order_id: UUID, assignment_id: UUID | None = None) -> None:
        super().__init__(order_id, assignment_id)
        self._filled = False

    def compose_body(self) -> ComposeResult:
        """The entry and the order."""
        self.kept = self.draft()
        with Container(id="panes"):
            with Container(id="left"):
                yield Line(id="note")
                yield from self.compose_above()
                yield Rule(self.HEADING, id="reply-title")
                yield Narrative(self.kept.text(), id="reply")
            yield Pages("诉求", empty="正在读取", id="text")

    def draft(self) -> Kept:
        """Where it is kept until it is accepted."""
        return Kept(self.seat, self.FORM, self.order_id)

    def drafts_here(self) -> tuple[UUID, ...]:
        """What is written is kept under one id."""
        return (self.kept.id,)

    def compose_above(self) -> Iterable[Widget]:
        """What is asked beside the text."""
        return ()

    def on_mount(self) -> None:
        """The cursor stands at the end of what was written."""
        entry = self.query_one("#reply", Narrative)
        entry.move_cursor(entry.document.end)
        self.first_entry().focus()

    def first_entry(self) -> Widget:
        """Where typing begins."""
        return self.query_one("#reply", Narrative)

    def show_order(self, seen: OrderSeen) -> None:
        """Paint the order; at first put the earlier words of this unit into an empty entry."""
        self.set_title(*order_view.title(seen))
        note = "; ".join(self.notes(seen))
        line = self.query_one("#note", Line)
        line.show(f" {note}")
        line.set_class(bool(note), "-shown")
        joint = list(share_view.contribution_parts(seen)) if self.leads else []
        beside = (*joint, Heading("诉求"), *order_view.texts(seen)) if joint else order_view.texts(seen)
        self.query_one("#text", Pages).show(beside, of=self.order_id, title="会签" if joint else "诉求")
        if not self._filled:
            self._filled = True
            self.fill()

    def notes(self, seen: OrderSeen) -> Iterator[str]:
        """What the unit must know while it writes."""
        share = self.share
        if share is None:
            return
        lead = next((each for each in share_view.sharing(seen) if each.share is Share.LEAD), None)
        if share.share is Share.ASSIST and lead is not None:
            yield f"协办: 答复供牵头单位{lead.unit}拟写联合回复, 不单独发布"
        elif len(share_view.sharing(seen)) > 1:
            many, given = len(share_view.sharing(seen)) - 1, len(share_view.contributions(seen))
            yield f"牵头拟写联合回复: 协办单位 {many} 个, 已答复 {given} 个"
        if share.delegated_to and share.delegated_to == self.desk.unit_name:
            yield f"{share.unit}转来: 经其分管领导审核"
        waiting = self.share_replies[-1:]
        if waiting and waiting[0].promised_day and share.state is AssignmentState.REPLY_DRAFTED:
            yield self.instead_of_promise(share_view.promised(waiting[0].promised_day))

    def instead_of_promise(self, day: str) -> str:
        """What submitting does to a promise that waits for the leader."""
        return f"待审核的是承诺 {day}, 提交后改为办结回复"

    def fill(self) -> None:
        """The earlier words of this unit that have not left, into an empty entry."""
        entry = self.query_one("#reply", Narrative)
        earlier = [each for each in self.share_replies if each.released_at is None]
        if earlier and not entry.text:
            entry.load_text(earlier[-1].text)
            entry.move_cursor(entry.document.end)

    @on(TextArea.Changed, "#reply")
    def _typed(self, event: TextArea.Changed) -> None:
        self.keep()

    def keep(self) -> None:
        """What was typed, into the draft."""
        self.kept.put(self.query_one("#reply", Narrative).text)

    def draft_saved(self, _draft: object) -> None:
        """Said beside the heading, once the entry has been left or the next key comes."""
        title = self.query_one("#reply-title", Rule)
        clock: str = getattr(self.app, "local_time", lambda: "")()
        self.hold("draft", lambda: title.show(self.HEADING, f"草稿已存 {clock}"))

    # -- which keys work

    @property
    def leads(self) -> bool:
        """Whether this is the joint reply of several units."""
        return (
            self.share is not None
            and self.share.share is Share.LEAD
            and bool(self.seen and share_view.sharing(self.seen))
        )

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """F6 stands there for the lead unit alone."""
        return tuple(
            replace(action, shown=self.leads) if action.id == "joint" else action for action in super().actions_now()
        )

    def why_not(self, action_id: str) -> str | None:
        """Whether the unit may reply now."""
        if action_id == "submit":
            return self.why_closed(self.ACTION)
        if action_id == "joint":
            if not self.leads:
                return "会签件的牵头单位拟写联合回复(第十一条(二)2(3))"
            if self.seen and not share_view.contributions(self.seen):
                return "协办单位的答复还没有经其分管领导审核"
        return None

    # -- doing it

    def do_submit(self) -> None:
        """F4."""
        one = self.the_subject()

        def done(_reply: object) -> None:
            self.kept.discard()
            self.dismiss(f"已交领导审核 {one.number}")

        def failed(error: HotlineError) -> None:
            self.show_error(error)
            self.reload()

        if (service := self.service(one, self.query_one("#reply", Narrative).text)) is not None:
            self.write(service, done, otherwise=failed)

    def service(self, one: Subject, text: str) -> Callable[[], object] | None:
        """What writes it; None where something is still missing, which has been said."""
        return lambda: handling.draft_reply(self.desk, one.share, text, seen=one.version)

    def do_joint(self) -> None:
        """F6."""
        given = share_view.contributions(self.require_seen())
        self._insert("\n".join(f"{share.unit}: {reply.text}" for share, reply in given) + "\n")

    def do_article(self) -> None:
        """F3."""
        from hotline_tui.screens.knowledge import KnowledgeScreen

        query = self.seen.detail.narrative[:200] if self.seen else ""
        self.app.push_screen(KnowledgeScreen(query=" ".join(query.split()), pick=True), self._article_chosen)

    def _article_chosen(self, article_id: UUID | None) -> None:
        if article_id is not None:
            self.read(
                lambda session: article(session, self.desk.viewer, article_id).answer,
                self._insert,
                lane="article",
                opens=True,
            )

    def _insert(self, answer: str) -> None:
        entry = self.query_one("#reply", Narrative)
        entry.insert(answer)
        entry.focus()
