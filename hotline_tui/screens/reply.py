"""拟写回复: the answer of a unit, with the order beside it; kept as it is typed (Art. 11(5))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import TextArea

from hotline_tui.data.queries.knowledge import article
from hotline_tui.errors import HotlineError
from hotline_tui.rules.words import Action, Share
from hotline_tui.screens import order_view, share_view
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.kept import Kept
from hotline_tui.screens.one_share import OneShareScreen
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.entry import Narrative
from hotline_tui.screens.widgets.lines import Line, Rule
from hotline_tui.screens.widgets.modals import Confirm
from hotline_tui.screens.widgets.pages import Heading, Pages
from hotline_tui.services import handling

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import AssignmentRow, ReplyRow

SAME = "与退回的文本相同, 仍要提交?"
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
        self._begun_with: tuple[str, str] | None = None
        """What the form was filled with when it was opened, and its day."""
        self._read_before: frozenset[UUID] = frozenset()
        """Which answers of assisting units stood beside the entry when it was opened."""

    def compose_body(self) -> ComposeResult:
        """The entry and the order."""
        self.kept = self.draft()
        self._drafted = self.seat.drafts.get(self.kept.id) is not None
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
            self._read_before = frozenset(reply.id for _, reply in share_view.contributions(seen))
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
        last = self.last_words
        if last is not None and last.promised_day:
            day = seen.promised(last.promised_day)
            waits = last.sent_back_at is None
            yield self.instead_of_promise(day) if waits else self.instead_of_one_sent_back(day)

    def instead_of_promise(self, day: str) -> str:
        """What submitting does to a promise that waits for the leader."""
        return f"待审核的是承诺 {day}, 提交后改为办结回复"

    def instead_of_one_sent_back(self, day: str) -> str:
        """What submitting does after a promise was sent back."""
        again = "" if self.why_closed(Action.PROMISE) else "; 修改承诺请用 F8 承诺"
        return f"退回的是承诺 {day}, 在此提交的是办结回复{again}"

    @property
    def last_words(self) -> ReplyRow | None:
        """What this unit wrote last, unless it has left: a reply that was released begins a new round."""
        last = self.share_replies[-1] if self.share_replies else None
        return None if last is None or last.released_at is not None else last

    def fill(self) -> None:
        """The last words of this unit that have not left, into an empty entry."""
        entry, last = self.query_one("#reply", Narrative), self.last_words
        if last is not None and not entry.text:
            entry.load_text(last.text)
            entry.move_cursor(entry.document.end)
            self._begun_with = None if self._drafted else self.written()

    def written(self) -> tuple[str, str]:
        """What stands in the form: the text, and a day where one is promised."""
        return self.query_one("#reply", Narrative).text, ""

    @on(TextArea.Changed, "#reply")
    def _typed(self, event: TextArea.Changed) -> None:
        self.keep()

    def keep(self) -> None:
        """What was typed, into the draft; what was only put there is none."""
        if self.written() == self._begun_with:
            self.kept.discard()
        else:
            self.put(*self.written())

    def put(self, text: str, _day: str) -> None:
        """Into the draft."""
        self.kept.put(text)

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
            return self.why_closed(self.ACTION) or self.why_not_joint()
        if action_id == "joint":
            if not self.leads:
                return "会签件的牵头单位拟写联合回复(第十一条(二)2(3))"
            if self.seen and not share_view.contributions(self.seen):
                return "协办单位的答复还没有经其分管领导审核"
        return None

    def why_not_joint(self) -> str | None:
        """Why the joint reply must wait for the assisting units."""
        if self.leads and self.seen is not None and share_view.assists_owe(self.seen):
            return f"{handling.ASSISTS_OWE}提交; {handling.OR_CALL_OFF}({handling.JOINT})"
        return None

    # -- doing it

    def do_submit(self) -> None:
        """F4; the same words that were sent back, or words without an answer that came since, only if one says so."""
        last = self.last_words
        new = [share.unit for share, reply in self.not_taken_in() if reply.id not in self._read_before]
        if new:
            question = f"{'、'.join(new)}的答复刚通过审核, 文中还没有。按 Esc 返回后按 F6 插入; 确不需要的按 Enter 提交"
        elif last is not None and last.sent_back_at is not None and self.same_as(last):
            question = f"{SAME}\n退回理由: {last.sent_back_reason}"
        else:
            self.submit()
            return

        def answered(sure: bool | None) -> None:
            if sure:
                self.submit()

        self.app.push_screen(Confirm(self.HEADING, question), answered)

    def same_as(self, sent_back: ReplyRow) -> bool:
        """Whether nothing was changed since."""
        return self.query_one("#reply", Narrative).text.strip() == sent_back.text.strip()

    def submit(self) -> None:
        """To the leader in charge."""
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
        """F6: on lines of their own."""
        if not (given := self.not_taken_in()):
            self.flash("协办单位的答复都已在文中")
            return
        begun = "\n" if self.query_one("#reply", Narrative).cursor_location[1] else ""
        self._insert(begun + "\n".join(f"{share.unit}: {reply.text}" for share, reply in given) + "\n")

    def not_taken_in(self) -> list[tuple[AssignmentRow, ReplyRow]]:
        """The answers of assisting units whose words do not stand in the entry."""
        text = self.query_one("#reply", Narrative).text
        given = share_view.contributions(self.require_seen()) if self.leads else []
        return [(share, reply) for share, reply in given if reply.text.strip() not in text]

    def do_article(self) -> None:
        """F3."""
        from hotline_tui.screens.knowledge import KnowledgeScreen

        query = self.seen.detail.narrative[:200] if self.seen else ""
        self.app.push_screen(
            KnowledgeScreen(query=" ".join(query.split()), pick=True, asked=lambda _: None), self._article_chosen
        )

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
