"""承办: a unit signs, returns, reports progress and drafts its reply; its leader reviews (Art. 11(2), (3), (5))."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from hotline_tui.errors import Refused
from hotline_tui.models import Assignment, Reply, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.secrecy import check_dispatch, unit_and_below
from hotline_tui.rules.text import clean
from hotline_tui.rules.words import Action, AssignmentState, Duty, Share
from hotline_tui.rules.workflow import Case
from hotline_tui.services.asked import LAST_REPLY, REPLIES
from hotline_tui.services.desk import Desk
from hotline_tui.services.work import Work, work_at

JOINT = "第十一条(二)2(3)"
ASSISTS_OWE = "协办单位尚未全部答复, 联合回复须在其后"
OR_CALL_OFF = "也可请热线办撤销协办"
ANSWERED_SINCE = "协办单位在拟稿之后又有答复, 请退回修改后再审核"


def sign(desk: Desk, assignment_id: UUID, *, seen: int | None = None) -> None:
    """签收: the unit takes it."""
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        work.move(order, Action.SIGN, assignment=assignment)
        work.move_assignment(order, assignment, Action.SIGN)
        assignment.signed_at = work.now
        assignment.signed_by = desk.viewer.account_id
        work.commit(order, Action.SIGN, assignment=assignment, facts=unit_facts(work, assignment))


def return_(desk: Desk, assignment_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """退件 on the same day, with the reason (Art. 11(3), R-D5); raises Refused when the time for it is past."""
    reason = must(reason, "请写明退件理由", "第十一条(三)")
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        others = work.other_shares(order, assignment)
        work.move(order, Action.RETURN, Case.SHARES_LEFT if others else Case.SHARES_DONE, assignment)
        work.move_assignment(order, assignment, Action.RETURN)
        if not any(clock.due_at >= work.now for clock in work.open_clocks(order, assignment, Duty.RETURN)):
            raise Refused("退件应在交办当日, 已过时限; 请用申请退件, 由热线办同意", "第十一条(三)")
        if others and assignment.share is Share.LEAD:
            raise Refused("牵头单位由领导确定, 请用申请退件, 由热线办同意", "第十一条(二)2(3)")
        give_back(work, order, assignment, reason, late=False)
        facts = unit_facts(work, assignment) | {"reason": reason}
        work.commit(order, Action.RETURN, assignment=assignment, facts=facts)


def give_back(work: Work, order: WorkOrder, assignment: Assignment, reason: str, *, late: bool) -> None:
    """What a return leaves behind; the shares of assisting units fall with that of the lead unit."""
    assignment.returned_at = work.now
    assignment.return_reason = reason
    assignment.return_late = late
    order.returns += 1
    work.meet(order, assignment, Duty.RETURN)
    work.void(order, assignment)
    if assignment.share is Share.LEAD:
        order.unit_id = None
        drop(work, order, work.other_shares(order, assignment))


def drop(work: Work, order: WorkOrder, shares: Iterable[Assignment]) -> None:
    """Units that owe their share no more."""
    for share in shares:
        share.state = AssignmentState.CANCELLED
        work.void(order, share)


def progress(desk: Desk, assignment_id: UUID, text: str, *, seen: int | None = None) -> None:
    """续报: the state of a matter that takes long (R-S1)."""
    text = must(text, "请写明办理进展", "讲话(二)")
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        work.move(order, Action.PROGRESS, assignment=assignment)
        work.move_assignment(order, assignment, Action.PROGRESS)
        facts = unit_facts(work, assignment) | {"text": text}
        work.commit(order, Action.PROGRESS, assignment=assignment, facts=facts)


def draft_reply(desk: Desk, assignment_id: UUID, text: str, *, seen: int | None = None) -> UUID:
    """拟写回复: for the leader in charge to review; a draft not yet reviewed is replaced.

    Raises Refused for the joint reply while an assisting unit owes its answer (R-11.2.2c).
    """
    text = must(text, "请写明回复内容", "第十一条(五)")
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        waiting = waiting_reply(work, assignment)
        work.move(order, Action.DRAFT_REPLY, assignment=assignment)
        work.move_assignment(order, assignment, Action.DRAFT_REPLY)
        if assignment.share is Share.LEAD and work.other_shares(order, assignment):
            raise Refused(f"{ASSISTS_OWE}提交; {OR_CALL_OFF}", JOINT)
        reply = write_reply(work, waiting, assignment, text)
        facts = unit_facts(work, assignment) | {"reply": reply.position}
        work.commit(order, Action.DRAFT_REPLY, assignment=assignment, facts=facts)
        return reply.id


def write_reply(
    work: Work, waiting: Reply | None, assignment: Assignment, text: str, promised_day: date | None = None
) -> Reply:
    """A reply for the leader in charge to review: a new one, or new words for the one that waits."""
    by, at = work.desk.viewer.account_id, work.now
    if waiting is not None:
        waiting.text, waiting.promised_day, waiting.drafted_by, waiting.drafted_at = text, promised_day, by, at
        return waiting
    reply = Reply(
        id=new_id(),
        order_id=assignment.order_id,
        assignment_id=assignment.id,
        position=work.ask(REPLIES, order=assignment.order_id).scalar_one() + 1,
        text=text,
        promised_day=promised_day,
        drafted_by=by,
        drafted_at=at,
    )
    work.put(reply)
    return reply


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
        facts = unit_facts(work, assignment) | {"reason": reason, "reply": reply.position}
        work.commit(order, Action.SEND_BACK, assignment=assignment, facts=facts)


def approve(desk: Desk, assignment_id: UUID, *, seen: int | None = None) -> None:
    """审核通过: the reply may leave the unit, its clock is met (Art. 11(5)); the lead unit's joint reply comes last.

    The first reply of a promised order completes nothing: the unit goes on (R-11.2.2b). A joint reply drafted before
    an assisting unit answered has not taken that answer in, and is sent back first (R-11.2.2c).
    """
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        assists = work.other_shares(order, assignment)
        if assists and assignment.share is Share.LEAD:
            raise Refused(f"{ASSISTS_OWE}审核; {OR_CALL_OFF}", JOINT)
        work.move(order, Action.APPROVE, Case.SHARES_LEFT if assists else Case.SHARES_DONE, assignment)
        work.move_assignment(order, assignment, Action.APPROVE)
        reply = _reply(work, assignment)
        if reply.promised_day is None and _answered_since(work, order, assignment, reply):
            raise Refused(ANSWERED_SINCE, JOINT)
        reply.approved_by = desk.viewer.account_id
        reply.approved_at = work.now
        if reply.promised_day is None:
            assignment.completed_at = work.now
        work.meet(order, assignment, Duty.REPLY, Duty.PROMISE)
        work.void(order, assignment, Duty.RETURN)
        facts = unit_facts(work, assignment) | {"reply": reply.position}
        work.commit(order, Action.APPROVE, assignment=assignment, facts=facts)


def delegate(desk: Desk, assignment_id: UUID, unit_id: UUID, remark: str = "", *, seen: int | None = None) -> None:
    """转下属单位: it does the work, the superior goes on answering for it (R-S1); to itself takes it back."""
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        work.move(order, Action.DELEGATE, assignment=assignment)
        work.move_assignment(order, assignment, Action.DELEGATE)
        below, parents = work.unit(unit_id), work.unit_parents()
        if unit_id not in unit_and_below(assignment.unit_id, parents):
            raise Refused("只能转本单位的下属单位", "讲话(三)")
        check_dispatch(unit_id, work.accused(order), parents)
        assignment.delegated_to_id = None if unit_id == assignment.unit_id else unit_id
        facts = unit_facts(work, assignment) | {"to": below.name, "remark": clean(remark).strip()}
        work.commit(order, Action.DELEGATE, assignment=assignment, facts=facts)


def must(text: str, sentence: str, article: str) -> str:
    """The text without control characters; raises Refused when nothing was written."""
    text = clean(text).strip()
    if not text:
        raise Refused(sentence, article)
    return text


def unit_facts(work: Work, assignment: Assignment) -> dict[str, object]:
    """The unit's name, for the time line."""
    unit = work.known_unit(assignment.unit_id)
    return {"unit": unit.name if unit else ""}


def waiting_reply(work: Work, assignment: Assignment) -> Reply | None:
    """The draft that the leader has not looked at yet."""
    if assignment.state is not AssignmentState.REPLY_DRAFTED:
        return None
    return _last_reply(work, assignment)


def _reply(work: Work, assignment: Assignment) -> Reply:
    reply = _last_reply(work, assignment)
    if reply is None:
        raise Refused("承办单位尚未拟写回复", "第十一条(五)")
    return reply


def _answered_since(work: Work, order: WorkOrder, lead: Assignment, reply: Reply) -> bool:
    """Whether an assisting unit's answer was approved after the lead's reply was drafted."""
    assists = [
        each.id
        for each in work.assignments(order)
        if each.share is Share.ASSIST and each.state is AssignmentState.REPLY_APPROVED
    ]
    if lead.share is not Share.LEAD or not assists:
        return False
    query = select(Reply.id).where(
        col(Reply.assignment_id).in_(assists),
        col(Reply.sent_back_at).is_(None),
        col(Reply.approved_at) > reply.drafted_at,
    )
    return work.session.exec(query).first() is not None


def _last_reply(work: Work, assignment: Assignment) -> Reply | None:
    return work.ask(LAST_REPLY, share=assignment.id).scalar_one_or_none()
