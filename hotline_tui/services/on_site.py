"""现场处置: staff sent to the spot, when they arrived, what they found (Art. 11(4))."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hotline_tui.errors import NotFound, Refused
from hotline_tui.models import OnSite
from hotline_tui.models.columns import new_id
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Action
from hotline_tui.rules.workflow import article
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import must
from hotline_tui.services.work import work_at

CLAUSE = article(Action.ON_SITE)
TO_COME = "时间不能晚于现在"
BEFORE_SENT = "到达时间不能早于派出时间"


def send(desk: Desk, order_id: UUID, staff: str, sent_at: datetime, *, seen: int | None = None) -> UUID:
    """Who went, and when (aware); raises Refused for a time to come. Returns the record's key."""
    staff = must(clean_line(staff), "请写明派往现场的人员", CLAUSE)
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.ON_SITE)
        _not_to_come(sent_at, work.now)
        record = OnSite(id=new_id(), order_id=order.id, staff=staff, sent_at=sent_at)
        work.add(record)
        work.commit(order, Action.ON_SITE, facts={"staff": staff, "sent_at": sent_at.isoformat()})
        return record.id


def arrive(desk: Desk, on_site_id: UUID, arrived_at: datetime, found: str, *, seen: int | None = None) -> None:
    """When they arrived (aware) and what they found."""
    found = must(found, "请写明现场情况和处置结果", CLAUSE)
    with work_at(desk) as work:
        record = work.session.get(OnSite, on_site_id)
        if record is None:
            raise NotFound("没有这条现场处置记录, 或不在您的办理范围内")
        order = work.order(record.order_id, seen)
        work.move(order, Action.ON_SITE)
        if record.arrived_at is not None:
            raise Refused("这条现场处置已记录到达, 再次派人请另记一条", CLAUSE)
        _not_to_come(arrived_at, work.now)
        if arrived_at < record.sent_at:
            raise Refused(BEFORE_SENT, CLAUSE)
        record.arrived_at, record.found = arrived_at, found
        facts = {"staff": record.staff, "arrived_at": arrived_at.isoformat(), "found": found}
        work.commit(order, Action.ON_SITE, facts=facts)


def _not_to_come(moment: datetime, now: datetime) -> None:
    if moment > now:
        raise Refused(TO_COME, CLAUSE)
