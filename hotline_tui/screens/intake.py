"""受理: a call on one page, from the first ring to the way out (Art. 7-11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import Input, TextArea

from hotline_tui.data.drafts import Draft
from hotline_tui.data.queries import callers, orders
from hotline_tui.data.queries.callers import History
from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.data.search import similar_orders
from hotline_tui.errors import HotlineError, NotAccepted, Refused
from hotline_tui.models.columns import new_id
from hotline_tui.rules.acceptance import check_acceptance
from hotline_tui.rules.deadlines import SHANGHAI, Due
from hotline_tui.rules.words import Kind
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.answers import Found, find
from hotline_tui.screens.earlier import Choice, EarlierOrders, described
from hotline_tui.screens.form_fields import KINDS, Edited, KindLine, PickField
from hotline_tui.screens.intake_form import IntakeForm
from hotline_tui.screens.intake_panels import ANSWERS, SIMILAR, IntakePanels, told
from hotline_tui.screens.refusal import Refusal
from hotline_tui.screens.ways_out import Matter, Step, WaysOut, query_of
from hotline_tui.services import dispatch, intake
from hotline_tui.services.clock import edges_now
from hotline_tui.services.intake import Registered

PAUSE_SECONDS = 0.25
"""Nothing is looked up while keys come faster than this."""
SETTLED_SECONDS = 1.0
"""After so long without a key, nobody is composing: what waited for the next key is painted."""


@dataclass(frozen=True)
class Outcome:
    """What became of registering and the step after it."""

    registered: Registered
    sentence: str = ""
    error: HotlineError | None = None


class IntakeScreen(WaysOut):
    """What is typed is a draft until it is registered; then the same order is worked on, never a second one."""

    TITLE_TEXT = "受理登记"
    CSS_PATH = "intake.tcss"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "answer", "直接答复", "选一条标准答案当场答复来电人, 工单办结(第十一条(二)1)"),
        ScreenAction("f5", "assign", "交办", "选承办单位, 看清时限后交办(第十一条(二)2)"),
        ScreenAction("f6", "report", "批办", "重要事项或单位不明的, 呈报领导批示(第十一条(二)3)"),
        ScreenAction("f7", "earlier", "历史并案", "查看来电人历史和相似工单, 可并案"),
        ScreenAction("f8", "refuse", "不予受理", "选理由, 告知来电人, 记录在案(第八条)"),
        ScreenAction("f9", "put_by", "暂存", "存为草稿, 接下一个来电"),
        ScreenAction("f3", "knowledge", "知识库", "以诉求为词查知识库", shown=False),
        ScreenAction("f2", "new", "新受理", "本件存为草稿, 登记下一个来电", shown=False),
        *(
            ScreenAction(str(number), f"kind_{number}", kind.label, f"类别改为{kind.label}", shown=False)
            for number, kind in enumerate(KINDS, 1)
        ),
    )

    def __init__(self, draft: Draft | None = None) -> None:
        super().__init__()
        self.draft = draft
        self._begin_call()

    def _begin_call(self) -> None:
        self.draft_id = self.draft.id if self.draft else new_id()
        self.order: Registered | None = None
        self.history = History()
        self.similar: tuple[OrderRow, ...] = ()
        self.found: tuple[Found, ...] = ()
        self._asked_phone = ""
        self._asked_words = ""
        self._saved = ""
        self._pause: Timer | None = None
        self._settled: Timer | None = None
        self._dues: dict[Kind, Due] = {}

    def compose_body(self) -> ComposeResult:
        """The form, and the panels under it or beside it."""
        with Container(id="work"):
            yield IntakeForm(id="form")
            yield IntakePanels(id="panels")

    def on_mount(self) -> None:
        """Empty for a new call; a draft where it was left."""
        self.form.query_one("#phone").focus()
        self._show_title()
        self.read_directory(self._directory_read)
        if self.draft is not None:
            self.form.restore(self.draft.fields)
            self._saved = self.draft.saved_at.astimezone(SHANGHAI).strftime("%H:%M")
            self.form.query_one("#narrative").focus()
            self._show_title()
            self._look()
            self._ask_history()
        self._ask_due()

    @property
    def form(self) -> IntakeForm:
        """The form."""
        return self.query_one(IntakeForm)

    @property
    def panels(self) -> IntakePanels:
        """The panels."""
        return self.query_one(IntakePanels)

    def _directory_read(self) -> None:
        self.form.offer(self.directory)
        self._show_route()

    def _show_title(self) -> None:
        state = f"已登记 {self.order.number}" if self.order else f"草稿已存 {self._saved}" if self._saved else ""
        self.set_title(f" 受理登记  {state}", f"{self.desk.name} {self.desk.site_name or self.desk.site} ")

    # -- the draft

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Edited)
    def _changed(self, event: Input.Changed | TextArea.Changed | Edited) -> None:
        if self.order is not None:
            return
        self._save_draft()
        if isinstance(event, TextArea.Changed):
            self._pause = self._restart(self._pause, PAUSE_SECONDS, self._look)
        self._settled = self._restart(self._settled, SETTLED_SECONDS, self._release_held)

    @on(Edited)
    def _chosen(self) -> None:
        """Kind, topic, place or accused changed: another unit or another limit may follow."""
        self._ask_due()

    def _restart(self, timer: Timer | None, seconds: float, then: Callable[[], object]) -> Timer:
        if timer is not None:
            timer.stop()
        return self.set_timer(seconds, then)

    def _save_draft(self) -> None:
        if self.form.empty:
            self.seat.drafts.discard(self.draft_id)
        else:
            self.seat.drafts.put(
                Draft(self.draft_id, self.desk.login, "intake", self.desk.clock(), None, self.form.fields())
            )

    def draft_saved(self, draft: Draft) -> None:
        """Told by the application when a draft is on disk."""
        saved = draft.saved_at.astimezone(SHANGHAI).strftime("%H:%M")
        if draft.id == self.draft_id and saved != self._saved:
            self._saved = saved
            self.hold("title", self._show_title)

    # -- what is looked up while the caller speaks

    @on(Input.Submitted, "#phone")
    @on(Input.Blurred, "#phone")
    def _ask_history(self) -> None:
        phone = self.form.phone.strip()
        if phone == self._asked_phone:
            return
        self._asked_phone = phone
        desk = self.desk
        self.read(
            lambda session: callers.history(session, desk.viewer, edges_now(desk, session), phone),
            self._show_history,
            lane="history",
        )

    def _show_history(self, history: History) -> None:
        self.history = history
        if history.total:
            self.form.show_history(f"历史 {history.total} 件: {told(history.counts)}", "F7 查看")
        else:
            self.form.show_history("历史 0 件" if self._asked_phone else "")

    def _look(self) -> None:
        words = query_of(self.form.narrative)
        if words == self._asked_words:
            return
        self._asked_words = words
        desk, index, told_now = self.desk, self.seat.knowledge, self.form.intake
        self.work_read(lambda: find(desk, index, words, ANSWERS), self._take_answers, lane="answers")

        def alike(session: Any) -> tuple[OrderRow, ...]:
            found = similar_orders(
                session,
                desk.viewer,
                edges_now(desk, session),
                text=told_now.narrative,
                place=told_now.address,
                phone=told_now.phone,
                topic_id=told_now.topic_id,
                limit=SIMILAR,
            )
            return tuple(each.order for each in found)

        self.read(alike, self._take_similar, lane="similar")

    def _take_answers(self, answers: tuple[tuple[Found, ...], str]) -> None:
        self.found = answers[0]
        self.hold("answers", lambda: self.panels.show_answers(*answers))

    def _take_similar(self, similar: tuple[OrderRow, ...]) -> None:
        self.similar = similar

        def show() -> None:
            self.panels.show_similar(similar)
            self._show_route()

        self.hold("similar", show)

    def _ask_due(self) -> None:
        kind = self.form.kind
        if kind in self._dues:
            self._show_route()
            return

        def take(due: Due) -> None:
            self._dues[kind] = due
            self._show_route()

        self.work_read(lambda: dispatch.preview(self.desk, kind), take, lane="due")

    def _show_route(self) -> None:
        self.panels.show_route(self.directory, self.suggestions(self.matter()), self._dues.get(self.form.kind))

    # -- the ways out

    def matter(self) -> Matter:
        """What the form holds."""
        told_now = self.form.intake
        return Matter(
            told_now.kind,
            told_now.narrative,
            told_now.topic_id,
            told_now.region_id,
            told_now.accused,
            tuple(row.unit_id for row in self.similar),
            described((*self.history.rows, *self.similar)),
        )

    def why_not(self, action_id: str) -> str | None:
        """What is missing before a way out opens."""
        if action_id in ("answer", "assign", "report", "refuse") and not self.form.narrative.strip():
            return "诉求内容为空, 请先写明诉求(第八条)"
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
        """F4."""
        if self._complete():
            self.start_answer()

    def do_assign(self) -> None:
        """F5."""
        if self._complete():
            self.start_assign()

    def do_report(self) -> None:
        """F6."""
        if self._complete():
            self.start_report()

    def do_refuse(self) -> None:
        """F8: also what is incomplete may be refused."""
        self.start_refuse()

    def _complete(self) -> bool:
        """Art. 15 before anything is chosen: the sentence, and the cursor on the first field that is missing."""
        told_now = self.form.intake
        try:
            check_acceptance(told_now.kind, told_now.facts, told_now.narrative)
        except NotAccepted as refusal:
            self.flash(str(refusal))
            self.form.go_to(refusal.missing[0])
            return False
        return True

    def carry_out(self, step: Step) -> None:
        """Register, unless it is, and take the step; a step refused leaves the order registered."""
        told_now, order, desk = replace(self.form.intake, draft_id=self.draft_id), self.order, self.desk

        def run() -> Outcome:
            registered = order or intake.register(desk, told_now)
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
        self._show_title()
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
        self._stop_timers()
        self._begin_call()
        self.form.disabled = False
        self.form.restore({})
        self.form.show_history("")
        self.panels.show_answers(())
        self.panels.show_similar(())
        self._show_title()
        self._ask_due()
        self.form.query_one("#phone").focus()

    # -- leaving it

    def do_put_by(self) -> None:
        """F9."""
        self.do_new()
        self.flash("已存为草稿, 在工作台可接着办")

    def do_new(self) -> None:
        """F2: the phone rings again."""
        if self.order is None:
            self._save_draft()
        self.draft = None
        self._next_call()

    def do_back(self) -> None:
        """Esc: what was typed stays as a draft."""
        self._stop_timers()
        if self.order is None:
            self._save_draft()
        self.work_read(self.seat.drafts.flush, self._leave, lane="leave")

    def _leave(self, _done: None) -> None:
        self.dismiss(None)

    def _stop_timers(self) -> None:
        for timer in (self._pause, self._settled):
            if timer is not None:
                timer.stop()

    # -- other screens

    def do_knowledge(self) -> None:
        """F3: the knowledge base, with the narrative as query."""
        from hotline_tui.screens.knowledge import KnowledgeScreen

        self.app.push_screen(KnowledgeScreen(query=query_of(self.form.narrative)))

    def do_earlier(self) -> None:
        """F7: the caller's orders and similar ones."""

        def chosen(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice.open_id is not None:
                self.seat.open_order(choice.open_id)
            elif (closed := self.why_not("refuse")) is not None:
                self.flash(closed)
            elif self._complete():
                self.carry_out(self.merge_into(choice.number))

        self.app.push_screen(EarlierOrders(self.history.rows, self.similar), chosen)
