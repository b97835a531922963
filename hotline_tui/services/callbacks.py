"""回访 and 归档: what the callers say, and what becomes of it (Art. 11(6))."""

from __future__ import annotations

from uuid import UUID

from hotline_tui.data.queries.hearing import Hearing, hearing
from hotline_tui.errors import NotFound, Refused
from hotline_tui.models import Callback, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.text import clean
from hotline_tui.rules.words import Action, OrderState, Verdict
from hotline_tui.rules.workflow import CASE_OF_VERDICT, Case
from hotline_tui.services.claims import give_back, held_by_another, refuse_if_closed
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import must
from hotline_tui.services.work import Work, work_at


def call_back(
    desk: Desk,
    order_id: UUID,
    verdict: Verdict,
    *,
    remark: str = "",
    not_solved: str = "",
    caller_id: UUID | None = None,
    seen: int | None = None,
) -> OrderState:
    """Record an attempt to reach one caller; unsatisfied goes to the office for review. Returns the order's state.

    Of a merged order each caller is called; without `caller_id` it is the first who has not been heard. One unsatisfied
    sends it to the office once the others have been heard too, or tried often enough. Raises Conflict while somebody
    else has the order from the queue; who has it keeps it as long as somebody is still to be rung.
    """
    if verdict is Verdict.UNSATISFIED:
        not_solved = must(not_solved, "不满意的, 请记下来电人认为没有解决的问题", "第十一条(六)")
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        # Asked again below with the outcome: who may not call at all is told so before anything is written.
        refuse_if_closed(work, order)
        held_by_another(work, order)
        heard = hearing(work.session, desk.viewer, order.id)
        caller = _whom(heard, caller_id)
        last = work.last_callback(order)
        callback = Callback(
            id=new_id(),
            order_id=order.id,
            attempt=last.attempt + 1 if last else 1,
            caller_id=caller,
            reply_id=heard.reply_id,
            unit_id=order.unit_id,
            verdict=verdict,
            remark=clean(remark).strip(),
            not_solved=not_solved,
            called_by=desk.viewer.account_id,
            called_at=work.now,
        )
        work.put(callback)
        after = heard.after(caller, verdict)
        order.verdict, order.unreached = after.together()
        work.move(order, Action.CALL_BACK, Case.UNREACHED if after.due else CASE_OF_VERDICT[order.verdict or verdict])
        if not after.due:
            give_back(work, order.id)
        facts = {"verdict": verdict.value, "attempt": callback.attempt, "remark": callback.remark}
        if len(heard.callers) > 1:
            facts["caller"] = [each.caller_id for each in heard.callers].index(caller) + 1
        work.commit(order, Action.CALL_BACK, facts=facts | {"not_solved": callback.not_solved})
        return order.state


def _whom(heard: Hearing, caller_id: UUID | None) -> UUID | None:
    if caller_id is None:
        return heard.next
    if caller_id not in [each.caller_id for each in heard.callers]:
        raise NotFound("这件工单没有这位来电人")
    return caller_id


def _all_heard(work: Work, order: WorkOrder) -> None:
    """Take down what all callers said together, one merged since among them; raises Refused while one is to be rung."""
    if order.state is not OrderState.AWAITING_CALLBACK or order.verdict is None:
        return
    heard = hearing(work.session, work.desk.viewer, order.id)
    if heard.due and len(heard.callers) > 1:
        places = "、".join(str(place) for place in heard.due)
        raise Refused(f"第 {places} 位来电人尚未回访, 逐位回访后再归档", "第十一条(六)")
    order.verdict, order.unreached = heard.together()


def archive(desk: Desk, order_id: UUID, reason: str = "", *, seen: int | None = None) -> None:
    """归档; without a satisfied caller it needs a reason (Art. 11(6))."""
    reason = clean(reason).strip()
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        _all_heard(work, order)
        contented = order.state is OrderState.ANSWERED or order.verdict in (
            Verdict.SATISFIED,
            Verdict.MOSTLY_SATISFIED,
        )
        work.move(order, Action.ARCHIVE)
        if not contented and not reason:
            raise Refused("来电人未表示满意, 归档须写明理由", "第十一条(六)")
        order.closed_at = work.now
        order.archive_reason = reason
        work.void(order, None)
        work.commit(order, Action.ARCHIVE, facts={"reason": reason})
