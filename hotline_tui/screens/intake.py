"""受理: a call on one page, from the first ring to the way out (Art. 7-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.containers import Container

from hotline_tui.data.news import News
from hotline_tui.data.queries import orders
from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.data.queries.stock import Shelf
from hotline_tui.errors import HotlineError, NotAccepted, Refused
from hotline_tui.rules.acceptance import check_acceptance, check_place, check_topic, place_told
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.earlier import Choice, EarlierOrders
from hotline_tui.screens.form_fields import KINDS, KindLine, PickField
from hotline_tui.screens.intake_form import IntakeForm
from hotline_tui.screens.intake_lookup import NEWS_SECONDS, LookedUp
from hotline_tui.screens.intake_panels import SIMILAR, IntakePanels
from hotline_tui.screens.joining import REGION, TOPIC, InHand
from hotline_tui.screens.matter import Matter, Step, query_of
from hotline_tui.screens.refusal import Refusal
from hotline_tui.screens.unsaved import leave
from hotline_tui.services import intake
from hotline_tui.services.clock import edges_now
from hotline_tui.services.intake import Registered


@dataclass(frozen=True)
class Outcome:
    """What became of registering and the step after it."""

    registered: Registered
    sentence: str = ""
    error: HotlineError | None = None


class IntakeScreen(LookedUp):
    """What is typed is a draft until it is registered; then the same order is worked on, never a second one."""

    TITLE_TEXT = "受理登记"
    CSS_PATH = "intake.tcss"
    JUDGES = ", Ctrl+G 可评价"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "answer", "直接答复", "选一条标准答案当场答复来电人, 工单办结(第十一条(二)1)"),
        ScreenAction("f5", "assign", "交办", "选承办单位, 看清时限后交办(第十一条(二)2)"),
        ScreenAction("f6", "report", "批办", "重要事项或单位不明的, 呈报领导批示(第十一条(二)3)"),
        ScreenAction("f7", "earlier", "历史并案", "查看来电人历史和相似工单, 可并案"),
        ScreenAction("f8", "refuse", "不予受理", "选理由, 告知来电人, 记录在案(第八条)"),
        ScreenAction("f9", "put_by", "暂存", "存为草稿, 接下一个来电"),
        ScreenAction("f3", "knowledge", "知识库", "以诉求为词查知识库", shown=False),
        ScreenAction("ctrl+t", "phone", "电话", "光标从任何一栏回到电话栏", shown=False),
        ScreenAction("ctrl+g", "opinion", "评价", "说上一件直接答复所用的标准答案有用还是没有用", shown=False),
        ScreenAction("f2", "new", "新受理", "本件存为草稿, 登记下一个来电", shown=False),
        *(
            ScreenAction(str(number), f"kind_{number}", kind.label, f"类别改为{kind.label}", shown=False)
            for number, kind in enumerate(KINDS, 1)
        ),
    )

    def compose_body(self) -> ComposeResult:
        """The form, and the panels under it or beside it."""
        with Container(id="work"):
            yield IntakeForm(id="form")
            yield IntakePanels(id="panels")

    def on_mount(self) -> None:
        """Empty for a new call; a draft where it was left."""
        self.form.query_one("#phone").focus()
        self.show_title()
        self.read_directory(self.directory_read)
        if self.draft is not None:
            self.form.restore(self.draft.fields)
            self._restored = self.form.fields()
            self._saved = self.draft.saved_at.astimezone(SHANGHAI).strftime("%H:%M")
            self.form.query_one("#narrative").focus()
            self.show_title()
            self.look()
            self.ask_history()
        self.ask_due()
        self.read_by(self._warm, lambda _many: None, lane="warm")
        self.gather()
        self.follow(self.look_for_news, News.KNOWLEDGE, every=NEWS_SECONDS)

    def on_screen_resume(self) -> None:
        """Standard answers may have been changed while another page lay on top."""
        self.look_for_news()

    def _warm(self) -> int:
        """In a thread, before the first word: what answers and suggestions stand on is slow to load."""
        with self.desk.store.read() as session:
            self.seat.advisor.warm(session)
        return self.seat.knowledge.refresh()

    # -- the ways out

    def matter(self) -> Matter:
        """What the form holds."""
        told_now = self.form.intake
        similar = [each.order for each in self.likened[:SIMILAR] if each.speaks]
        return Matter(
            told_now.kind,
            told_now.narrative,
            self.order.number if self.order else "",
            told_now.topic_id,
            told_now.region_id,
            accused=told_now.accused,
            similar_units=tuple(row.unit_id for row in similar),
            similar_topics=tuple(row.topic for row in similar),
            address=told_now.address,
            repeats=next(iter(self.similar), None),
            urgent=told_now.urgent,
        )

    def why_not(self, action_id: str) -> str | None:
        """What is missing before a way out opens."""
        if action_id in ("answer", "assign", "report", "refuse") and not self.form.narrative.strip():
            return "诉求内容为空, 请先写明诉求(第八条)"
        if action_id == "opinion":
            return self.why_not_opinion()
        if self.order is not None and action_id.startswith("kind_"):
            return f"{self.order.number} 已登记, 要改类别请到派单页面"
        return None

    async def action_act(self, action_id: str) -> None:
        """A digit is a kind; the rest as everywhere."""
        if action_id.startswith("kind_") and self.why_not(action_id) is None:
            self.form.kind = KINDS[int(action_id[-1]) - 1]
            if isinstance(self.focused, KindLine):
                self.form.query_one("#topic", PickField).focus()
        else:
            await super().action_act(action_id)

    def do_answer(self) -> None:
        """F4: the answer brings its topic where none is chosen."""
        if self._complete():
            self.start_answer()

    def do_assign(self) -> None:
        """F5."""
        if self._complete(topic=True, place=True):
            self.start_assign()

    def do_report(self) -> None:
        """F6: whom a leader names needs no place."""
        if self._complete(topic=True):
            self.start_report()

    def do_refuse(self) -> None:
        """F8: also what is incomplete may be refused."""
        self.start_refuse()

    def _complete(self, *, topic: bool = False, place: bool = False) -> bool:
        """Art. 9 and 15 before anything is chosen: the sentence, and the cursor on the first field that is missing."""
        told_now, directory = self.form.intake, self.directory
        try:
            check_acceptance(told_now.kind, told_now.facts, told_now.narrative)
            if topic:
                check_topic(told_now.topic_id is not None or not directory.topics)
            if place and self.order is None:
                check_place(place_told(told_now.region_id, told_now.address) or not directory.regions)
        except NotAccepted as refusal:
            self._ask_for(refusal)
            return False
        return True

    def _ask_for(self, refusal: NotAccepted) -> None:
        self.flash(str(refusal))
        self.form.go_to(refusal.missing[0])

    def take_topic(self, topic_id: UUID) -> None:
        """The field shows it before anything is confirmed."""
        if self.order is None:
            self.form.query_one("#topic", PickField).put(str(topic_id))

    def ask_topic(self) -> None:
        """The cursor goes there."""
        self._complete(topic=True)

    def in_hand(self, matter: Matter) -> InHand:
        """Before a merge is asked for, what is missing is told; topic and region may come from the living order."""
        empty = {TOPIC: matter.topic_id, REGION: matter.region_id} if self.order is None else {}
        return replace(
            super().in_hand(matter),
            lacks=lambda living: not self._complete(topic=not living.topic),
            takes=frozenset(name for name, told in empty.items() if told is None),
        )

    def carry_out(self, step: Step, *, repeats: str = "") -> None:
        """Register, unless it is, and take the step; a step refused leaves the order registered."""
        told_now, order, desk = replace(self.form.intake, draft_id=self.draft_id), self.order, self.desk

        def run() -> Outcome:
            registered = order or intake.register(desk, told_now, repeats=repeats)
            try:
                return Outcome(registered, step(registered.order_id, registered.version))
            except HotlineError as error:
                return Outcome(registered, error=error)

        self.write(run, self._came_out)

    def refuse(self, refusal: Refusal) -> None:
        """Record it as refused."""
        told_now, order, desk = replace(self.form.intake, draft_id=self.draft_id), self.order, self.desk
        numbers = {"earlier_number": refusal.earlier_number, "emergency_number": refusal.emergency_number}

        def run() -> Outcome:
            if order is None:
                made = intake.refuse(desk, told_now, refusal.reason, refusal.told, **numbers)
            else:
                made = order
                intake.refuse_received(
                    desk, order.order_id, refusal.reason, refusal.told, seen=order.version, **numbers
                )
            return Outcome(made, "不予受理, 已记录")

        self.write(run, self._came_out)

    def _came_out(self, outcome: Outcome) -> None:
        self.seat.drafts.discard(self.draft_id)
        if outcome.error is None:
            self.draft = None
            self._next_call()
            self.flash(f"{outcome.registered.number} {outcome.sentence}")
            return
        self.order = outcome.registered
        self.form.disabled = True
        self.show_title()
        self.show_error(Refused(f"{outcome.registered.number} 已登记, 但{outcome.error}"))
        self._read_again()

    def _read_again(self) -> None:
        """The version to go on from, after somebody else or the first step changed it."""
        order, desk = self.order, self.desk
        assert order is not None

        def take(row: OrderRow | None) -> None:
            if row is not None:
                self.order = Registered(row.id, row.number, row.version)

        self.read(lambda session: orders.row(session, desk.viewer, edges_now(desk, session), order.order_id), take)

    def _next_call(self) -> None:
        self.stop_timers()
        self.begin_call()
        self.form.disabled = False
        self.form.restore({})
        self.form.show_history("")
        self.panels.show_answers(())
        self.panels.show_similar(())
        self.show_title()
        self.ask_due()
        self.form.query_one("#phone").focus()

    def do_phone(self) -> None:
        """Ctrl+T: from anywhere, also from a long narrative."""
        self.form.action_phone()

    # -- leaving it

    def do_put_by(self) -> None:
        """F9."""
        self._saved_first(lambda: self._put_away("已存为草稿, 在工作台可接着办"))

    def do_new(self) -> None:
        """F2: the phone rings again."""
        self._saved_first(self._put_away)

    def do_back(self) -> None:
        """Esc: what was typed stays as a draft."""
        self._saved_first(lambda: self.dismiss(None))

    def _saved_first(self, then: Callable[[], object]) -> None:
        """Go on once the draft is on disk, or the person goes on without: it stays with the writer then."""
        if self.order is None:
            self.save_draft()
        drafts = self.seat.drafts
        self.work_read(drafts.flush, lambda _: leave(self, drafts, (self.draft_id,), then), lane="leave", opens=True)

    def _put_away(self, sentence: str = "") -> None:
        unsaved = self.seat.drafts.failure(self.draft_id)
        self.draft = None
        self._next_call()
        if unsaved or sentence:
            self.flash(str(unsaved) if unsaved else sentence)

    # -- other screens

    def do_knowledge(self) -> None:
        """F3: the knowledge base, with the narrative as query."""
        from hotline_tui.screens.knowledge import KnowledgeScreen

        self.app.push_screen(
            KnowledgeScreen(query=query_of(self.form.narrative), shelf=Shelf.IN_FORCE, asked=self.in_vain)
        )

    def do_earlier(self) -> None:
        """F7: the caller's orders and similar ones."""

        def chosen(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice.open_id is not None:
                self.seat.open_order(choice.open_id)
            else:
                self.merge(choice.number)

        self.app.push_screen(
            EarlierOrders(
                self.history.rows,
                self.likened,
                in_hand=self.in_hand(self.matter()),
                look_up=self.look_up,
                now=self.desk.clock(),
            ),
            chosen,
        )
