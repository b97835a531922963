"""承办: a unit signs, returns, reports progress and drafts its reply; its leader reviews (Art. 11(2), (3), (5))."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from hotline_tui.errors import Refused
from hotline_tui.models import Assignment, Reply, Unit
from hotline_tui.models.columns import new_id
from hotline_tui.rules.text import clean
from hotline_tui.rules.words import Action, AssignmentState, Duty
from hotline_tui.rules.workflow import Case
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at


def sign(desk: Desk, assignment_id: UUID, *, seen: int | None = None) -> None:
    """签收: the unit takes it."""
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        work.move(order, Action.SIGN, assignment=assignment)
        work.move_assignment(order, assignment, Action.SIGN)
        assignment.signed_at = work.now
        assignment.signed_by = desk.viewer.account_id
        work.commit(order, Action.SIGN, assignment=assignment, facts=_unit_facts(work, assignment))


def return_(desk: Desk, assignment_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """退件 on the same day, with the reason (Art. 11(3), R-D5); raises Refused when the time for it is past."""
    reason = must(reason, "请写明退件理由", "第十一条(三)")
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        others = [each for each in work.live_assignments(order) if each.id != assignment.id]
        work.move(order, Action.RETURN, Case.SHARES_LEFT if others else Case.SHARES_DONE, assignment)
        work.move_assignment(order, assignment, Action.RETURN)
        if not any(clock.due_at >= work.now for clock in work.open_clocks(order, assignment, Duty.RETURN)):
            raise Refused("退件应在交办当日, 已过时限; 如需退件请与热线办联系, 由热线办同意", "第十一条(三)")
        assignment.returned_at = work.now
        assignment.return_reason = reason
        order.returns += 1
        order.unit_id = others[0].unit_id if others else None
        work.meet(order, assignment, Duty.RETURN)
        work.void(order, assignment)
        facts = _unit_facts(work, assignment) | {"reason": reason}
        work.commit(order, Action.RETURN, assignment=assignment, facts=facts)


def progress(desk: Desk, assignment_id: UUID, text: str, *, seen: int | None = None) -> None:
    """续报: the state of a matter that takes long (R-S1)."""
    text = must(text, "请写明办理进展", "讲话(二)")
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        work.move(order, Action.PROGRESS, assignment=assignment)
        work.move_assignment(order, assignment, Action.PROGRESS)
        facts = _unit_facts(work, assignment) | {"text": text}
        work.commit(order, Action.PROGRESS, assignment=assignment, facts=facts)


def draft_reply(desk: Desk, assignment_id: UUID, text: str, *, seen: int | None = None) -> UUID:
    """拟写回复: for the leader in charge to review; a draft not yet reviewed is replaced."""
    text = must(text, "请写明回复内容", "第十一条(五)")
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        waiting = _waiting_reply(work, assignment)
        work.move(order, Action.DRAFT_REPLY, assignment=assignment)
        work.move_assignment(order, assignment, Action.DRAFT_REPLY)
        if waiting is None:
            waiting = Reply(
                id=new_id(),
                order_id=order.id,
                assignment_id=assignment.id,
                position=len(work.session.exec(select(Reply.id).where(Reply.order_id == order.id)).all()) + 1,
                text=text,
                drafted_by=desk.viewer.account_id,
                drafted_at=work.now,
            )
            work.add(waiting)
        else:
            waiting.text = text
            waiting.drafted_by = desk.viewer.account_id
            waiting.drafted_at = work.now
        facts = _unit_facts(work, assignment) | {"reply": waiting.position}
        work.commit(order, Action.DRAFT_REPLY, assignment=assignment, facts=facts)
        return waiting.id


def send_back(desk: Desk, assignment_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """退回修改: the leader in charge does not pass the reply, and says why (Art. 11(5))."""
    reason = must(reason, "请写明退回修改的理由", "第十一条(五)")
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        work.move(order, Action.SEND_BACK, assignment=assignment)
        case = Case.PROMISE_RUNS if work.promised(assignment) else Case.UNPROMISED
        work.move_assignment(order, assignment, Action.SEND_BACK, case)
        reply = _reply(work, assignment)
        reply.sent_back_at = work.now
        reply.sent_back_reason = reason
        facts = _unit_facts(work, assignment) | {"reason": reason, "reply": reply.position}
        work.commit(order, Action.SEND_BACK, assignment=assignment, facts=facts)


def approve(desk: Desk, assignment_id: UUID, *, seen: int | None = None) -> None:
    """审核通过: the reply may leave the unit; its reply clock is met (Art. 11(5))."""
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        others = [each for each in work.live_assignments(order) if each.id != assignment.id]
        work.move(order, Action.APPROVE, Case.SHARES_LEFT if others else Case.SHARES_DONE, assignment)
        work.move_assignment(order, assignment, Action.APPROVE)
        reply = _reply(work, assignment)
        reply.approved_by = desk.viewer.account_id
        reply.approved_at = work.now
        assignment.completed_at = work.now
        work.meet(order, assignment, Duty.REPLY)
        work.void(order, assignment, Duty.RETURN)
        facts = _unit_facts(work, assignment) | {"reply": reply.position}
        work.commit(order, Action.APPROVE, assignment=assignment, facts=facts)


def must(text: str, sentence: str, article: str) -> str:
    """The text without control characters; raises Refused when nothing was written."""
    text = clean(text).strip()
    if not text:
        raise Refused(sentence, article)
    return text


def _unit_facts(work: Work, assignment: Assignment) -> dict[str, object]:
    unit = work.session.get(Unit, assignment.unit_id)
    return {"unit": unit.name if unit else ""}


def _waiting_reply(work: Work, assignment: Assignment) -> Reply | None:
    """The draft that the leader has not looked at yet."""
    if assignment.state is not AssignmentState.REPLY_DRAFTED:
        return None
    return _last_reply(work, assignment)


def _reply(work: Work, assignment: Assignment) -> Reply:
    reply = _last_reply(work, assignment)
    if reply is None:
        raise Refused("承办单位尚未拟写回复", "第十一条(五)")
    return reply


def _last_reply(work: Work, assignment: Assignment) -> Reply | None:
    query = select(Reply).where(Reply.assignment_id == assignment.id).order_by(col(Reply.position).desc()).limit(1)
    return work.session.exec(query).one_or_none()
