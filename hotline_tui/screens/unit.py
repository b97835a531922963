"""承办: the tray of a unit; handler and leader see the same list and act by their role (Art. 11(2), (3), (5))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from hotline_tui.data.queries.tray import Held, tray
from hotline_tui.data.queries.rows import Cursor, Page
from hotline_tui.rules.words import Action, AssignmentState, Role
from hotline_tui.rules.workflow import Relation, why_not, why_not_assignment
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.deeds_unit import UnitDeeds
from hotline_tui.screens.order_view import OrderSeen, course, narrative, reply_parts
from hotline_tui.screens.queue_screen import Known, QueueScreen, brief
from hotline_tui.screens.standing import moment, standing_words
from hotline_tui.screens.widgets.pages import Heading, Para, Part
from hotline_tui.screens.widgets.row_list import Column, Row

if TYPE_CHECKING:
    from hotline_tui.data.store import Session
    from hotline_tui.rules.deadlines import Edges

LAST_STEPS = 4
_ACTIONS = {
    "sign": Action.SIGN,
    "reply": Action.DRAFT_REPLY,
    "review": Action.APPROVE,
    "return": Action.RETURN,
    "progress": Action.PROGRESS,
}


class UnitScreen(QueueScreen, UnitDeeds):
    """Most urgent first; what was returned is gone."""

    TITLE_TEXT = "承办"
    QUEUE = "在办工单"
    EMPTY = "没有在办的工单"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "sign", "签收", "签收光标所在的工单"),
        ScreenAction("f5", "answer", "拟写回复", "承办人拟写回复; 分管领导审核已拟的回复"),
        ScreenAction("f6", "return", "退件", "不属本单位职责的, 当日说明理由退回"),
        ScreenAction("f7", "progress", "续报", "办理时间长的, 报告进展"),
        ScreenAction("enter", "open", "工单", "打开工单, 看全部过程"),
    )

    def columns(self) -> tuple[Column, ...]:
        """With the state of the unit's share."""
        return (Column("编号", 17), Column("类别", 4), Column("诉求"), Column("状态", 10), Column("时限", 14))

    def page(self, session: Session, edges: Edges, after: Cursor | None) -> Page[Held]:
        """The tray."""
        return tray(session, self.desk.viewer, edges, after=after)

    def key(self, waiting: Held) -> str:
        """One row per share."""
        return str(waiting.assignment_id)

    def row(self, waiting: Held, known: Known) -> Row:
        """Number, kind, matter, state, standing."""
        order = waiting.order
        standing = standing_words(waiting.standing, known.days_left(waiting.due_at), order.provisional, short=True)
        cells = (order.number, order.kind.label, brief(order), waiting.state.label, standing)
        return Row(self.key(waiting), cells)

    def heading(self, seen: OrderSeen, waiting: Held) -> str:
        """Number, when the answer is due, the unit below that holds it, topic: the last may be cut."""
        row = seen.detail.row
        holder = f"  {waiting.holder}" if waiting.holder != self.desk.unit_name else ""
        due = f"应回复 {moment(waiting.due_at)}{' 暂定' if row.provisional else ''}"
        return f"{row.number}  {due}{holder}  {row.topic}"

    def parts(self, seen: OrderSeen, waiting: Held) -> Iterable[Part]:
        """The matter, what the dispatcher and the reviewers said, the last steps."""
        yield from narrative(seen)
        found = seen.detail
        where = "  ".join(each for each in (found.row.region, found.row.address) if each)
        if where:
            yield Para(f"地点: {where}")
        if waiting.remark:
            yield Heading("重新交办说明" if waiting.again else "交办说明")
            yield Para(waiting.remark)
        yield from self._last_reply(seen, waiting)
        yield Heading("办理过程", "回车看全部" if len(seen.steps) > LAST_STEPS else "")
        yield from course(seen.steps[-LAST_STEPS:])

    def _last_reply(self, seen: OrderSeen, waiting: Held) -> Iterator[Part]:
        replies = [each for each in seen.detail.replies if each.assignment_id == waiting.assignment_id]
        if replies:
            yield from reply_parts(replies[-1], seen.detail.assignments)

    # -- which keys work

    @property
    def reviewing(self) -> bool:
        """Whether F5 is the leader's review here."""
        at = self.at_cursor()
        waits = isinstance(at, Held) and at.state is AssignmentState.REPLY_DRAFTED
        return waits and self.desk.role is Role.UNIT_LEADER

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """F5 is the leader's review where a reply waits for it."""
        label = "审核" if self.query("#queue") and self.reviewing else "拟写回复"
        return tuple(
            replace(action, label=label) if action.id == "answer" else action for action in super().actions_now()
        )

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables, for the share under the cursor."""
        if action_id in ("help", "back"):
            return None
        at = self.at_cursor()
        if not isinstance(at, Held):
            return self.why_no_row()
        if action_id == "answer":
            action_id = "review" if self.reviewing else "reply"
        action = _ACTIONS.get(action_id)
        if action is None:
            return None
        role, relation = self.desk.role, Relation(own_unit=True)
        return why_not(action, at.order.state, role, relation) or why_not_assignment(action, at.state, role, relation)

    def do_sign(self) -> None:
        """F4."""
        self.sign()

    def do_answer(self) -> None:
        """F5."""
        if self.reviewing:
            self.review()
        else:
            self.write_reply()

    def do_return(self) -> None:
        """F6."""
        self.return_()

    def do_progress(self) -> None:
        """F7."""
        self.progress()

    def do_open(self) -> None:
        """Enter, where the focus is not in the list."""
        self.open_row()
