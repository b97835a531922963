"""批办: the office reports to a leader, the leader instructs, and it is dispatched accordingly (Art. 11(2)3)."""

from __future__ import annotations

from uuid import UUID

from hotline_tui.models import Instruction
from hotline_tui.models.columns import new_id
from hotline_tui.rules.deadlines import due
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Action, Duty, Role
from hotline_tui.services.classify import check_topic_told
from hotline_tui.services.desk import Desk
from hotline_tui.services.dispatch import clock_facts
from hotline_tui.services.handling import must
from hotline_tui.services.work import work_at

INSTRUCT_DAYS = 1
"""Working days in which the leader's instruction is expected."""


def report(desk: Desk, order_id: UUID, reason: str, *, seen: int | None = None) -> None:
    """呈报批示: important, or no unit can be determined; the reason is kept. Raises Refused without it or a topic."""
    reason = must(reason, "请写明呈报批示的理由", "第十一条(二)3")
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.REPORT)
        check_topic_told(work.session, order.topic_id)
        limit = due(work.calendar, work.now, INSTRUCT_DAYS, desk.settings.closing)
        work.start_clock(order, Duty.INSTRUCT, limit)
        work.commit(order, Action.REPORT, facts=clock_facts(limit) | {"reason": reason})


def instruct(desk: Desk, order_id: UUID, text: str, *, leader: str = "", seen: int | None = None) -> None:
    """批示: a city leader's own words, or those of the named `leader` recorded by the office; kept with the time."""
    text = must(text, "请写明批示内容", "第十一条(二)3")
    leader = desk.name if desk.role is Role.CITY_LEADER else clean_line(leader)
    leader = must(leader, "请写明作出批示的领导", "第十一条(二)3")
    with work_at(desk) as work:
        order = work.order(order_id, seen)
        work.move(order, Action.INSTRUCT)
        given = Instruction(
            id=new_id(),
            order_id=order.id,
            leader=leader,
            text=text,
            given_at=work.now,
            recorded_by=desk.viewer.account_id,
        )
        work.add(given)
        work.meet(order, None, Duty.INSTRUCT)
        work.commit(order, Action.INSTRUCT, facts={"leader": leader, "text": text})
