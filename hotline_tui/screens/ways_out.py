"""The ways out of a matter at the front: 直办, 交办, 批办, 会签, 不予受理, 并案 (Art. 8, 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from rich.text import Text

from hotline_tui.data.queries import orders
from hotline_tui.data.queries.leaders import LeaderChoice, city_leaders
from hotline_tui.data.queries.rows import OrderRow
from hotline_tui.data.suggest.advice import Advice
from hotline_tui.rules.deadlines import Due
from hotline_tui.rules.words import Role
from hotline_tui.screens.direct_answer import DirectAnswer
from hotline_tui.screens.directory import NO_ADVICE, Directory, Suggestion, read_directory
from hotline_tui.screens.due_panel import due_moment, due_text
from hotline_tui.screens.joining import InHand
from hotline_tui.screens.kept import KeptForm
from hotline_tui.screens.leader_forms import ReportForm, Reporting
from hotline_tui.screens.matter import Matter, Step
from hotline_tui.screens.refusal import Refusal, RefusalModal
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.screens.widgets.picker import Picker
from hotline_tui.services import dispatch, instruction, intake
from hotline_tui.services.clock import edges_now

BEEN_THERE = "曾退回本件"
NOT_LISTED = "被反映单位及其下属不列出(第十三条)"


class UnitPicker(Picker):
    """承办单位, with the due date of the dispatch under the list; nobody gets a matter by a slip of Enter."""

    UNASKED = False
    KEYS = "Enter 交办  上下键 移动  Esc 取消   可输汉字、全拼或拼音首字母"


class WaysOut(DirectAnswer):
    """Sub-classes give `matter`, `carry_out` and `refuse`."""

    directory = Directory()
    advice = NO_ADVICE
    """What speaks for topics and units, of the matter in hand."""
    reporting: Reporting | None = None
    """What was written for a report and not accepted."""

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

        return self._noted(step)

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

        return self._noted(step)

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
