"""移送公安 and 责任追究: malicious matters, and what units did wrong (Art. 16, 17, 18)."""

from __future__ import annotations

from uuid import UUID

from hotline_tui.models import Misconduct
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import Action, Fault
from hotline_tui.rules.workflow import article
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import must
from hotline_tui.services.work import work_at


def refer(desk: Desk, order_id: UUID, referral: str, *, seen: int | None = None) -> None:
    """移送公安 of a malicious, false or abusive matter, with a note of the referral (R-16)."""
    referral = must(referral, "请写明移送的公安机关、时间和事由", article(Action.MARK_MALICIOUS))
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.MARK_MALICIOUS)
        order.malicious = True
        order.referral = referral
        work.commit(order, Action.MARK_MALICIOUS, facts={"text": referral})


def record_fault(
    desk: Desk, order_id: UUID, unit_id: UUID, fault: Fault, text: str, *, seen: int | None = None
) -> None:
    """责任追究 of a unit on this order, counted in its appraisal (R-17, R-18)."""
    text = must(text, "请写明事实和依据", article(Action.RECORD_MISCONDUCT))
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.RECORD_MISCONDUCT)
        unit = work.unit(unit_id)
        work.add(
            Misconduct(
                id=new_id(),
                order_id=order.id,
                unit_id=unit.id,
                fault=fault,
                text=text,
                recorded_at=work.now,
                recorded_by=desk.viewer.account_id,
            )
        )
        work.commit(order, Action.RECORD_MISCONDUCT, facts={"unit": unit.name, "fault": fault.value, "text": text})
