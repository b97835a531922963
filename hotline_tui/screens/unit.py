"""承办: the tray of a unit, and for its leader, first, what waits for his review (Art. 11(2), (3), (5))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from hotline_tui.data.queries.tray import Held, to_approve, tray
from hotline_tui.rules.words import Action, AssignmentState, AssignmentType, Duty, Role, Share
from hotline_tui.rules.workflow import why_not, why_not_assignment
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.deeds import Subject
from hotline_tui.screens.deeds_unit import ASKED, UnitDeeds, late, leads_others
from hotline_tui.screens.order_actions import OF_A_SHARE, Way, none_below, sign_first
from hotline_tui.screens.order_view import OrderSeen, course, look, narrative
from hotline_tui.screens.queue_lists import Queue, QueueLists
from hotline_tui.screens.queue_screen import Known, brief
from hotline_tui.screens.reply_view import reply_parts
from hotline_tui.screens.share_view import standing_of
from hotline_tui.screens.standing import moment, standing_words
from hotline_tui.screens.ways_list import show_ways
from hotline_tui.screens.widgets.pages import Heading, Para, Part
from hotline_tui.screens.widgets.row_list import Column, Row
from hotline_tui.services import promise

LAST_STEPS = 4
RETURNABLE = frozenset({AssignmentState.DISPATCHED, AssignmentState.SIGNED})
_LABELS = {"review": "审核", "request_return": "申请退件", "request_promise": "申请变更"}
_ACTIONS = {
    "sign": Action.SIGN,
    "reply": Action.DRAFT_REPLY,
    "review": Action.APPROVE,
    "return": Action.RETURN,
    "request_return": Action.REQUEST_RETURN,
    "progress": Action.PROGRESS,
    "promise": Action.PROMISE,
    "request_promise": Action.REQUEST_PROMISE,
}
_MORE = (Action.DELEGATE, Action.PROPOSE_COUNTERSIGN, Action.ON_SITE, Action.NOTE)


IN_HAND = Queue("在办工单", "没有在办的工单", tray)
TO_REVIEW = Queue("待审核", "没有待审核的回复, 按右键看在办工单", to_approve)


class UnitScreen(QueueLists[Queue], UnitDeeds):
    """Urgent first, then the first due; what was returned is gone. Left and right go from list to list."""

    TITLE_TEXT = "承办"
    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = (
        ScreenAction("f4", "sign", "签收", "签收光标所在的工单"),
        ScreenAction("f5", "answer", "拟写回复", "承办人拟写回复; 分管领导审核已拟的回复"),
        ScreenAction("f6", "return", "退件", "不属本单位职责的, 当日说明理由退回; 过了时限的, 申请热线办同意"),
        ScreenAction("f7", "progress", "续报", "办理时间长的, 报告进展"),
        ScreenAction("f8", "promise", "承诺", "时限内不能办结的, 先回复并承诺办结日期; 已承诺的, 申请变更"),
        ScreenAction("f9", "more", "更多", "转下属单位、提请会签、现场处置、备注"),
        ScreenAction("enter", "open", "工单", "打开工单, 看全部过程", shown=False),
    )

    def columns(self) -> tuple[Column, ...]:
        """With the state of the unit's share."""
        return (Column("编号", 17), Column("类别", 4), Column("诉求"), Column("状态", 10), Column("时限", 14))

    @property
    def queues(self) -> tuple[Queue, ...]:
        """The lists of this role."""
        return (TO_REVIEW, IN_HAND) if self.desk.role is Role.UNIT_LEADER else (IN_HAND,)

    def key(self, waiting: Held) -> str:
        """One row per share."""
        return str(waiting.assignment_id)

    def row(self, waiting: Held, known: Known) -> Row:
        """Number, kind, matter, state, standing."""
        order = waiting.order
        standing = standing_words(waiting.standing, known.days_left(waiting.due_at), provisional=False, short=True)
        reviewed = waiting.state is AssignmentState.REPLY_DRAFTED
        state = "等候同意" if waiting.asks and not reviewed else waiting.state.label
        marks = "".join(f"{each} " for each in self._marks(waiting))
        return Row(self.key(waiting), (order.number, order.kind.label, f"{marks}{brief(order)}", state, standing))

    def _marks(self, waiting: Held) -> Iterator[str]:
        """What sets a share apart: who works on it or answers for it, its part in a countersigned order (R-D3)."""
        if waiting.provisional:
            yield "暂定"
        if waiting.worker:
            yield f"{waiting.holder}转来" if waiting.worker == self.desk.unit_name else f"转{waiting.worker}"
        if waiting.type is AssignmentType.COUNTERSIGNED:
            yield "牵头" if waiting.share is Share.LEAD else "协办"

    def heading(self, seen: OrderSeen, waiting: Held) -> str:
        """Number, what is due when, the unit that answers for it, topic: the last may be cut."""
        row = seen.detail.row
        holder = f"  {waiting.holder}" if waiting.holder != self.desk.unit_name else ""
        what = (
            "应办结"
            if waiting.due_at and waiting.due_at == seen.clock(waiting.assignment_id, Duty.PROMISE)
            else "应回复"
        )
        due = f"{what} {moment(waiting.due_at)}{' 暂定' if waiting.provisional else ''}"
        return f"{row.number}  {due}{holder}  {row.topic}"

    def parts(self, seen: OrderSeen, waiting: Held) -> Iterable[Part]:
        """The unit's own share, the matter, what the dispatcher and the reviewers said, the last steps."""
        found = seen.detail
        share = seen.share(waiting.assignment_id)
        if share is not None and (known := list(standing_of(seen, share, self.desk.unit_name))):
            yield from known
            yield Heading("诉求")
        yield from narrative(seen)
        where = "  ".join(each for each in (found.row.region, found.row.address) if each)
        if where:
            yield Para(f"地点: {where}")
        if waiting.remark:
            yield Heading("重新交办说明" if waiting.again else "交办说明")
            yield Para(waiting.remark)
        yield from self._last_reply(seen, waiting)
        yield Heading("办理过程", "Enter 看全部" if len(seen.steps) > LAST_STEPS else "")
        yield from course(seen.steps[-LAST_STEPS:], seen.now)

    def _last_reply(self, seen: OrderSeen, waiting: Held) -> Iterator[Part]:
        replies = [each for each in seen.detail.replies if each.assignment_id == waiting.assignment_id]
        if replies:
            yield from reply_parts(replies[-1], seen)

    # -- which keys work

    @property
    def reviewing(self) -> bool:
        """Whether F5 is the leader's review here; of a delegated order the superior's leader reviews."""
        at = self.at_cursor()
        waits = isinstance(at, Held) and at.state is AssignmentState.REPLY_DRAFTED and at.relation.own_unit
        return waits and self.desk.role is Role.UNIT_LEADER

    def _meant(self, action_id: str) -> str:
        """What a key that has two meanings is for, for the share under the cursor."""
        at = self.at_cursor() if self.query("#queue") else None
        if not isinstance(at, Held):
            return action_id
        match action_id:
            case "answer":
                return "review" if self.reviewing else "reply"
            case "return" if at.state in RETURNABLE and self._needs_consent(at):
                return "request_return"
            case "promise" if at.state is AssignmentState.PROMISED:
                return "request_promise"
            case _:
                return action_id

    def _needs_consent(self, at: Held) -> bool:
        return late(at.return_until, self.desk.clock()) or leads_others(at.type, at.share)

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """Labels say what a key means for the share under the cursor."""
        return tuple(
            replace(action, label=_LABELS.get(self._meant(action.id), action.label)) for action in super().actions_now()
        )

    def why_not(self, action_id: str) -> str | None:
        """By the workflow tables, for the share under the cursor."""
        if action_id in ("help", "back"):
            return None
        at = self.at_cursor()
        if not isinstance(at, Held):
            return self.why_no_row()
        action = _ACTIONS.get(self._meant(action_id))
        if action is None:
            return None
        if at.asks and action in (Action.RETURN, Action.REQUEST_RETURN, Action.REQUEST_PROMISE):
            return ASKED
        return self._why_here(action, at)

    def _why_here(self, action: Action, at: Held) -> str | None:
        role, relation = self.desk.role, at.relation
        reason = why_not(action, at.order.state, role, relation)
        if reason is None and action in OF_A_SHARE | {Action.PROPOSE_COUNTERSIGN}:
            closed = why_not_assignment(action, at.state, role, relation)
            reason = sign_first(closed, role, at.state, relation) if closed else None
        if reason is None and action is Action.DELEGATE and not at.units_below:
            reason = none_below(at.holder)
        if reason is None and action is Action.PROMISE:
            early = promise.not_of_share(at.share, assists_owe=at.assists_owe)
            reason = early or promise.too_late(at.reply_until, self.desk.clock())
        return reason

    def do_more(self) -> None:
        """F9: open ones first, closed ones with the reason."""
        at = self.at_cursor()
        if not isinstance(at, Held):
            return
        ways = [Way(action, self._why_here(action, at)) for action in _MORE]

        def chosen(action: Action) -> None:
            deeds = {**self.unit_deeds(), Action.NOTE: self.note}
            deeds[action]()

        show_ways(self, f"更多  {at.order.number}", ways, chosen)

    def do_sign(self) -> None:
        """F4."""
        self.sign()

    def do_answer(self) -> None:
        """F5."""
        if self.desk.role is not Role.UNIT_LEADER:
            self.write_reply()
            return
        one = self.the_subject()
        # The list may be older than a reply that was drafted a moment ago.
        self.read(
            look(self.desk, one.order_id), lambda seen: self._answer_as_it_stands(one, seen), lane="answer", opens=True
        )

    def _answer_as_it_stands(self, one: Subject, seen: OrderSeen) -> None:
        share = seen.share(one.share)
        waits = share is not None and share.state is AssignmentState.REPLY_DRAFTED
        if waits and seen.detail.ties.to(one.share).own_unit:
            self.review(one)
        else:
            self.write_reply(one)

    def do_return(self) -> None:
        """F6."""
        self.return_()

    def do_promise(self) -> None:
        """F8."""
        if self._meant("promise") == "request_promise":
            self.request_promise()
        else:
            self.promise()

    def do_progress(self) -> None:
        """F7."""
        self.progress()

    def do_open(self) -> None:
        """Enter, where the focus is not in the list."""
        self.open_row()
