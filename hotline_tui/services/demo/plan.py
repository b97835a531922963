"""Which orders the demonstration city has: how many stand where, and when they came in, counted from its day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from hotline_tui.rules.acceptance import NEEDS_REAL_NAME
from hotline_tui.rules.deadlines import WORKING_DAYS, shanghai_day
from hotline_tui.rules.words import RefusalReason
from hotline_tui.services.demo.clock import moment
from hotline_tui.services.demo.life import Plan, Stand
from hotline_tui.services.demo.matters import Matter, Pools

IN_TIME, DUE_SOON, OVERDUE, SERIOUS = (4, 3, 2), (0, 1), (-1, -2, -3, -4), (-7, -9, -12, -6)
"""Working days from the city's day to the deadline, by standing (R-D7)."""

OPEN = {
    Stand.DISPATCHED: 16,
    Stand.SIGNED: 26,
    Stand.PROGRESS: 10,
    Stand.DRAFTED: 14,
    Stand.SENT_BACK: 8,
    Stand.REJECTED: 4,
    Stand.REDISPATCHED: 6,
}
"""Orders whose reply is still owed."""
BEHIND = {
    Stand.REPLIED: (12, (-1, -3)),
    Stand.RELEASED: (16, (-1, -4)),
    Stand.UNREACHED: (6, (-4, -5)),
    Stand.UNSATISFIED: (8, (-3, -6)),
    Stand.ARCHIVED: (48, (-4, -34)),
    Stand.ARCHIVED_UNREACHED: (4, (-8, -25)),
    Stand.ARCHIVED_BY_OFFICE: (5, (-5, -25)),
}
"""Orders whose reply is given: how many, and between which working days the leader approved it."""
TODAY = 20
"""Calls of the day itself, which come in only where the city is built up to a later hour."""
LATE = 7
"""One in so many replies comes after its deadline."""


class Planner:
    """Draws every plan before anything happens, so that a city built up to a later hour has the same past."""

    def __init__(self, pools: Pools, chance: Random) -> None:
        self.pools = pools
        self.days = pools.city.days
        self.chance = chance
        self.agents = pools.city.agents
        self._decks: dict[str, list[Matter]] = {}

    def plans(self) -> list[Plan]:
        """All orders that a life is told of, refused and merged ones apart."""
        return [*self._waiting(), *self._answered(), *self._open(), *self._behind(), *self._today()]

    def refused(self, plans: list[Plan]) -> Iterator[tuple[Plan, dict[str, str], Plan | None]]:
        """Each written refusal, spread over the weeks; a duplicate after the order that it names."""
        for call in self.pools.refused:
            earlier = None
            received = self._moment(self.days.at(-self.chance.randint(1, 30)), 8.5, 20)
            if RefusalReason(call["reason"]) is RefusalReason.DUPLICATE:
                named = [plan for plan in plans if plan.matter.key == call["of"]]
                earlier = min(named, key=lambda plan: plan.received)
                received = earlier.received + timedelta(hours=self.chance.uniform(1, 6))
            plan = self._plan(Stand.RECEIVED, self._deal("refused", lambda _: True), received)
            yield plan, call, earlier

    def merged(self, plans: list[Plan]) -> Iterator[tuple[Plan, Plan]]:
        """Second callers about matters in handling."""
        living = [plan for plan in plans if plan.stand in (Stand.SIGNED, Stand.DRAFTED) and not plan.matter.secret]
        for first in living[:7]:
            received = first.received + timedelta(minutes=self.chance.randrange(30, 300))
            yield self._plan(Stand.RECEIVED, first.matter, received), first

    def occasion(self, fits: Callable[[Matter], bool], day: date) -> Plan:
        """A call in the morning of a working day, at the centre, about a matter that fits."""
        plan = self._plan(Stand.RECEIVED, self._deal("occasions", fits), self._moment(day, 9, 10.5))
        plan.agent = self.chance.choice([agent for agent in self.agents if agent.site == "C01"])
        return plan

    def _waiting(self) -> Iterator[Plan]:
        """What waits for dispatch, came back, or waits for a leader's word."""
        eve = self.days.day - timedelta(days=1)
        for _ in range(8):
            yield self._plan(Stand.RECEIVED, self._deal("calls", _for_units), self._moment(eve, 18.2, 23.6))
        for _ in range(12):
            yield self._letter(Stand.RECEIVED, self._moment(eve, 19, 21))
        for position in (-1, -1, -2, -3, -4):
            received = self._moment(self.days.at(position), 9, 16)
            yield self._plan(Stand.REPORTED, self._deal("calls", _for_units), received)
        for stand, count in ((Stand.RETURNED, 4), (Stand.RETURNED_TWICE, 3)):
            for number in range(count):
                yield self._dispatched(stand, self.days.at(-1 - number % 2), 9, 12)
        for _ in range(3):  # in the evening, so that the unit may still return it on the city's day
            received = self._moment(eve, 18.3, 22)
            plan = self._plan(Stand.DISPATCHED, self._deal("calls", _for_units), received)
            plan.dispatched = received + timedelta(minutes=6)
            yield plan

    def _answered(self) -> Iterator[Plan]:
        """直办: some not archived yet, most long ago."""
        for number in range(44):
            recent = number < 14
            day = self.days.at(-1 if recent else -self.chance.randint(1, 38))
            received = self._moment(day, 9, 17.5)
            matter = self._deal("answers", lambda matter, day=day: self._answerable(matter, day))
            stand = Stand.ANSWERED if recent else Stand.ANSWERED_ARCHIVED
            if number % 6 == 0 and matter.kind not in NEEDS_REAL_NAME:
                yield self._letter(stand, received, matter)
            else:
                yield self._plan(stand, matter, received)

    def _open(self) -> Iterator[Plan]:
        """Every stand with every standing of its clock."""
        number = 0
        for stand, count in OPEN.items():
            for turn in range(count):
                standing = (IN_TIME, DUE_SOON, IN_TIME, OVERDUE, DUE_SOON, SERIOUS)[turn % 6]
                yield self._due(stand, standing[turn // 6 % len(standing)], number)
                number += 1

    def _due(self, stand: Stand, position: int, number: int) -> Plan:
        """A plan whose open reply clock ends at a position; its dispatch follows from its kind (R-D2)."""
        matter = self._deal("units", _for_units)
        limit = WORKING_DAYS[matter.kind]
        ends = self.days.at(min(position, limit - 1))
        starts = self.days.after(ends, -limit)
        if stand is Stand.REDISPATCHED:
            plan = self._dispatched(stand, self.days.after(starts, -4), 9, 16, matter)
            plan.replied = self.days.after(starts, -1)
            plan.again = True
            return plan
        letter = number % 5 == 4
        plan = self._dispatched(stand, starts, 9, 16, matter, letter=letter)
        plan.returns = (0, 0, 0, 1, 0, 0, 0, 2)[number % 8] if not letter else 0
        if plan.returns and plan.dispatched:
            plan.dispatched = self._moment(starts, 9, 10.5)
            plan.received = plan.dispatched - timedelta(minutes=self.chance.randrange(5, 30))
        last = self.days.at(-1)
        plan.replied = max(self.days.after(starts, 1), min(last, self.days.after(ends, self.chance.randint(-2, -1))))
        return plan

    def _behind(self) -> Iterator[Plan]:
        number = 0
        for stand, (count, (latest, earliest)) in BEHIND.items():
            for turn in range(count):
                matter = self._deal("units", _for_units)
                again = stand is Stand.ARCHIVED and turn % 8 == 7
                latest_here = latest - 8 if again else latest
                replied = self.days.at(self.chance.randint(min(earliest, latest_here), latest_here))
                limit = WORKING_DAYS[matter.kind]
                took = self.chance.randint(1, limit) + (limit if number % LATE == 0 else 0)
                starts = self.days.after(replied, -took)
                plan = self._dispatched(stand, starts, 9, 16, matter, letter=number % 7 == 3)
                plan.replied, plan.again = replied, again
                number += 1
                yield plan

    def _today(self) -> Iterator[Plan]:
        """The city's day, hour by hour: waiting, answered, dispatched, signed."""
        for number in range(TODAY):
            received = self._moment(self.days.day, 8 + number * 0.5, 8.4 + number * 0.5)
            stand = (Stand.DISPATCHED, Stand.ANSWERED, Stand.SIGNED, Stand.RECEIVED)[number % 4]
            if stand is Stand.ANSWERED:
                matter = self._deal("answers", lambda matter: self._answerable(matter, self.days.day))
            else:
                matter = self._deal("calls", _for_units)
            plan = self._plan(stand, matter, received)
            plan.dispatched = received + timedelta(minutes=self.chance.randrange(5, 20))
            yield plan

    def _dispatched(
        self,
        stand: Stand,
        day: date,
        first: float,
        last: float,
        matter: Matter | None = None,
        *,
        letter: bool = False,
    ) -> Plan:
        """A plan with its dispatch between two hours of a working day."""
        at = self._moment(day, first, last)
        received = at - timedelta(minutes=self.chance.randrange(5, 40))
        matter = matter or self._deal("calls", _for_units)
        if letter and matter.kind not in NEEDS_REAL_NAME:
            plan = self._letter(stand, received, matter)
        else:
            plan = self._plan(stand, matter, received)
        plan.dispatched = at
        return plan

    def _letter(self, stand: Stand, received: datetime, matter: Matter | None = None) -> Plan:
        """A letter names no workplace: what needs the real name comes by telephone (Art. 15)."""
        plan = self._plan(stand, matter or self._deal("letters", _for_letters), received)
        plan.letter = True
        plan.agent = self.agents[0]
        return plan

    def _plan(self, stand: Stand, matter: Matter, received: datetime) -> Plan:
        agents = [agent for agent in self.agents if agent.site == "C01"]
        agent = self.chance.choice(self.agents if self.chance.random() < 0.25 else agents)
        citizen = self.chance.choice(self.pools.citizens)
        return Plan(stand, matter, citizen, agent, Random(self.chance.getrandbits(64)), received)  # noqa: S311

    def _deal(self, deck: str, fits: Callable[[Matter], bool]) -> Matter:
        """The next fitting matter of a shuffled deck: each comes up once before one comes twice."""
        cards = self._decks.setdefault(deck, [])
        for card in cards:
            if fits(card):
                cards.remove(card)
                return card
        cards += self._shuffled(self.pools.matters)
        return self._deal(deck, fits)

    def _shuffled(self, matters: Iterable[Matter]) -> list[Matter]:
        shuffled = list(matters)
        self.chance.shuffle(shuffled)
        return shuffled

    def _answerable(self, matter: Matter, day: date) -> bool:
        found = self.pools.city.answers.get(matter.knowledge)
        return found is not None and found.holds(day)

    def _moment(self, day: date, first: float, last: float) -> datetime:
        return moment(day, first, last, self.chance)


def _for_units(matter: Matter) -> bool:
    return not matter.knowledge


def _for_letters(matter: Matter) -> bool:
    return matter.kind not in NEEDS_REAL_NAME


def first_day(plans: Iterable[Plan]) -> date:
    """The day of the earliest order."""
    return min(shanghai_day(plan.received) for plan in plans)
