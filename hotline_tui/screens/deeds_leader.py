"""批办 and 会签 on an order: 呈报, 撤回呈报, 批示, 按批示交办 (Art. 11(2)2(3), 11(2)3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline_tui.data.queries.instructed import Named, instructed_units
from hotline_tui.rules.deadlines import Due
from hotline_tui.rules.words import Action, AssignmentType, OrderState, Role
from hotline_tui.screens import order_parts
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.deeds_assist import AssistDeeds
from hotline_tui.screens.directory import Directory, read_directory
from hotline_tui.screens.due_panel import due_text
from hotline_tui.screens.kept import Kept, KeptForm
from hotline_tui.screens.leader_forms import InstructForm, Instructing, Reporting
from hotline_tui.screens.matter import Matter
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.services import dispatch, instruction

if TYPE_CHECKING:
    from hotline_tui.data.store import Session
    from hotline_tui.data.suggest.advice import Advice

NO_ASSISTS = "呈报时拟作会签件, 批示没有确定协办单位: 由这一个单位承办"


class LeaderDeeds(AssistDeeds):
    """Each asks what it must and writes."""

    # -- 呈报, 撤回呈报

    def report_begins(self) -> Reporting:
        """The office begins with what the front desk or a unit proposed."""
        proposed = self.seen.proposal if self.seen else None
        if self.reporting is not None or proposed is None:
            return super().report_begins()
        return Reporting(str(proposed.facts.get("reason", "")), proposed.action is Action.PROPOSE_COUNTERSIGN)

    def withdraw(self) -> None:
        """撤回呈报, with the reason."""
        one = self.the_subject()
        self.ask(
            Action.WITHDRAW,
            one,
            "撤回后回到派单。请写明理由:",
            "请写明撤回呈报的理由(第十一条(二)3)",
            lambda text, kept: self.perform(
                lambda: instruction.withdraw(self.desk, one.order_id, text, seen=one.version),
                f"已撤回呈报 {one.number}",
                kept=kept,
            ),
        )

    # -- 批示

    def instruct(self) -> None:
        """A leader writes his own; the office records whose it is, the words, and the units that they name."""
        one = self.the_subject()

        def read(directory: Directory) -> None:
            self.directory = directory
            self.with_seen(one, lambda seen: self._seek_units(one, seen))

        self.read(read_directory, read, lane="directory", opens=True)

    def _seek_units(self, one: Subject, seen: OrderSeen) -> None:
        found, store, advisor = seen.detail, self.desk.store, self.seat.advisor

        def advice() -> Advice:
            with store.read() as session:
                return advisor.advise(session, found.narrative, subject=found.subject, address=found.row.address)

        self.work_read(advice, lambda made: self._ask_instruction(one, seen, made), lane="advice", opens=True)

    def _ask_instruction(self, one: Subject, seen: OrderSeen, advice: Advice) -> None:
        found = seen.detail
        accused = self.directory.named(found.accused)
        kept = KeptForm(self.seat, Action.INSTRUCT.value, one.order_id)
        named = found.reports[-1].leader if found.reports else ""

        def given(made: Instructing) -> None:
            self.perform(lambda: self._instruct(one, made), f"已记录批示 {one.number}", kept=kept)

        self.open_form(
            InstructForm(
                one.number,
                self.directory,
                accused=accused,
                kept=kept,
                leader=None if self.desk.role is Role.CITY_LEADER else named,
                suggested=self.directory.suggestions(found.topic_id, found.region_id, (), accused, advice),
                countersign=bool(found.reports) and found.reports[-1].countersign,
            ),
            given,
        )

    def _instruct(self, one: Subject, made: Instructing) -> None:
        instruction.instruct(
            self.desk,
            one.order_id,
            made.text,
            leader=made.leader,
            lead=made.lead,
            assists=made.assists,
            seen=one.version,
        )

    # -- 交办

    def assign_now(self) -> None:
        """交办 as the order stands: to a first unit, as the leader instructed, or one more assisting unit."""
        state = self.the_subject().state
        if state is OrderState.AWAITING_INSTRUCTION:
            self.assign_as_instructed()
        elif state is OrderState.ASSIGNED:
            self.add_assist()
        else:
            self.read_directory(self.start_assign)

    def note_of(self, matter: Matter) -> str:
        """Beside whom it may not go to: that a leader named nobody for what was to be countersigned."""
        unnamed = order_parts.unnamed(self.seen.detail) if self.seen else ""
        return "; ".join(each for each in (unnamed, super().note_of(matter)) if each)

    def assign_as_instructed(self) -> None:
        """The units that the instruction names; where it names none, the office chooses."""
        one = self.the_subject()

        def read(session: Session) -> tuple[Directory, Named | None]:
            return read_directory(session), instructed_units(session, one.order_id)

        def take(found: tuple[Directory, Named | None]) -> None:
            self.directory, named = found
            if named is None:
                self.with_seen(one, lambda _seen: self.start_assign())
                return
            self.work_read(
                lambda: dispatch.preview(self.desk, one.kind),
                lambda due: self.with_seen(one, lambda seen: self._ask_assign(one, named, due, seen)),
                lane="due-now",
                opens=True,
            )

        self.read(read, take, lane="directory", opens=True)

    def _ask_assign(self, one: Subject, named: Named, due: Due, seen: OrderSeen) -> None:
        lead = self.directory.short_unit(named.lead)
        assists = "、".join(self.directory.short_unit(unit_id) for unit_id in named.assists)
        kind = AssignmentType.COUNTERSIGNED if assists else AssignmentType.TIMED
        units = f"牵头单位 {lead}\n协办单位 {assists}" if assists else f"承办单位 {lead}"
        reports = seen.detail.reports
        if not assists and reports and reports[-1].countersign:
            units = f"{units}\n{NO_ASSISTS}"

        def give(text: str, kept: Kept) -> None:
            def job() -> None:
                dispatch.assign(
                    self.desk, one.order_id, named.lead, assists=named.assists, remark=text, seen=one.version
                )

            self.perform(job, f"已按批示交办{lead} {one.number}", kept=kept)

        prompt = f"按领导批示交办:\n{units}\n{due_text(due, kind).plain}\n交办说明(可不填):"
        self.ask(Action.ASSIGN, one, prompt, "", give, long=False)
