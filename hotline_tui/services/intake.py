"""受理: register, refuse, merge (Art. 7, 8, 9, 10, 15)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from hotline_tui.data.roles import calls
from hotline_tui.data.store import store_of
from hotline_tui.errors import Refused
from hotline_tui.models import Caller, OrderAccused, OrderCaller, WorkOrder
from hotline_tui.models.columns import new_id
from hotline_tui.rules.acceptance import CallerFacts, check_acceptance, check_refusal
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.numbers import dialled, spoken
from hotline_tui.rules.text import clean, clean_line
from hotline_tui.rules.words import Action, Channel, Kind, RefusalReason
from hotline_tui.rules.workflow import Relation, order_step
from hotline_tui.services.callers import callers_of, known_by, same_person
from hotline_tui.services.classify import accept, check_topic_told
from hotline_tui.services.desk import Desk
from hotline_tui.services.duplicates import by_number, check_living, held_earlier, lock, make_urgent
from hotline_tui.services.work import Work, work_at

CLASSIFIED_LATER = frozenset({Channel.MAILBOX, Channel.IMPORT})
"""What arrives by itself is stored at once, and gets its topic on the way to a unit (R-10)."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What the form holds when the operator registers it."""

    kind: Kind
    narrative: str
    channel: Channel = Channel.PHONE
    name: str = ""
    phone: str = ""
    workplace: str = ""
    home_address: str = ""
    topic_id: UUID | None = None
    region_id: UUID | None = None
    address: str = ""
    subject: str = ""
    urgent: bool = False
    secret: bool = False
    accused: tuple[UUID, ...] = field(default=())
    """被反映单位."""
    draft_id: UUID | None = None
    """The draft it was typed in: the order takes its key, so that a draft registered again is the same order."""

    @property
    def facts(self) -> CallerFacts:
        """The four facts of Art. 15."""
        return CallerFacts(self.name, self.phone, self.workplace, self.home_address)


@dataclass(frozen=True, slots=True)
class Registered:
    """A new order as the screen goes on with it."""

    order_id: UUID
    number: str
    version: int


def register(desk: Desk, intake: Intake, *, repeats: str = "") -> Registered:
    """Accept a matter as an order in state `received`; raises NotAccepted naming what is missing (Art. 8, 9, 15).

    `repeats`: the number of the earlier order; its topic and region are taken where none are told.
    """
    check_acceptance(intake.kind, intake.facts, intake.narrative)
    with work_at(desk) as work:
        if known := _registered_before(work, intake):
            return known
        if repeats:
            living = by_number(work, repeats)
            intake = replace(
                intake,
                topic_id=intake.topic_id or living.topic_id,
                region_id=intake.region_id or living.region_id,
            )
        if intake.channel not in CLASSIFIED_LATER:
            check_topic_told(work.session, intake.topic_id)
        order = _new_order(work, intake)
        work.commit(order, Action.REGISTER, facts=_facts(intake))
        return Registered(order.id, order.number, order.version)


def refuse(
    desk: Desk,
    intake: Intake,
    reason: RefusalReason,
    told: str,
    *,
    earlier_number: str | None = None,
    emergency_number: str | None = None,
) -> Registered:
    """Record a matter that is not accepted, with the reason and what the caller was told (Art. 8).

    Raises Refused for a duplicate of an order that was itself refused.
    """
    check_refusal(reason, told, earlier_number, emergency_number)
    if not intake.narrative.strip():
        raise Refused("请先写明来电内容, 再选不予受理的理由", "第八条")
    with work_at(desk) as work:
        if known := _registered_before(work, intake):
            return known
        earlier = held_earlier(work, earlier_number) if earlier_number else None
        order = _new_order(work, intake)
        _refuse(work, order, reason, told)
        facts = _facts(intake) | {"reason": reason.value, "told": clean(told)}
        if earlier is not None:
            facts["earlier"] = earlier.number
        if emergency_number:
            facts["emergency_number"] = emergency_number
        work.commit(order, Action.REFUSE, facts=facts)
        return Registered(order.id, order.number, order.version)


def refuse_received(
    desk: Desk,
    order_id: UUID,
    reason: RefusalReason,
    told: str,
    *,
    earlier_number: str | None = None,
    emergency_number: str | None = None,
    seen: int | None = None,
) -> None:
    """Refuse an order that has come in, such as a letter (Art. 8).

    Raises Refused for a duplicate of itself, of one that lives on in it, or of one that was itself refused.
    """
    check_refusal(reason, told, earlier_number, emergency_number)
    with work_at(desk) as work:
        earlier = held_earlier(work, earlier_number, order_id) if earlier_number else None
        order = work.order(order_id, seen)
        _refuse(work, order, reason, told)
        facts: dict[str, object] = {"reason": reason.value, "told": clean(told)}
        facts["emergency_number"] = emergency_number or ""
        if (callers := len(callers_of(work, order))) > 1:
            facts["callers"] = callers
        work.commit(order, Action.REFUSE, facts=facts | {"earlier": earlier.number if earlier else ""})


def merge(desk: Desk, order_id: UUID, living_number: str, *, seen: int | None = None) -> None:
    """Link a duplicate to the living order, whose caller list grows, and which becomes urgent with it (R-8, R-11.4).

    Raises Refused where the two may not be linked, NotAccepted where the duplicate lacks the name that its kind needs.
    """
    with work_at(desk) as work:
        living = by_number(work, living_number)
        lock(work, order_id, living.id)
        order = work.order(order_id, seen)
        check_living(work, order, living)
        accept(work, order, Action.MERGE)
        order.merged_into_id = living.id
        order.closed_at = work.now
        work.void(order, None)
        known = callers_of(work, living)
        position = len(known)
        for caller in callers_of(work, order):
            if not any(same_person(work, caller, each) for each in known):
                work.add(OrderCaller(order_id=living.id, caller_id=caller, position=position))
                position += 1
        facts = {"living": living.number}
        if order.urgent and not living.urgent:
            work.record(order, Action.MERGE, facts=facts)
            make_urgent(work, living)
        else:
            work.commit(order, Action.MERGE, facts=facts)


def next_numbers(session: Session, site: str, day: date, count: int = 1) -> list[str]:
    """The next spoken numbers of a site on a Shanghai day."""
    if store_of(session).guarded:
        last = session.connection().execute(calls.next_number(site, day, count)).scalar_one()
        return [spoken(site, day, number) for number in range(last - count + 1, last + 1)]
    insert = sa.text(
        "INSERT INTO number_series (site, day, last) VALUES (:site, :day, :count) "
        "ON CONFLICT (site, day) DO UPDATE SET last = number_series.last + :count RETURNING last"
    ).bindparams(sa.bindparam("day", type_=sa.Date()))
    last = session.connection().execute(insert, {"site": site, "day": day, "count": count}).scalar_one()
    return [spoken(site, day, number) for number in range(last - count + 1, last + 1)]


def _registered_before(work: Work, intake: Intake) -> Registered | None:
    """The order of this draft, if the program ended between accepting it and discarding the draft."""
    order = work.session.get(WorkOrder, intake.draft_id) if intake.draft_id else None
    return Registered(order.id, order.number, order.version) if order else None


def _new_order(work: Work, intake: Intake) -> WorkOrder:
    state = order_step(Action.REGISTER, None, work.desk.role, Relation())
    # Before the number, for which all seats wait until this work ends.
    caller_id = _caller(work, intake)
    order = WorkOrder(
        id=intake.draft_id or new_id(),
        number=next_numbers(work.session, work.desk.site, shanghai_day(work.now))[0],
        site=work.desk.site,
        channel=intake.channel,
        kind=intake.kind,
        state=state,
        topic_id=intake.topic_id,
        region_id=intake.region_id,
        address=clean_line(intake.address),
        subject=clean_line(intake.subject),
        narrative=clean(intake.narrative).strip(),
        urgent=intake.urgent,
        secret=intake.secret,
        received_at=work.now,
        registered_by=work.desk.viewer.account_id,
    )
    work.put(order, OrderCaller(order_id=order.id, caller_id=caller_id))
    work.put(*(OrderAccused(order_id=order.id, unit_id=unit_id) for unit_id in intake.accused))
    return order


def _caller(work: Work, intake: Intake) -> UUID:
    """The same citizen with the same data is one row."""
    told = {
        "name": clean_line(intake.name),
        "phone": dialled(clean_line(intake.phone)),
        "workplace": clean_line(intake.workplace),
        "home_address": clean_line(intake.home_address),
    }
    known = known_by(work, told)
    if known is not None:
        return known
    caller = Caller.model_validate(told | {"created_at": work.now})
    work.add(caller)
    return caller.id


def _refuse(work: Work, order: WorkOrder, reason: RefusalReason, told: str) -> None:
    work.move(order, Action.REFUSE)
    order.refusal_reason = reason
    order.refusal_told = clean(told)
    order.closed_at = work.now
    work.void(order, None)


def _facts(intake: Intake) -> dict[str, object]:
    return {
        "kind": intake.kind.value,
        "channel": intake.channel.value,
        "urgent": intake.urgent,
        "secret": intake.secret,
    }
