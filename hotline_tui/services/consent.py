"""申请与同意: a late return and another promised day need the office's consent (R-D5, R-D8)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from hotline_tui.errors import NotFound, Refused
from hotline_tui.models import Assignment, Request, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import promised_due
from hotline_tui.rules.text import clean
from hotline_tui.rules.words import Action, Duty, RequestMatter, Share
from hotline_tui.rules.workflow import Case, article
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import give_back, must, unit_facts
from hotline_tui.services.promise import promised_day, start_promise
from hotline_tui.services.work import Work, work_at


def request_return(desk: Desk, assignment_id: UUID, reason: str, *, seen: int | None = None) -> UUID:
    """申请退件: after the day of dispatch, or by a lead unit; returns the request's key."""
    reason = must(reason, "请写明申请退件的理由", article(Action.REQUEST_RETURN))
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        work.move(order, Action.REQUEST_RETURN, assignment=assignment)
        work.move_assignment(order, assignment, Action.REQUEST_RETURN)
        request = _ask(work, _request(work, assignment, RequestMatter.LATE_RETURN, reason))
        facts = unit_facts(work, assignment) | {"reason": reason}
        work.commit(order, Action.REQUEST_RETURN, assignment=assignment, facts=facts)
        return request.id


def request_promise(desk: Desk, assignment_id: UUID, day: date, reason: str, *, seen: int | None = None) -> UUID:
    """申请变更承诺: another day and why; returns the request's key."""
    reason = must(reason, "请写明变更承诺日期的理由", article(Action.REQUEST_PROMISE))
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        work.move(order, Action.REQUEST_PROMISE, assignment=assignment)
        work.move_assignment(order, assignment, Action.REQUEST_PROMISE)
        before = promised_day(assignment)
        if day == before:
            raise Refused(f"承诺日期已是 {day.isoformat()}", article(Action.REQUEST_PROMISE))
        promised_due(work.calendar, day, work.now, desk.settings.closing)
        request = _request(work, assignment, RequestMatter.PROMISED_DAY, reason)
        request.day, request.before = day, before
        _ask(work, request)
        facts = unit_facts(work, assignment) | {
            "reason": reason,
            "from_day": before.isoformat(),
            "to_day": day.isoformat(),
        }
        work.commit(order, Action.REQUEST_PROMISE, assignment=assignment, facts=facts)
        return request.id


def grant(desk: Desk, request_id: UUID, remark: str = "", *, seen: int | None = None) -> None:
    """The office consents: the return counts as late, or the promised day changes."""
    with work_at(desk) as work:
        order, assignment, request = _waiting(work, request_id, seen)
        _decide(work, request, granted=True, remark=remark)
        facts = unit_facts(work, assignment) | {"reason": request.reason, "remark": request.remark}
        if request.matter is RequestMatter.PROMISED_DAY:
            facts |= _change_promise(work, order, assignment, request)
            work.commit(order, Action.CHANGE_PROMISE, assignment=assignment, facts=facts)
            return
        left = bool(work.other_shares(order, assignment)) and assignment.share is Share.ASSIST
        case = Case.SHARES_LEFT if left else Case.SHARES_DONE
        work.move(order, Action.CONSENT_RETURN, case, assignment)
        work.move_assignment(order, assignment, Action.CONSENT_RETURN)
        late = not any(clock.due_at >= request.asked_at for clock in work.open_clocks(order, assignment, Duty.RETURN))
        give_back(work, order, assignment, request.reason, late=late)
        work.commit(order, Action.CONSENT_RETURN, assignment=assignment, facts=facts | {"late": late})


def decline(desk: Desk, request_id: UUID, remark: str, *, seen: int | None = None) -> None:
    """不予同意, with the reason: everything stays as it was."""
    remark = must(remark, "请写明不予同意的理由", article(Action.DECLINE))
    with work_at(desk) as work:
        order, assignment, request = _waiting(work, request_id, seen)
        work.move(order, Action.DECLINE, assignment=assignment)
        work.move_assignment(order, assignment, Action.DECLINE)
        _decide(work, request, granted=False, remark=remark)
        facts = unit_facts(work, assignment) | {"matter": request.matter.value, "reason": remark}
        work.commit(order, Action.DECLINE, assignment=assignment, facts=facts)


def _change_promise(work: Work, order: WorkOrder, assignment: Assignment, request: Request) -> dict[str, object]:
    work.move(order, Action.CHANGE_PROMISE, assignment=assignment)
    work.move_assignment(order, assignment, Action.CHANGE_PROMISE)
    before = promised_day(assignment)
    if request.day is None:
        raise ValueError("a change of promise without its day")
    due = promised_due(work.calendar, request.day, work.now, work.desk.settings.closing)
    start_promise(work, order, assignment, request.day, due)
    return {"from_day": before.isoformat(), "to_day": request.day.isoformat(), "due": due.due_at.isoformat()}


def _ask(work: Work, request: Request) -> Request:
    asked = select(Request.id).where(Request.assignment_id == request.assignment_id, col(Request.decided_at).is_(None))
    if work.session.exec(asked).first() is not None:
        raise Refused("本件已有申请等候热线办答复", "第十一条(四)")
    work.add(request)
    return request


def _request(work: Work, assignment: Assignment, matter: RequestMatter, reason: str) -> Request:
    return Request(
        id=new_id(),
        order_id=assignment.order_id,
        assignment_id=assignment.id,
        matter=matter,
        reason=reason,
        asked_at=work.now,
        asked_by=work.desk.viewer.account_id,
    )


def _waiting(work: Work, request_id: UUID, seen: int | None) -> tuple[WorkOrder, Assignment, Request]:
    request = work.session.get(Request, request_id)
    if request is None:
        raise NotFound("没有这项申请, 或不在您的办理范围内")
    order, assignment = work.assignment(request.assignment_id, seen)
    if request.decided_at is not None:
        raise Refused(f"这项申请已{'同意' if request.granted else '答复不予同意'}", "第十一条(四)")
    return order, assignment, request


def _decide(work: Work, request: Request, *, granted: bool, remark: str) -> None:
    request.granted = granted
    request.remark = clean(remark).strip()
    request.decided_at = work.now
    request.decided_by = work.desk.viewer.account_id
