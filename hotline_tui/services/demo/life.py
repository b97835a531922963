"""The life of an order in the demonstration city: who does what, when, up to where the plan lets it stand."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from pathlib import Path
from random import Random
from uuid import UUID

from sqlmodel import col, select

from hotline_tui.data import reference
from hotline_tui.models import Assignment, Request, WorkOrder
from hotline_tui.rules.deadlines import SHANGHAI, shanghai_day
from hotline_tui.rules.words import RefusalReason, Release, Role, Verdict
from hotline_tui.services import answer, callbacks, classify, dispatch, handling, instruction, intake, notes, release
from hotline_tui.services.demo.clock import earlier_that_day, moment
from hotline_tui.services.demo.matters import Citizen, Matter, Pools
from hotline_tui.services.desk import Desk
from hotline_tui.services.letters import import_letters

Life = Generator[datetime]
"""Yields when the next step is taken; resumed when the clock has come there."""


class Stand(Enum):
    """Where an order stands at the end, by what was done to it last."""

    RECEIVED = auto()
    ANSWERED = auto()
    ANSWERED_ARCHIVED = auto()
    REPORTED = auto()
    DISPATCHED = auto()
    SIGNED = auto()
    PROGRESS = auto()
    DRAFTED = auto()
    SENT_BACK = auto()
    RETURNED = auto()
    RETURNED_TWICE = auto()
    REPLIED = auto()
    REJECTED = auto()
    RELEASED = auto()
    UNREACHED = auto()
    UNSATISFIED = auto()
    REDISPATCHED = auto()
    ARCHIVED = auto()
    ARCHIVED_UNREACHED = auto()
    ARCHIVED_BY_OFFICE = auto()


@dataclass
class Plan:
    """What is decided before the first step of one order; days are working days of Shanghai."""

    stand: Stand
    matter: Matter
    citizen: Citizen
    agent: Desk
    chance: Random
    received: datetime
    dispatched: datetime | None = None
    replied: date | None = None
    """On which the unit's leader approves, the first time."""
    letter: bool = False
    returns: int = 0
    """How many units return it before one keeps it."""
    again: bool = False
    """The first callback is not satisfied, the office dispatches again."""
    order_id: UUID | None = None
    number: str = ""


class Teller:
    """Tells the lives of orders through the services, each step at its moment."""

    def __init__(self, pools: Pools) -> None:
        self.pools = pools
        self.city = pools.city
        self.days = pools.city.days
        self._offices = [desk for desk in self.city.offices if desk.role is Role.OFFICE]

    def live(self, plan: Plan) -> Life:
        """One order from its call or letter to where the plan lets it stand."""
        yield from self.receive(plan)
        order_id = _of(plan)
        match plan.stand:
            case Stand.RECEIVED:
                return
            case Stand.ANSWERED | Stand.ANSWERED_ARCHIVED:
                yield from self._answer(plan, order_id)
                return
            case Stand.REPORTED:
                yield plan.received + timedelta(minutes=12)
                reason = self.say("report_reasons", plan)
                instruction.report(plan.agent, order_id, reason)
                yield plan.received + timedelta(minutes=25)
                instruction.report(self.office(plan), order_id, reason)
                return
            case _:
                assert plan.dispatched is not None
                yield from self._through_units(plan, order_id, plan.dispatched)

    def refuse(self, plan: Plan, call: dict[str, str], earlier: Plan | None) -> Life:
        """A call that is not accepted, with the words told."""
        yield plan.received
        reason = RefusalReason(call["reason"])
        words = reference.refusals()[reason]
        number = earlier.number if earlier else call.get("number", "")
        form = intake.Intake(plan.matter.kind, call["narrative"], phone=plan.citizen.phone)
        intake.refuse(
            plan.agent,
            form,
            reason,
            words.said(number),
            earlier_number=earlier.number if earlier else None,
            emergency_number=call.get("number"),
        )

    def merge(self, plan: Plan, living: Plan) -> Life:
        """A second caller about the same matter."""
        yield from self.receive(plan)
        yield plan.received + timedelta(minutes=4)
        intake.merge(plan.agent, _of(plan), living.number)

    def receive(self, plan: Plan) -> Life:
        """Its call, or its letter."""
        if plan.letter:
            yield from self._receive_letter(plan)
            return
        yield plan.received
        channel = intake.Channel.PHONE if plan.agent.site == "C01" else intake.Channel.COUNTER
        form = self.pools.intake(plan.matter, plan.citizen, plan.chance, channel)
        made = intake.register(plan.agent, form)
        plan.order_id, plan.number = made.order_id, made.number

    def _receive_letter(self, plan: Plan) -> Life:
        """Written on its day; it comes in with the file of the same day, and is classified before it goes on."""
        yield plan.received
        agent = plan.agent
        written = earlier_that_day(plan.received, plan.chance)
        form, letter = self.pools.letter(plan.matter, plan.citizen, plan.chance)
        key = f"X{plan.received:%m%d}{plan.citizen.phone[-4:]}{plan.chance.randrange(1000):03d}"
        letter |= {"编号": key, "来信时间": f"{written.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"}
        with tempfile.TemporaryDirectory(prefix="hotline-demo-") as folder:
            file = Path(folder) / f"mailbox-{shanghai_day(plan.received):%Y%m%d}.jsonl"
            file.write_text(json.dumps(letter, ensure_ascii=False), encoding="utf-8")
            import_letters(agent, file, {}, rejects_dir=Path(folder))
        with self.city.store.read() as session:
            order = session.exec(select(WorkOrder).where(WorkOrder.external_number == key)).one()
        plan.order_id, plan.number = order.id, order.number
        if plan.stand is Stand.RECEIVED:
            return
        yield plan.received + timedelta(minutes=3)
        classify.classify(
            agent,
            order.id,
            kind=form.kind,
            topic_id=form.topic_id,
            region_id=form.region_id,
            urgent=form.urgent,
            secret=form.secret,
        )

    def _answer(self, plan: Plan, order_id: UUID) -> Life:
        chance = plan.chance
        yield plan.received + timedelta(seconds=chance.randrange(40, 240))
        found = self.city.answers[plan.matter.knowledge]
        answer.answer(plan.agent, order_id, found.article_id, online=plan.letter)
        if plan.stand is Stand.ANSWERED_ARCHIVED:
            yield plan.received + timedelta(minutes=chance.randrange(10, 90))
            callbacks.archive(plan.agent, order_id)

    def _through_units(self, plan: Plan, order_id: UUID, at: datetime) -> Life:
        """Dispatch, return if it is to be returned, then the unit that keeps it."""
        wrong = self._wrong_units(plan)
        returns = {Stand.RETURNED: 1, Stand.RETURNED_TWICE: 2}.get(plan.stand, plan.returns)
        for count in range(returns):
            yield at
            desk = plan.agent if count < 2 else self.office(plan)
            made = dispatch.assign(desk, order_id, self.city.units[wrong[count]])
            at += timedelta(minutes=plan.chance.randrange(25, 70))
            yield at
            handler = self.city.staff[wrong[count]][0]
            handling.return_(handler, made.assignment_id, self._return_reason(plan))
            at += timedelta(minutes=plan.chance.randrange(15, 40))
        if plan.stand in (Stand.RETURNED, Stand.RETURNED_TWICE):
            return
        yield at
        desk = self.office(plan) if returns >= 2 else plan.agent
        remark = "来电人反映情况紧急，请立即派人到现场。" if plan.matter.urgent else ""
        made = dispatch.assign(desk, order_id, self.city.units[plan.matter.unit], remark=remark)
        yield from self._handle(plan, order_id, made.assignment_id, at, again=False)

    def _handle(self, plan: Plan, order_id: UUID, assignment_id: UUID, at: datetime, *, again: bool) -> Life:
        """Sign, report, draft, review: up to the leader's approval, and on to the office."""
        handler, leader = self.city.staff[plan.matter.unit]
        chance, stand = plan.chance, plan.stand
        if stand is Stand.DISPATCHED:
            yield from self._remind(plan, order_id)
            return
        yield at + timedelta(minutes=chance.randrange(12, 75))
        handling.sign(handler, assignment_id)
        if stand is Stand.SIGNED or (again and stand is Stand.REDISPATCHED):
            yield from self._remind(plan, order_id)
            return
        first = shanghai_day(at)
        day = self.days.after(first, chance.randint(1, 3)) if again else plan.replied
        day = max(day or first, self.days.after(first, 1))
        if stand is Stand.PROGRESS or (not again and chance.random() < 0.25):
            yield moment(self.days.after(first, 1), 8.6, 8.95, chance)
            handling.progress(handler, assignment_id, self.say("progress", plan))
            if stand is Stand.PROGRESS:
                yield from self._remind(plan, order_id)
                return
        poor = stand is Stand.SENT_BACK or (stand is not Stand.DRAFTED and not again and chance.random() < 0.15)
        if poor:
            yield moment(day, 9, 10.5, chance)
            reply, reason = self.pools.sent_back("leader", chance, about(plan))
            handling.draft_reply(handler, assignment_id, reply)
            yield moment(day, 10.6, 11.5, chance)
            handling.send_back(leader, assignment_id, reason)
            if stand is Stand.SENT_BACK:
                return
        rejected = self.pools.sent_back("office", chance, about(plan)) if stand is Stand.REJECTED else None
        yield moment(day, 13.5, 14.9, chance) if poor else moment(day, 9, 10.5, chance)
        handling.draft_reply(handler, assignment_id, rejected[0] if rejected else plan.matter.reply)
        if stand is Stand.DRAFTED:
            return
        yield moment(day, 15, 17, chance)
        handling.approve(leader, assignment_id)
        if rejected:
            yield moment(day, 17.1, 17.6, chance)
            release.reject_reply(self.office(plan), order_id, rejected[1])
            return
        yield from self._conclude(plan, order_id, day, again=again)

    def _conclude(self, plan: Plan, order_id: UUID, day: date, *, again: bool) -> Life:
        """Release, callback, archive."""
        chance, stand, office = plan.chance, plan.stand, self.office(plan)
        if stand is Stand.REPLIED:
            return
        yield moment(day, 17.1, 17.6, chance)
        public = not plan.matter.secret and chance.random() < 0.35
        release.release(office, order_id, Release.PUBLIC if public else Release.PRIVATE)
        if stand is Stand.RELEASED:
            return
        attempts = {Stand.UNREACHED: chance.randint(1, 2), Stand.ARCHIVED_UNREACHED: 3}.get(stand, 0)
        for _ in range(attempts):
            day = self.days.after(day, 1)
            yield moment(day, 9, 16, chance)
            callbacks.call_back(
                self._caller(plan), order_id, Verdict.UNREACHED, remark=self.say("callback_unreached", plan)
            )
        if stand is Stand.UNREACHED:
            return
        if attempts:
            yield moment(day, 16.1, 17, chance)
            callbacks.archive(plan.agent, order_id, "连续三次未联系上来电人，办理结果已短信告知，予以归档。")
            return
        day = self.days.after(day, 1)
        yield moment(day, 9, 11, chance)
        if stand in (Stand.UNSATISFIED, Stand.ARCHIVED_BY_OFFICE) or (plan.again and not again):
            yield from self._unsatisfied(plan, order_id, day)
            return
        mostly = chance.random() < 0.3
        verdict = Verdict.MOSTLY_SATISFIED if mostly else Verdict.SATISFIED
        remark = self.say(f"callback_{verdict.value}", plan)
        callbacks.call_back(self._caller(plan), order_id, verdict, remark=remark)
        yield moment(day, 11.1, 12, chance)
        callbacks.archive(plan.agent, order_id)

    def _unsatisfied(self, plan: Plan, order_id: UUID, day: date) -> Life:
        """复查: the office archives with the reason, or dispatches again."""
        said = self.say("callback_unsatisfied", plan)
        callbacks.call_back(self._caller(plan), order_id, Verdict.UNSATISFIED, not_solved=said)
        if plan.stand is Stand.UNSATISFIED:
            return
        at = moment(day, 14, 15, plan.chance)
        yield at
        office = self.office(plan)
        if plan.stand is Stand.ARCHIVED_BY_OFFICE:
            callbacks.archive(office, order_id, self.say("archive_reasons", plan))
            return
        unit_id = self.city.units[plan.matter.unit]
        made = dispatch.redispatch(office, order_id, unit_id, self.say("redispatch_reasons", plan))
        yield from self._handle(plan, order_id, made.assignment_id, at, again=True)

    def shares(self, order_id: UUID) -> Sequence[Assignment]:
        """Its assignments, first dispatched first."""
        with self.city.store.read() as session:
            query = select(Assignment).where(Assignment.order_id == order_id).order_by(col(Assignment.position))
            return session.exec(query).all()

    def requests(self, order_id: UUID) -> Sequence[UUID]:
        """What units have asked about it."""
        with self.city.store.read() as session:
            return session.exec(select(Request.id).where(Request.order_id == order_id)).all()

    def _remind(self, plan: Plan, order_id: UUID) -> Life:
        """What happens to an order that lies: a note, and urging once its limit is past."""
        if plan.chance.random() < 0.3 and plan.dispatched:
            yield plan.dispatched + timedelta(hours=2.5)
            notes.note(plan.agent, order_id, self.say("notes", plan))
        if plan.stand is not Stand.PROGRESS and plan.received < self._latest() - timedelta(days=14):
            yield moment(self.days.at(-1), 9, 11, plan.chance)
            notes.urge(self.office(plan), order_id, self.pools.phrases["urge"][1])

    def _latest(self) -> datetime:
        return datetime.combine(self.days.day, time(), SHANGHAI)

    def _wrong_units(self, plan: Plan) -> list[str]:
        """Units that one may take it for: not accused, and neither above nor below the right one."""
        right = plan.matter.unit
        accused = {self.city.units[plan.matter.accused_unit]} if plan.matter.accused_unit else set[UUID]()
        others = [
            unit
            for unit in self.pools.mistaken[right]
            if self.city.units[unit] not in self.city.line(right)
            and self.city.units[right] not in self.city.line(unit)
            and accused.isdisjoint(self.city.line(unit))
        ]
        return plan.chance.sample(others, 2)

    def _return_reason(self, plan: Plan) -> str:
        right = self.city.short_names[plan.matter.unit]
        topic = plan.matter.topic.rpartition("/")[2]
        return f"经核查，{topic}事项不属于我单位职责，建议转{right}办理。"

    def office(self, plan: Plan) -> Desk:
        """Who of the office has to do with it."""
        return self._offices[0] if plan.matter.secret else plan.chance.choice(self._offices)

    def _caller(self, plan: Plan) -> Desk:
        """Who calls back: somebody else than who took the matter in or released the reply (R-11.6)."""
        if plan.matter.secret:
            return self._offices[-1]
        return next(desk for desk in self.city.agents if desk.site == "C01" and desk is not plan.agent)

    def say(self, name: str, plan: Plan) -> str:
        """Words of a pool that fit it."""
        return self.pools.phrase(name, plan.chance, about(plan))


def about(plan: Plan) -> str:
    """What is said of a matter, which every phrase must fit."""
    return plan.matter.narrative + plan.matter.reply


def _of(plan: Plan) -> UUID:
    assert plan.order_id is not None
    return plan.order_id
