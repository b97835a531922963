"""审核发布: the office lets a reply go, to the caller alone or online, or back to the unit (Art. 11(5), 14)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select

from hotline_tui.data.queries.publication import hits
from hotline_tui.errors import Refused
from hotline_tui.models import Assignment, OrderCaller, Reply, WorkOrder
from hotline_tui.rules.personal import Said, counted, standing, told
from hotline_tui.rules.text import clean, clean_line
from hotline_tui.rules.words import Action, AssignmentState, Duty, Release, Share
from hotline_tui.rules.workflow import Case
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import must
from hotline_tui.services.promise import promise_leaves
from hotline_tui.services.recalculation import run_again
from hotline_tui.services.work import Work, work_at


def release(
    desk: Desk,
    order_id: UUID,
    how: Release,
    *,
    text: str = "",
    title: str = "",
    cleared: Iterable[Said] = (),
    clear_reason: str = "",
    seen: int | None = None,
) -> None:
    """Release the approved reply; `text` replaces the unit's words where the public must read less.

    Online it stands under `title`, without one under its topic's name. Personal information in either is refused
    unless a person `cleared` those very words and says why (R-14).
    """
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        if how is Release.PUBLIC and order.secret:
            raise Refused("本件须保密, 只能单独回复来电人", "第十四条")
        reply, assignment = _approved(work, order)
        case = Case.FIRST_REPLY if reply.promised_day else Case.FINAL_REPLY
        work.move(order, Action.RELEASE, case)
        work.move_assignment(order, assignment, Action.RELEASE, case)
        if case is Case.FIRST_REPLY:
            promise_leaves(work, order, assignment, reply)
        reply.release = how
        reply.released_text = clean(text).strip() or reply.text
        reply.released_by = desk.viewer.account_id
        reply.released_at = work.now
        order.answered_at = order.answered_at or work.now
        order.verdict = None
        order.unreached = 0
        facts: dict[str, object] = {"release": how.value, "reply": reply.position}
        facts["edited"] = reply.released_text != reply.text
        if how is Release.PUBLIC:
            order.published_at = order.published_at or work.now
            reply.public_title = clean_line(title)
            facts |= _cleared(work, order, reply, cleared, clear_reason)
        if (callers := _callers(work, order)) > 1:
            facts["callers"] = callers
        work.commit(order, Action.RELEASE, assignment=assignment, facts=facts)


def reject_reply(desk: Desk, order_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """退回重办: the office does not let the reply go; the unit's clock runs on from its first dispatch."""
    reason = must(reason, "请写明退回重办的理由", "第十一条(五)")
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        reply, assignment = _approved(work, order)
        case = Case.PROMISE_RUNS if work.promised(assignment) else Case.UNPROMISED
        work.move(order, Action.REJECT_REPLY)
        work.move_assignment(order, assignment, Action.REJECT_REPLY, case)
        reply.sent_back_at = work.now
        reply.sent_back_reason = reason
        assignment.completed_at = None
        stopped = work.met_clocks(assignment, Duty.PROMISE if case is Case.PROMISE_RUNS else Duty.REPLY)
        run_again(work.calendar, assignment, stopped)
        facts = {"reason": reason, "reply": reply.position}
        work.commit(order, Action.REJECT_REPLY, assignment=assignment, facts=facts)


def _cleared(
    work: Work, order: WorkOrder, reply: Reply, cleared: Iterable[Said], clear_reason: str
) -> dict[str, object]:
    """Check what all will read; the fact of what a person let go, by kind and number, never the words (R-14)."""
    viewer = work.desk.viewer
    texts = (reply.public_title, reply.released_text)
    found = [hit for text in texts for hit in hits(work.session, viewer, order.id, text)]
    if not found:
        return {}
    reason = clean(clear_reason).strip()
    if left := standing(found, cleared if reason else ()):
        raise Refused(f"公开的文字中有个人信息: {told(counted(left))}; 请遮盖, 或写明可以公开的理由", "第十四条")
    if hits(work.session, viewer, order.id, reason):
        raise Refused("理由记入办理过程, 其中不要写出号码、姓名、住址", "第十四条")
    reply.cleared = [[kind.value, words] for kind, words in (hit.said for hit in found)]
    reply.clear_reason = reason
    reply.cleared_by = viewer.account_id
    return {"cleared": {kind.value: many for kind, many in counted(found).items()}, "reason": reason}


def _callers(work: Work, order: WorkOrder) -> int:
    """How many the reply reaches: those of merged orders too (R-8)."""
    return len(work.session.exec(select(OrderCaller.caller_id).where(OrderCaller.order_id == order.id)).all())


def _approved(work: Work, order: WorkOrder) -> tuple[Reply, Assignment]:
    """The reply that may leave: of several units that of the lead, which is the joint one (R-11.2.2c)."""
    query = (
        select(Reply, Assignment)
        .join(Assignment, col(Assignment.id) == col(Reply.assignment_id))
        .where(
            Reply.order_id == order.id,
            col(Reply.approved_at).is_not(None),
            col(Reply.released_at).is_(None),
            col(Reply.sent_back_at).is_(None),
            Assignment.state == AssignmentState.REPLY_APPROVED,
            Assignment.share == Share.LEAD,
        )
        .order_by(col(Reply.position).desc())
    )
    found = work.session.exec(query).first()
    if found is None:
        raise Refused("没有经单位分管领导审核通过的回复", "第十一条(五)")
    return found
