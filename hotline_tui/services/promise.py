"""承诺件: a first reply in time, a promised day, and the unit goes on (Art. 11(2)2, R-D8)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hotline_tui.errors import Refused
from hotline_tui.models import Assignment, Reply, WorkOrder
from hotline_tui.rules.deadlines import SHANGHAI, Due, promise_moved_due, promised_due, shanghai_day
from hotline_tui.rules.words import Action, AssignmentState, AssignmentType, Duty, Share
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import JOINT, must, unit_facts, waiting_reply, write_reply
from hotline_tui.services.work import Work, work_at

ARTICLE = "第十一条(二)2(2)"


def promise(desk: Desk, assignment_id: UUID, text: str, day: date, *, seen: int | None = None) -> UUID:
    """The first reply, with the present state or the plan and a working day after today; returns the reply's key.

    Raises Refused once the time for that reply has passed: what was drafted before may still be approved and released.
    Of a countersigned order the lead promises, after the assisting units' answers (R-11.2.2c).
    """
    text = must(text, "请写明目前情况或办理方案", ARTICLE)
    with work_at(desk) as work:
        order, assignment = work.assignment(assignment_id, seen)
        waiting = waiting_reply(work, assignment)
        work.move(order, Action.PROMISE, assignment=assignment)
        work.move_assignment(order, assignment, Action.PROMISE)
        if work.promised(assignment):
            raise Refused("本件已承诺; 变更承诺日期须经热线办同意", ARTICLE)
        owe = any(each.share is Share.ASSIST for each in work.other_shares(order, assignment))
        if (sentence := not_of_share(assignment.share, assists_owe=owe)) is not None:
            raise Refused(sentence)
        for clock in work.open_clocks(order, assignment, Duty.REPLY):
            if (sentence := too_late(clock.due_at, work.now)) is not None:
                raise Refused(sentence)
        promised_due(work.calendar, day, work.now, desk.settings.closing)
        reply = write_reply(work, waiting, assignment, text, day)
        facts = unit_facts(work, assignment) | {"reply": reply.position, "promised_day": day.isoformat()}
        work.commit(order, Action.PROMISE, assignment=assignment, facts=facts)
        return reply.id


def too_late(until: datetime | None, now: datetime) -> str | None:
    """Why no day can be promised any more: the first reply was due `until` (aware, None: it is not owed)."""
    if until is None or now <= until:
        return None
    limit = f"{until.astimezone(SHANGHAI):%m-%d %H:%M}"
    return f"先行回复的时限 {limit} 已过, 不能再承诺办结日期, 请尽快办结并回复({ARTICLE})"


def not_of_share(share: Share, *, assists_owe: bool) -> str | None:
    """Why this share of a countersigned order promises nothing now: its leader could not approve it (R-11.2.2c)."""
    if share is Share.ASSIST:
        return f"会签件由牵头单位承诺({ARTICLE})"
    if assists_owe:
        return f"协办单位尚未全部答复, 牵头单位的承诺须在其后提交; 此前请续报({JOINT})"
    return None


def promise_leaves(work: Work, order: WorkOrder, assignment: Assignment, reply: Reply) -> None:
    """The caller is told the day, which counts as it was accepted, even if it has come or become a day off since."""
    if reply.promised_day is None:
        raise ValueError("a promise without its day")
    asked, closing = shanghai_day(reply.drafted_at), work.desk.settings.closing
    due = promise_moved_due(work.calendar, reply.promised_day, asked, closing)
    start_promise(work, order, assignment, reply.promised_day, due)
    if assignment.type is AssignmentType.TIMED:
        assignment.type = AssignmentType.PROMISED


def start_promise(work: Work, order: WorkOrder, assignment: Assignment, day: date, due: Due) -> None:
    """The clock of a promised day, in place of the one before."""
    assignment.promised_day = day
    work.void(order, assignment, Duty.PROMISE)
    work.start_clock(order, Duty.PROMISE, due, assignment)


def promised_day(assignment: Assignment) -> date:
    """The promised day that runs; raises Refused when none does."""
    if assignment.promised_day is None or assignment.state is not AssignmentState.PROMISED:
        raise Refused("本件没有正在履行的承诺", ARTICLE)
    return assignment.promised_day
