"""The ways out of a matter at the front: 直办, 交办, 批办, 会签, 不予受理, 并案 (Art. 8, 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from rich.text import Text

from hotline_tui.data.queries import knowledge, orders
from hotline_tui.data.queries.knowledge import ArticleDetail
from hotline_tui.data.queries.leaders import LeaderChoice, city_leaders
from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.data.suggest.advice import Advice
from hotline_tui.rules.deadlines import Due
from hotline_tui.rules.words import Kind, Role
from hotline_tui.screens.answers import ConfirmAnswer
from hotline_tui.screens.desk_screen import DeskScreen
from hotline_tui.screens.directory import NO_ADVICE, Directory, Suggestion, read_directory
from hotline_tui.screens.due_panel import due_moment, due_text
from hotline_tui.screens.joining import InHand
from hotline_tui.screens.kept import KeptForm
from hotline_tui.screens.leader_forms import ReportForm, Reporting
from hotline_tui.screens.refusal import Refusal, RefusalModal
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.screens.widgets.picker import Picker
from hotline_tui.services import answer, dispatch, instruction, intake
from hotline_tui.services.clock import edges_now

Step = Callable[[UUID, int | None], str]
"""Takes an order and the version seen, writes, and gives the sentence for what was done."""


@dataclass(frozen=True)
class Matter:
    """What is to be sent somewhere, as far as the choice depends on it."""

    kind: Kind
    narrative: str
    number: str = ""
    """Of the order in hand; a call has none yet."""
    topic_id: UUID | None = None
    region_id: UUID | None = None
    accused: tuple[UUID, ...] = ()
    similar_units: tuple[UUID | None, ...] = ()
    repeats: OrderRow | None = None
    """The order that this one most likely repeats, by its words."""
    urgent: bool = False
    callers: int = 1
    online: bool = False
    """A direct answer goes online, not on the call."""
    returned_by: tuple[UUID, ...] = ()
    """Units that have given it back."""
    subject: str = ""
    address: str = ""
    similar_topics: tuple[str, ...] = ()
    """Their paths."""


BEEN_THERE = "曾退回本件"
NOT_LISTED = "被反映单位及其下属不列出(第十三条)"


class UnitPicker(Picker):
    """承办单位, with the due date of the dispatch under the list; nobody gets a matter by a slip of Enter."""

    UNASKED = False
    KEYS = "Enter 交办  上下键 移动  Esc 取消   可输汉字、全拼或拼音首字母"


class WaysOut(DeskScreen):
    """Sub-classes give `matter`, `carry_out` and `refuse`."""

    directory = Directory()
    advice = NO_ADVICE
    """What speaks for topics and units, of the matter in hand."""
    reporting: Reporting | None = None
    """What was written for a report and not accepted."""

    def matter(self) -> Matter:
        """What is in hand."""
        raise NotImplementedError

    def carry_out(self, step: Step, *, repeats: str = "") -> None:
        """Do it to the order in hand, registering it first where it is none yet.

        `repeats`: the number of the earlier order, whose topic and region a new one takes where none are told.
        """
        raise NotImplementedError

    def refuse(self, refusal: Refusal) -> None:
        """Refuse the matter in hand."""
        raise NotImplementedError

    def read_directory(self, then: Callable[[], object] | None = None) -> None:
        """Read what pickers offer."""

        def take(directory: Directory) -> None:
            self.directory = directory
            if then is not None:
                then()

        self.read(read_directory, take, lane="directory", opens=then is not None)

    def suggestions(self, matter: Matter) -> list[Suggestion]:
        """Units for it, best first."""
        found = self.directory.suggestions(
            matter.topic_id, matter.region_id, matter.similar_units, matter.accused, self.advice
        )
        return [each for each in found if each.unit_id not in matter.returned_by]

    def read_advice(self, matter: Matter) -> Advice:
        """What its words speak for; to be called in a thread."""
        with self.desk.store.read() as session:
            return self.seat.advisor.advise(session, matter.narrative, subject=matter.subject, address=matter.address)

    # -- 直办

    def start_answer(self) -> None:
        """Choose a standard answer; the narrative is the query."""
        from hotline_tui.screens.knowledge import KnowledgeScreen

        def chosen(article_id: UUID | None) -> None:
            if article_id is not None:
                self.read(
                    lambda session: knowledge.article(session, self.desk.viewer, article_id),
                    self._read_out,
                    lane="answer",
                    opens=True,
                )

        self.app.push_screen(KnowledgeScreen(query=query_of(self.matter().narrative), pick=True), chosen)

    def _read_out(self, article: ArticleDetail) -> None:
        """Nothing is closed before the answer was seen whole; without a topic the matter takes the article's."""
        matter = self.matter()
        if matter.topic_id is None and article.row.topic_id is None:
            self.ask_topic()
            return
        taken = ""
        if matter.topic_id is None and article.row.topic_id is not None:
            taken = article.row.topic
            self.take_topic(article.row.topic_id)

        def answered(sure: bool | None) -> None:
            if sure:
                self.carry_out(self._answer_from(article, online=matter.online))

        self.app.push_screen(ConfirmAnswer(article, online=matter.online, topic=taken), answered)

    def take_topic(self, topic_id: UUID) -> None:
        """The matter had no topic, the answer has one: show it where topics are shown."""

    def ask_topic(self) -> None:
        """Neither has one: ask for it."""
        raise NotImplementedError

    def _answer_from(self, article: ArticleDetail, *, online: bool) -> Step:
        row = article.row

        def step(order_id: UUID, seen: int | None) -> str:
            answer.answer(self.desk, order_id, row.id, version=row.version, online=online, seen=seen)
            return "已直接答复"

        return step

    # -- 交办

    def start_assign(self) -> None:
        """Choose the unit, seeing when the answer will be due."""
        matter = self.matter()

        def reckon() -> tuple[Due, Advice]:
            return dispatch.preview(self.desk, matter.kind), self.read_advice(matter)

        def reckoned(made: tuple[Due, Advice]) -> None:
            due, self.advice = made
            if self.directory.units:
                self._pick_unit(due)
            else:
                self.read_directory(lambda: self._pick_unit(due))

        self.work_read(reckon, reckoned, lane="due-now", opens=True)

    def note_of(self, matter: Matter) -> str:
        """What stands over the list of units."""
        return NOT_LISTED if matter.accused else ""

    def _pick_unit(self, due: Due) -> None:
        matter = self.matter()
        suggested = self.suggestions(matter)
        why = {str(each.unit_id): each.why for each in suggested}

        def detail(key: str) -> Text:
            unit = self.directory.unit[UUID(key)]
            about = BEEN_THERE if unit.id in matter.returned_by else why.get(key) or unit.duties or unit.name
            text = Text(line_of(f"{unit.short}: {about}"[:60])).append("\n")
            return text.append_text(due_text(due))

        def chosen(key: str | None) -> None:
            if key is not None:
                self.carry_out(self._assign_to(UUID(key)))

        self.app.push_screen(
            UnitPicker(
                f"交办: {matter.kind.label}",
                self.directory.open_units(matter.accused),
                suggested=[str(each.unit_id) for each in suggested],
                detail=detail,
                note=self.note_of(matter),
                nothing=Text("没有建议的单位, 请输入名称或按下键选定\n").append_text(due_text(due)),
                without=self.directory.without_units,
            ),
            chosen,
        )

    def _assign_to(self, unit_id: UUID) -> Step:
        name = self.directory.short_unit(unit_id)

        def step(order_id: UUID, seen: int | None) -> str:
            made = dispatch.assign(self.desk, order_id, unit_id, seen=seen)
            provisional = " 暂定" if made.due.provisional else ""
            return f"已交办{name}, 时限 {due_moment(made.due.due_at)}{provisional}"

        return step

    # -- 批办, 提请会签

    def start_report(self) -> None:
        """Say why a leader has to decide; the office also says which."""
        if self.desk.role is Role.OFFICE:
            self.read(city_leaders, self._ask_report, lane="leaders", opens=True)
        else:
            self._ask_report(None)

    def report_kept(self) -> KeptForm | None:
        """Where what is written is kept, once there is an order."""
        return None

    def report_begins(self) -> Reporting:
        """What the form begins with: what was refused before."""
        return self.reporting or Reporting("", countersign=False)

    def _ask_report(self, leaders: Sequence[LeaderChoice] | None) -> None:
        kept, begins = self.report_kept(), self.report_begins()

        def told(made: Reporting) -> None:
            self.reporting = made
            self.carry_out(self._report(made, kept))

        form = ReportForm(leaders, kept=kept, reason=begins.reason, countersign=begins.countersign)
        self.open_form(form, told)

    def _report(self, made: Reporting, kept: KeptForm | None) -> Step:
        def step(order_id: UUID, seen: int | None) -> str:
            said = self._lay_before(made, order_id, seen)
            self.reporting = None
            if kept is not None:
                kept.discard()
            return said

        return step

    def _lay_before(self, made: Reporting, order_id: UUID, seen: int | None) -> str:
        if self.desk.role is Role.OFFICE:
            instruction.report(
                self.desk,
                order_id,
                made.reason,
                leader_id=made.leader_id,
                countersign=made.countersign,
                seen=seen,
            )
            return "已呈报批示"
        if made.countersign:
            instruction.propose(self.desk, order_id, made.reason, seen=seen)
            return "已提请会签, 由热线办呈报"
        instruction.report(self.desk, order_id, made.reason, seen=seen)
        return "已提请批示, 由热线办呈报"

    # -- 不予受理, 并案

    def start_refuse(self) -> None:
        """Choose the reason."""
        matter = self.matter()

        def decided(refusal: Refusal) -> None:
            if refusal.merge:
                self.merge(refusal.earlier_number or "")
            else:
                self.refuse(refusal)

        form = RefusalModal(
            matter.narrative,
            self.in_hand(matter),
            self.look_up,
            repeats=matter.repeats,
            callers=matter.callers,
            begins=self.refusal_begins(),
            keep=self.keep_refusal,
        )
        self.open_form(form, decided)

    def in_hand(self, matter: Matter) -> InHand:
        """The matter as another one is held against it."""
        topic = self.directory.topic.get(matter.topic_id) if matter.topic_id else None
        return InHand(matter.kind, topic.path if topic else "", matter.number, matter.urgent)

    def look_up(self, number: str, then: Callable[[OrderRow | None], object]) -> None:
        """Read the order of a number that was typed."""
        desk = self.desk
        self.read(
            lambda session: orders.numbered(session, desk.viewer, edges_now(desk, session), number),
            then,
            lane="numbered",
        )

    def refusal_begins(self) -> Mapping[str, str]:
        """What was chosen and written for a refusal, and not accepted."""
        return {}

    def keep_refusal(self, fields: dict[str, str]) -> None:
        """Keep it on disk."""

    def forget_refusal(self, order_id: UUID) -> None:
        """It was merged instead."""

    def merge(self, living: str) -> None:
        """并案 with this number."""

        def step(order_id: UUID, seen: int | None) -> str:
            intake.merge(self.desk, order_id, living, seen=seen)
            self.forget_refusal(order_id)
            return f"已并入 {living}"

        self.carry_out(step, repeats=living)


def query_of(narrative: str) -> str:
    """A narrative as a search."""
    return " ".join(narrative.split())[:200]
