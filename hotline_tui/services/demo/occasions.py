"""What happens seldom, told once or twice each, so that the demonstration city has it to look at (Art. 11(2) to 18)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import Fault, Kind, RefusalReason, Release, Role
from hotline_tui.services import (
    conduct,
    consent,
    dispatch,
    handling,
    instruction,
    intake,
    notes,
    on_site,
    promise,
    release,
)
from hotline_tui.services.demo.clock import moment
from hotline_tui.services.demo.life import Life, Plan, Teller
from hotline_tui.services.demo.matters import Matter
from hotline_tui.services.demo.plan import Planner
from hotline_tui.services.desk import Desk

Story = Callable[[Plan], Life]
SHOWN = "chengguan"
"""The unit whose desks show the handler and the unit's leader: most of it happens there."""

TROUBLES = frozenset({Kind.COMPLAINT, Kind.HELP, Kind.TIPOFF})
"""Every story is of something wrong at a place, where somebody can go and look."""


class Occasions:
    """Each story begins with a call on a working day before the city's day."""

    def __init__(self, teller: Teller, planner: Planner) -> None:
        self.teller = teller
        self.planner = planner
        self.city = teller.city
        self.days = teller.days
        self._leader = next(desk for desk in self.city.desks.values() if desk.role is Role.CITY_LEADER)

    def lives(self) -> Iterator[Life]:
        """All of them."""
        below = {self.city.parents[unit_id] for unit_id in self.city.parents}
        superiors = [unit for unit in self.city.staff if self.city.units[unit] in below]
        stories: tuple[tuple[Story, int, tuple[str, ...]], ...] = (
            (self.proposed, -1, ()),
            (self.proposed_for_countersigning, -1, ()),
            (self.proposed_by_a_unit, -2, (SHOWN,)),
            (self.reported_to_one, -1, ()),
            (self.instructed, -2, ()),
            (self.instructed_without_a_unit, -2, ()),
            (self.promised, -6, (SHOWN,)),
            (self.promised, -5, ()),
            (self.promised_late, -14, (SHOWN,)),
            (self.countersigned, -4, (SHOWN,)),
            (self.asks_to_return, -3, (SHOWN,)),
            (self.asks_for_another_day, -6, ()),
            (self.returned_late, -4, ()),
            (self.delegated, -2, tuple(superiors)),
            (self.sent_to_the_spot, -1, (SHOWN,)),
            (self.at_fault, -12, ()),
            (self.two_callers, -5, ()),
        )
        for story, position, units in stories:
            yield story(self._plan(position, units))
        yield self.malicious(self._plan(-3, ()))

    def _plan(self, position: int, units: tuple[str, ...]) -> Plan:
        def fits(matter: Matter) -> bool:
            at_home = matter.unit in units if units else matter.unit in self.city.staff
            plain = not (matter.knowledge or matter.secret or matter.accused_unit)
            return at_home and plain and matter.kind in TROUBLES and matter.place != "none"

        return self.planner.occasion(fits, self.days.at(position))

    # -- what waits for a leader

    def proposed(self, plan: Plan) -> Life:
        """The front desk proposes; the office has not reported yet."""
        yield from self.teller.receive(plan)
        yield plan.received + timedelta(minutes=8)
        instruction.report(plan.agent, _of(plan), self._say("report_reasons", plan))

    def proposed_for_countersigning(self, plan: Plan) -> Life:
        """The front desk thinks of several units."""
        yield from self.teller.receive(plan)
        yield plan.received + timedelta(minutes=8)
        instruction.propose(plan.agent, _of(plan), "涉及三个单位职责交叉，建议会签。")

    def proposed_by_a_unit(self, plan: Plan) -> Life:
        """The unit does not think that it is its matter alone."""
        made = yield from self._dispatched(plan)
        yield moment(self._day(plan, 1), 9, 10, plan.chance)
        instruction.propose_from_unit(
            self._handler(plan), made, "经现场核查，还涉及其他单位职责，我单位一家难以解决，建议会签。"
        )

    def reported_to_one(self, plan: Plan, *, countersign: bool = True) -> Life:
        """Laid before the leader in charge, as 会签件."""
        yield from self.teller.receive(plan)
        yield plan.received + timedelta(minutes=8)
        reason = self._say("report_reasons", plan)
        instruction.propose(plan.agent, _of(plan), reason)
        yield plan.received + timedelta(minutes=40)
        instruction.report(
            self.teller.office(plan),
            _of(plan),
            reason,
            leader_id=self._leader.viewer.account_id,
            countersign=countersign,
        )

    def instructed(self, plan: Plan) -> Life:
        """The leader names who leads and who assists; the office has not dispatched yet."""
        yield from self.reported_to_one(plan)
        yield moment(self._day(plan, 1), 9, 11, plan.chance)
        lead, *assists = self._three(plan)
        self._instruct(plan, lead, assists)

    def instructed_without_a_unit(self, plan: Plan) -> Life:
        """The leader leaves the unit to the office."""
        yield from self.reported_to_one(plan, countersign=False)
        yield moment(self._day(plan, 1), 9, 11, plan.chance)
        instruction.instruct(self._leader, _of(plan), "请热线办商有关单位抓紧办理，结果报我。")

    def countersigned(self, plan: Plan) -> Life:
        """Three units, one share answered."""
        yield from self.instructed(plan)
        yield moment(self._day(plan, 1), 14, 15, plan.chance)
        lead, *assists = self._three(plan)
        units = [self.city.units[unit] for unit in assists]
        dispatch.assign(self.teller.office(plan), _of(plan), self.city.units[lead], assists=units)
        shares = {share.unit_id: share.id for share in self.teller.shares(_of(plan))}
        for place, unit in enumerate((lead, *assists)):
            yield moment(self._day(plan, 1), 15.5 + place * 0.3, 15.7 + place * 0.3, plan.chance)
            handling.sign(self.city.staff[unit][0], shares[self.city.units[unit]])
        handler, leader = self.city.staff[assists[0]]
        yield moment(self._day(plan, 2), 9, 11, plan.chance)
        handling.draft_reply(handler, shares[units[0]], "我单位职责内的问题已核查，情况属实，已督促限期整改。")
        yield moment(self._day(plan, 2), 14, 16, plan.chance)
        handling.approve(leader, shares[units[0]])

    # -- promises, returns, requests

    def promised(self, plan: Plan, until: int = 4) -> Life:
        """The first reply has left the house, the promised day counts."""
        made = yield from self._dispatched(plan)
        handler, leader = self.city.staff[plan.matter.unit]
        yield moment(self._day(plan, 1), 9, 10, plan.chance)
        words = "经现场核查，情况属实，需分期整治。已制定方案，先行恢复秩序。"
        promise.promise(handler, made, words, self.days.at(until))
        yield moment(self._day(plan, 1), 14, 15, plan.chance)
        handling.approve(leader, made)
        yield moment(self._day(plan, 1), 16, 17, plan.chance)
        release.release(self.teller.office(plan), _of(plan), Release.PRIVATE)

    def promised_late(self, plan: Plan) -> Life:
        """The promised day was changed once with consent, and is past all the same."""
        yield from self.promised(plan, -8)
        made = self.teller.shares(_of(plan))[0].id
        yield moment(self.days.at(-10), 9, 10, plan.chance)
        asked = consent.request_promise(self._handler(plan), made, self.days.at(-3), "连日降雨，施工推迟，申请顺延。")
        yield moment(self.days.at(-10), 14, 15, plan.chance)
        consent.grant(self.teller.office(plan), asked, "同意，请抓紧。")

    def asks_for_another_day(self, plan: Plan) -> Life:
        """Waits for the office."""
        yield from self.promised(plan, 2)
        yield moment(self.days.at(-1), 9, 11, plan.chance)
        made = self.teller.shares(_of(plan))[0].id
        consent.request_promise(self._handler(plan), made, self.days.at(6), "配件尚未到货，申请变更承诺日期。")

    def asks_to_return(self, plan: Plan) -> Life:
        """Late: the day of dispatch is past."""
        made = yield from self._dispatched(plan)
        yield moment(self._day(plan, 1), 10, 11, plan.chance)
        consent.request_return(self._handler(plan), made, "现场核查后，权属不在我单位，申请退件。")

    def returned_late(self, plan: Plan) -> Life:
        """The office has consented: it waits for dispatch again."""
        yield from self.asks_to_return(plan)
        yield moment(self._day(plan, 1), 15, 16, plan.chance)
        asked = self.teller.requests(_of(plan))[0]
        consent.grant(self.teller.office(plan), asked, "情况属实，同意退件，按逾期退件计。")

    # -- in handling

    def delegated(self, plan: Plan) -> Life:
        """A subordinate unit does the work."""
        made = yield from self._dispatched(plan)
        yield plan.received + timedelta(hours=2)
        own = self.city.units[plan.matter.unit]
        below = next(unit_id for unit_id, parent in self.city.parents.items() if parent == own)
        handling.delegate(self._handler(plan), made, below, "请到现场核查，三日内报办理情况。")

    def sent_to_the_spot(self, plan: Plan) -> Life:
        """Supervised as urgent; staff were sent and have arrived; a second party is on its way."""
        yield from self._dispatched(plan)
        yield plan.received + timedelta(hours=1)
        office = self.teller.office(plan)
        notes.supervise(office, _of(plan), "涉及群众生活，请立即到场处置，两小时内反馈。", urgent=True)
        record = on_site.send(office, _of(plan), "应急分队 王某、李某", self.city.clock.now)
        yield plan.received + timedelta(hours=1, minutes=35)
        on_site.arrive(office, record, self.city.clock.now, "现场已设置围挡和警示灯，责任单位正在处置。")
        yield plan.received + timedelta(hours=2)
        on_site.send(office, _of(plan), "抢修二队", self.city.clock.now)

    def at_fault(self, plan: Plan) -> Life:
        """Overdue: the office went there and found that what the unit had replied was not so."""
        made = yield from self._dispatched(plan)
        handler, leader = self.city.staff[plan.matter.unit]
        yield moment(self._day(plan, 1), 9, 11, plan.chance)
        handling.draft_reply(handler, made, plan.matter.reply)
        yield moment(self._day(plan, 1), 14, 15, plan.chance)
        handling.approve(leader, made)
        yield moment(self._day(plan, 2), 15, 16, plan.chance)
        reason = "经现场复查，回复所说的整改并未进行，请如实办理后重新回复。"
        release.reject_reply(self.teller.office(plan), _of(plan), reason)
        yield moment(self.days.at(-1), 10, 11, plan.chance)
        unit = self.city.units[plan.matter.unit]
        said = self._say("misconduct", plan)
        conduct.record_fault(self.teller.office(plan), _of(plan), unit, Fault.FALSIFICATION, said)

    def two_callers(self, plan: Plan) -> Life:
        """A duplicate was merged, the reply has left: both callers are to be rung."""
        made = yield from self._dispatched(plan)
        second = self.planner.occasion(lambda matter: matter is plan.matter, self._day(plan, 0))
        second.received = plan.received + timedelta(hours=2)
        yield from self.teller.receive(second)
        yield second.received + timedelta(minutes=3)
        intake.merge(second.agent, _of(second), plan.number)
        handler, leader = self.city.staff[plan.matter.unit]
        yield moment(self._day(plan, 1), 9, 11, plan.chance)
        handling.draft_reply(handler, made, plan.matter.reply)
        yield moment(self._day(plan, 1), 14, 15, plan.chance)
        handling.approve(leader, made)
        yield moment(self._day(plan, 1), 16, 17, plan.chance)
        release.release(self.teller.office(plan), _of(plan), Release.PRIVATE)

    def malicious(self, plan: Plan) -> Life:
        """Not accepted, and referred to public security."""
        yield plan.received
        form = intake.Intake(plan.matter.kind, "来电人持续辱骂、威胁接线人员。", phone=plan.citizen.phone)
        told = "您的来电内容不属于受理范围，请文明来电。"
        made = intake.refuse(plan.agent, form, RefusalReason.MALICIOUS, told)
        yield plan.received + timedelta(hours=1)
        conduct.refer(self.teller.office(plan), made.order_id, self._say("malicious", plan))

    # -- steps

    def _dispatched(self, plan: Plan) -> Generator[datetime, None, UUID]:
        """Received, dispatched and signed; gives the assignment's key."""
        yield from self.teller.receive(plan)
        yield plan.received + timedelta(minutes=12)
        made = dispatch.assign(plan.agent, _of(plan), self.city.units[plan.matter.unit])
        yield plan.received + timedelta(minutes=50)
        handling.sign(self._handler(plan), made.assignment_id)
        return made.assignment_id

    def _instruct(self, plan: Plan, lead: str, assists: list[str]) -> None:
        names = [self.city.short_names[unit] for unit in (lead, *assists)]
        instruction.instruct(
            self._leader,
            _of(plan),
            f"由{names[0]}牵头，{'、'.join(names[1:])}配合，五个工作日内拿出解决办法并答复群众。",
            lead=self.city.units[lead],
            assists=[self.city.units[unit] for unit in assists],
        )

    def _three(self, plan: Plan) -> list[str]:
        """The unit whose matter it is, and two others; the same each time it is asked."""
        others = [
            unit
            for unit in self.city.staff
            if self.city.units[unit] not in self.city.line(plan.matter.unit)
            and self.city.units[plan.matter.unit] not in self.city.line(unit)
        ]
        return [plan.matter.unit, *others[:2]]

    def _handler(self, plan: Plan) -> Desk:
        return self.city.staff[plan.matter.unit][0]

    def _day(self, plan: Plan, after: int) -> date:
        return self.days.after(shanghai_day(plan.received), after)

    def _say(self, name: str, plan: Plan) -> str:
        return self.teller.say(name, plan)


def _of(plan: Plan) -> UUID:
    assert plan.order_id is not None
    return plan.order_id
