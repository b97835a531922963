"""回访: callers to be rung, orders to be archived, and, for the office, those to be re-examined (Art. 11(6))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from hotline_tui.data.queries import queues
from hotline_tui.data.queries.queues import ToCallBack, ToReview
from hotline_tui.rules.words import Action, OrderState, Role, Verdict
from hotline_tui.rules.workflow import CASE_OF_VERDICT, Relation, why_not
from hotline_tui.screens import order_view
from hotline_tui.screens.actions import ScreenAction, bindings_for
from hotline_tui.screens.base import BACK, HELP
from hotline_tui.screens.deeds_front import FrontDeeds
from hotline_tui.screens.deeds_office import OfficeDeeds
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.queue_lists import Queue, QueueLists
from hotline_tui.screens.queue_screen import Known, brief
from hotline_tui.screens.reply_view import reply_parts
from hotline_tui.screens.standing import moment
from hotline_tui.screens.widgets.pages import Heading, Para, Part
from hotline_tui.screens.widgets.row_list import Column, Row
from hotline_tui.services import claims

if TYPE_CHECKING:
    from uuid import UUID


CONTENTED = (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED)


@dataclass(frozen=True)
class CallbackQueue(Queue):
    """One of the lists, and who sees it."""

    roles: frozenset[Role]


_FRONT = frozenset({Role.AGENT, Role.OFFICE})
QUEUES = (
    CallbackQueue("待回访", "没有待回访的工单", queues.to_call_back, _FRONT),
    CallbackQueue("待归档", "没有可以归档的工单", queues.to_archive, _FRONT),
    CallbackQueue("待复查", "没有待复查的工单", queues.to_review, frozenset({Role.OFFICE})),
)


class CallbackScreen(QueueLists[CallbackQueue], FrontDeeds, OfficeDeeds):
    """Enter rings the caller; F6, or left and right, go from list to list."""

    TITLE_TEXT = "回访"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("enter,f4", "open", "回访", "打开回访: 电话、回复、结果; 其他列表中打开工单"),
        ScreenAction("f5", "redispatch", "重新交办", "复查后重新交办, 时限重新起算(由热线办)"),
        ScreenAction("f6", "queue", "换列表", "待回访、待归档、待复查; 左右键也可"),
        ScreenAction("f7", "next", "下一件", "取待回访中最前的、无人回访的一件"),
        ScreenAction("f8", "archive", "归档", "满意的归档; 三次未联系上或复查后归档须写明理由"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for((*ACTIONS, HELP, BACK))

    @property
    def queues(self) -> tuple[CallbackQueue, ...]:
        """The lists of this role."""
        return tuple(queue for queue in QUEUES if self.desk.role in queue.roles)

    @property
    def rings(self) -> bool:
        """The list of callers to be rung is shown."""
        return self.queue.read is queues.to_call_back

    def columns(self) -> tuple[Column, ...]:
        """With what the calls have come to."""
        return (Column("编号", 17), Column("类别", 4), Column("诉求"), Column("承办单位", 10), Column("回访", 18))

    def row(self, waiting: Any, known: Known) -> Row:
        """Number, kind, matter, unit, calls."""
        order = waiting.order
        return Row(self.key(waiting), (order.number, order.kind.label, brief(order), order.unit, _calls(waiting)))

    def heading(self, seen: OrderSeen, waiting: Any) -> str:
        """Number, topic, state."""
        row = seen.detail.row
        return f"{row.number}  {row.topic}  {row.state.label}"

    def parts(self, seen: OrderSeen, waiting: Any) -> Iterable[Part]:
        """What the caller was told, what he said, what it was about."""
        found = seen.detail
        if isinstance(waiting, ToReview):
            yield Para(f"未解决: {waiting.not_solved}")
        elif isinstance(waiting, ToCallBack) and waiting.holder:
            yield Para(f"{waiting.holder} 正在回访本件")
        elif isinstance(waiting, ToCallBack) and waiting.called_at:
            yield Para(f"上次回访 {moment(waiting.called_at)}: {_calls(waiting)}")
        reply = seen.released_reply
        if reply is not None:
            yield from reply_parts(reply, seen)
        if found.article:
            yield Heading("直接答复")
            yield Para(f"标准答案: {found.article} (第{found.article_version}版)")
        yield Heading("诉求")
        yield from order_view.narrative(seen)
        yield from order_view.callbacks(found.callbacks)

    # -- which keys work

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """Enter rings in the first list alone; in the others it opens the order."""
        label = "回访" if self.rings else "工单"
        return tuple(
            replace(action, label=label) if action.id == "open" else action for action in super().actions_now()
        )

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables, for the order under the cursor."""
        if action_id in ("help", "back", "queue"):
            return None
        at = self.at_cursor()
        if action_id == "next":
            return None if self.rings else "下一件用于待回访, 按 F6 换列表"
        if at is None:
            return self.why_no_row()
        if action_id == "open" and self.rings and isinstance(at, ToCallBack) and at.holder:
            return f"{at.holder} 正在回访本件, 按 F7 回访下一件"
        action = {"redispatch": Action.REDISPATCH, "archive": Action.ARCHIVE}.get(action_id)
        return why_not(action, at.order.state, self.desk.role, _relation(at)) if action else None

    def do_open(self) -> None:
        """Enter, F4."""
        self.open_row()

    def open_row(self) -> None:
        """Ring where a call is due; otherwise the order in full."""
        at = self.at_cursor()
        if at is not None and self.rings:
            reason = self.why_not("open")
            if reason is None:
                self.call_back()
            else:
                self.tell(reason)
        else:
            super().open_row()

    def do_next(self) -> None:
        """F7."""

        def taken(order_id: UUID | None) -> None:
            if order_id is None:
                self.tell("没有空闲的待回访工单")
                self.reload()
            else:
                self.ring(order_id)

        self.write(lambda: claims.take_next(self.desk), taken)

    def do_redispatch(self) -> None:
        """F5."""
        self.redispatch()

    def do_archive(self) -> None:
        """F8."""
        at = self.at_cursor()
        contented = isinstance(at, ToCallBack) and at.verdict in CONTENTED
        self.archive(contented=contented or (at is not None and at.order.state is OrderState.ANSWERED))


def _relation(waiting: Any) -> Relation:
    if not isinstance(waiting, ToCallBack):
        return Relation()
    return Relation(
        last_case=CASE_OF_VERDICT[waiting.verdict] if waiting.verdict else None, unreached=waiting.unreached
    )


def _calls(waiting: Any) -> str:
    """`未联系上 2 次`, the last verdict, or that nobody has called yet."""
    if isinstance(waiting, ToReview):
        return Verdict.UNSATISFIED.label
    if not isinstance(waiting, ToCallBack):
        return ""
    if waiting.order.state is OrderState.ANSWERED:
        return "已直接答复"
    if waiting.holder:
        return f"{waiting.holder} 正在回访"
    if waiting.callers > 1 and waiting.attempts:
        return f"{waiting.callers} 人, 已打 {waiting.attempts} 次"
    if waiting.callers > 1:
        return f"{waiting.callers} 人, 未回访"
    if waiting.unreached:
        return f"{Verdict.UNREACHED.label} {waiting.unreached} 次"
    return waiting.verdict.label if waiting.verdict else "未回访"
