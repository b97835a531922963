"""批示: what is proposed, reported and instructed, and what units ask the office; for a leader, what waits for him."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from hotline_tui.data.queries import consents, leaders
from hotline_tui.data.queries.consents import ToConsent
from hotline_tui.data.queries.leaders import Stage, ToInstruct
from hotline_tui.rules.consents import GRANTS
from hotline_tui.rules.words import Action, RequestMatter, Role, Standing
from hotline_tui.rules.workflow import Relation, why_not, why_not_assignment
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction, bindings_for
from hotline_tui.screens.base import BACK, HELP
from hotline_tui.screens.deeds_consent import Asked, ConsentDeeds, provisional
from hotline_tui.screens.deeds_leader import LeaderDeeds
from hotline_tui.screens.leader_forms import ANY_LEADER
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.queue_lists import Queue, QueueLists
from hotline_tui.screens.queue_screen import Known, brief
from hotline_tui.screens.standing import moment
from hotline_tui.screens.widgets.pages import Heading, Para, Part
from hotline_tui.screens.widgets.row_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class LeaderQueue(Queue):
    """One of the lists, and what the first two keys do in it."""

    first: tuple[Action, str]
    second: tuple[Action, str] | None
    """None: nothing."""


PROPOSED = LeaderQueue(
    "待呈报",
    "没有待呈报的工单",
    partial(leaders.to_instruct, stage=Stage.PROPOSED),
    (Action.REPORT, "呈报"),
    (Action.WITHDRAW, "退回派单"),
)
REPORTED = LeaderQueue(
    "待批示",
    "没有等候批示的工单",
    partial(leaders.to_instruct, stage=Stage.REPORTED),
    (Action.INSTRUCT, "记录批示"),
    (Action.WITHDRAW, "撤回呈报"),
)
INSTRUCTED = LeaderQueue(
    "待交办",
    "没有批示后待交办的工单",
    partial(leaders.to_instruct, stage=Stage.INSTRUCTED),
    (Action.ASSIGN, "按批示交办"),
    None,
)
CONSENTS = LeaderQueue(
    "申请",
    "没有等候答复的申请",
    consents.to_consent,
    (Action.CONSENT_RETURN, "同意"),
    (Action.DECLINE, "不予同意"),
)
OF_A_LEADER = LeaderQueue("待批示", "没有等候您批示的工单", leaders.to_instruct, (Action.INSTRUCT, "批示"), None)
QUEUES = {Role.OFFICE: (PROPOSED, REPORTED, INSTRUCTED, CONSENTS), Role.CITY_LEADER: (OF_A_LEADER,)}


class InstructionScreen(QueueLists[LeaderQueue], LeaderDeeds, ConsentDeeds):
    """F4 and F5 do what the list is for; F6, or left and right, go from list to list."""

    TITLE_TEXT = "批示"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "first", "办理", "各列表要办的: 呈报、记录批示、按批示交办、同意申请; 市领导为批示"),
        ScreenAction("f5", "second", "退回", "撤回呈报, 工单回到派单; 申请列表中为不予同意"),
        ScreenAction("f6", "queue", "换列表", "待呈报、待批示、待交办、申请; 左右键也可"),
        ScreenAction("f7", "again", "再呈报", "再次呈报, 可改报另一位领导(第十一条(二)3)"),
        ScreenAction("enter", "open", "工单", "打开工单, 看全部过程"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for((*ACTIONS, HELP, BACK))

    @property
    def queues(self) -> tuple[LeaderQueue, ...]:
        """The lists of this role."""
        return QUEUES[self.desk.role]

    # -- the lists

    def columns(self) -> tuple[Column, ...]:
        """Who waits for whom, and since or until when."""
        return (Column("编号", 17), Column("类别", 4), Column("诉求"), Column("呈报, 申请", 20), Column("时间", 11))

    def key(self, waiting: Any) -> str:
        """A request of its own; two may wait on one order."""
        return str(waiting.request_id if isinstance(waiting, ToConsent) else waiting.order.id)

    def row(self, waiting: Any, known: Known) -> Row:
        """Number, kind, matter, who, when."""
        order = waiting.order
        who, when = (
            (f"{waiting.asked_by} {_ASKS[waiting.matter]}", moment(waiting.asked_at))
            if isinstance(waiting, ToConsent)
            else _who_and_when(waiting, known)
        )
        return Row(self.key(waiting), (order.number, order.kind.label, brief(order), who, when))

    def heading(self, seen: OrderSeen, waiting: Any) -> str:
        """Number, topic."""
        row = seen.detail.row
        return f"{row.number}  {row.kind.label}  {row.topic}"

    def parts(self, seen: OrderSeen, waiting: Any) -> Iterable[Part]:
        """What is asked of whoever sits here, then the order."""
        if isinstance(waiting, ToConsent):
            yield Heading(f"申请{waiting.matter.label}  {waiting.asked_by}", moment(waiting.asked_at))
            yield Para(waiting.reason)
            if waiting.day and waiting.before:
                yield Para(f"承诺日期 {seen.promised(waiting.before)} 改为 {seen.promised(waiting.day)}")
            yield Heading(order_view.unit_line(seen)[0].plain.strip(), order_view.unit_line(seen)[1].strip())
        else:
            yield Para(order_view.place_line(seen)[0])
        yield from order_view.texts(seen)

    # -- which keys work

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """The first two keys bear the names of what the list is for."""
        labels = {"first": self.queue.first[1], "second": self.queue.second[1] if self.queue.second else "退回"}
        hidden = {"queue", "again", "second"} if len(self.queues) == 1 else set[str]()
        return tuple(
            replace(action, label=labels.get(action.id, action.label), shown=action.shown and action.id not in hidden)
            for action in super().actions_now()
        )

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables, for the order under the cursor."""
        if action_id in ("help", "back"):
            return None
        if action_id == "queue":
            return None if len(self.queues) > 1 else "没有其他列表"
        at = self.at_cursor()
        if at is None:
            return self.why_no_row()
        if action_id == "open":
            return None
        action = self._action(action_id, at)
        if action is None:
            return f"{self.queue.label}列表中没有这一项"
        closed = why_not(action, at.order.state, self.desk.role, _relation(at))
        if closed is None and isinstance(at, ToConsent):
            return why_not_assignment(action, at.share_state, self.desk.role, _relation(at))
        return closed

    def _action(self, action_id: str, at: Any) -> Action | None:
        if action_id == "again":
            return Action.REPORT if isinstance(at, ToInstruct) else None
        if action_id == "first" and isinstance(at, ToConsent):
            return GRANTS[at.matter]
        chosen = self.queue.first if action_id == "first" else self.queue.second
        return chosen[0] if chosen else None

    # -- doing it

    def asked(self) -> tuple[Asked, ...]:
        """The request under the cursor."""
        at = self.at_cursor()
        if not isinstance(at, ToConsent):
            return ()
        mark = provisional(self.seen, at.day)
        return (Asked(at.request_id, at.asked_by, at.matter, at.reason, at.day, at.before, mark),)

    def do_first(self) -> None:
        """F4."""
        deeds = {
            Action.REPORT: self.report_again,
            Action.INSTRUCT: self.instruct,
            Action.ASSIGN: self.assign_as_instructed,
        }
        for asked in self.asked():
            self.grant(asked)
            return
        deeds[self.queue.first[0]]()

    def do_second(self) -> None:
        """F5."""
        for asked in self.asked():
            self.decline(asked)
            return
        self.withdraw()

    def do_again(self) -> None:
        """F7."""
        self.report_again()

    def report_again(self) -> None:
        """呈报, with the order as it stands in hand."""
        self.with_seen(self.the_subject(), self._with_order(self.start_report))

    def _with_order(self, then: Callable[[], object]) -> Callable[[OrderSeen], object]:
        def take(seen: OrderSeen) -> None:
            self.seen = seen
            then()

        return take

    def do_open(self) -> None:
        """Enter, where the focus is not in the list."""
        self.open_row()


_ASKS = {
    RequestMatter.LATE_RETURN: Action.REQUEST_RETURN.label,
    RequestMatter.PROMISED_DAY: Action.CHANGE_PROMISE.label,
}
"""In four characters."""


def _who_and_when(waiting: ToInstruct, known: Known) -> tuple[str, str]:
    """Who asks for a leader's word; before which leader, and until when he is expected to say, or when he said."""
    mark = "会签 " if waiting.countersign else ""
    leader = f"{mark}{waiting.leader or ANY_LEADER}"
    match waiting.stage:
        case Stage.PROPOSED:
            return f"{mark}{waiting.proposer}", moment(waiting.order.received_at)
        case Stage.REPORTED:
            late = waiting.until is not None and waiting.until < known.now
            return f"{leader} {Standing.OVERDUE.label}" if late else leader, moment(waiting.until)
        case Stage.INSTRUCTED:
            return leader, moment(waiting.instructed_at)


def _relation(waiting: Any) -> Relation:
    if not isinstance(waiting, ToInstruct):
        return Relation()
    return Relation(reported=waiting.reported_at is not None, instructed=waiting.instructed_at is not None)
