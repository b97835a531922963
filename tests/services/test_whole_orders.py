"""Whatever people do, in whatever order: refusals change nothing, and the record, clocks and secrecy hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from hotline_tui.data.seal import seal
from hotline_tui.data.tally import fold
from hotline_tui.errors import Conflict, Refused
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import Action, OrderState, RequestMatter, Verdict
from hotline_tui.rules.workflow import ASSIGNMENT_STEPS, FINAL, ORDER_STEPS
from hotline_tui.services import callbacks
from hotline_tui.services.desk import Desk
from tests.builders import PEOPLE, Town
from tests.engines import OWNERS
from tests.services.deeds import CLAIMS, DEEDS, Walk
from tests.services.invariants import Row, Tables, check, check_deed, check_heard, may_see, of, tables
from tests.services.reckoned import check_statistics

pytestmark = [
    OWNERS,
    pytest.mark.timeout(600),
    pytest.mark.requirement("R-11.7", "R-11.2.2", "R-11.2.2b", "R-11.2.2c", "R-11.2.3", "R-11.6", "R-13a", "R-D4"),
]
WALKS = settings(
    max_examples=8,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    verbosity=Verbosity.normal,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""The same walks every time; a failing one is printed as it is, since making it shorter would take minutes."""
MOVING = {
    *(step.action for step in ORDER_STEPS if step.target is not step.source),
    *(step.action for step in ASSIGNMENT_STEPS),
    Action.INSTRUCT,
    Action.CLASSIFY,
}
ENDING = frozenset({Action.REFUSE, Action.ANSWER, Action.CANCEL})
"""What cuts a walk short, and is done less often."""
ANSWERED_REQUESTS = {
    Action.CONSENT_RETURN: {RequestMatter.LATE_RETURN},
    Action.CHANGE_PROMISE: {RequestMatter.PROMISED_DAY},
    Action.DECLINE: set(RequestMatter),
}
DEEDS_AT_ONCE = 4
AT_MOST = 8
"""Orders in a walk, so that each gets far."""


class WholeOrders(RuleBasedStateMachine):
    """A town of its own for each walk."""

    migrated: Callable[[], AbstractContextManager[str]]
    folder: Path
    tally: Counter[str]
    chance: Random

    def __init__(self) -> None:
        super().__init__()
        self.database = self.migrated()
        self.town = Town(self.database.__enter__(), self.folder / "hotline-home")
        self.town.answers()
        self.held = self.look()

    def teardown(self) -> None:
        self.town.store.dispose()
        self.database.__exit__(None, None, None)

    @initialize(seed=st.integers(0, 2**64 - 1), secret=st.booleans())
    def orders_have_come_in(self, seed: int, secret: bool) -> None:
        self.chance = Random(seed)
        self.town.register(secret=secret, phone="13900003322")
        self.town.signed()
        self.town.replied(self.town.b)
        self.settle()

    @rule()
    def some_hours_go_by(self) -> None:
        """One rule, since of several each walk would be denied some; one seed, since drawn ones repeat themselves."""
        chance = self.chance
        for _ in range(DEEDS_AT_ONCE):
            happens = chance.choices(list(self.LIKELY), weights=list(self.LIKELY.values()))[0]
            happens(self, chance)
        self.town.later(minutes=chance.choice([5, 20, 300, 1500]))

    def somebody_does_what_comes_next(self, chance: Random) -> None:
        """An action that the tables open in the order's state, by a role that they name."""
        open_ = [row for row in self.held["work_order"] if row["state"] not in FINAL]
        order = chance.choice(open_ or self.held["work_order"])
        steps = [step for step in ORDER_STEPS if step.source is order["state"] and self.fits(step.action, order)]
        forward = [step for step in steps if step.action in MOVING and step.action not in ENDING]
        forward += [step for step in steps if step.action in ANSWERED_REQUESTS] * 3
        step = chance.choice(forward if forward and chance.randrange(5) else steps)
        desks = [desk for desk in self.town.desks.values() if desk.role in step.roles]
        seeing = [desk for desk in desks if may_see(self.town, desk, order, self.held)]
        self.act(step.action, self.walk(chance, desk=chance.choice(seeing or desks), order=order))

    def fits(self, action: Action, order: Row) -> bool:
        """A share stands where the action begins, a request waits where it answers one, no report is made twice."""
        if action is Action.REPORT and order["reported_at"] is not None:
            return False
        begins = {step.source for step in ASSIGNMENT_STEPS if step.action is action}
        shares = {share["state"] for share in of(self.held["assignment"], order)}
        asked = {row["matter"] for row in of(self.held["request"], order) if row["granted"] is None}
        return (not begins or None in begins or not begins.isdisjoint(shares)) and (
            action not in ANSWERED_REQUESTS or not ANSWERED_REQUESTS[action].isdisjoint(asked)
        )

    def anybody_does_anything(self, chance: Random) -> None:
        action = chance.choice(list(Action))
        if action in (Action.REGISTER, Action.IMPORT) and len(self.held["work_order"]) >= AT_MOST:
            action = Action.NOTE
        self.act(action, self.walk(chance, sensible=chance.choice([True, False])))

    def somebody_calls(self, chance: Random) -> None:
        if len(self.held["work_order"]) < AT_MOST:
            self.act(Action.REGISTER, self.walk(chance, desk=chance.choice([self.town.agent, self.town.agent2])))

    def somebody_takes_a_callback(self, chance: Random) -> None:
        waiting = [row for row in self.held["work_order"] if row["state"] is OrderState.AWAITING_CALLBACK]
        walk = self.walk(chance, order=chance.choice(waiting or self.held["work_order"]))
        claim = chance.choice(list(CLAIMS))
        self.do(claim, CLAIMS[claim], walk)

    def the_calendar_changes(self, chance: Random) -> None:
        self.act(Action.RECALCULATE, self.walk(chance, desk=chance.choice([self.town.office, self.anybody(chance)])))

    LIKELY: ClassVar[dict[Callable[[WholeOrders, Random], None], int]] = {
        somebody_does_what_comes_next: 14,
        anybody_does_anything: 4,
        somebody_calls: 1,
        somebody_takes_a_callback: 1,
        the_calendar_changes: 1,
    }

    def anybody(self, chance: Random) -> Desk:
        return chance.choice([self.town.desks[login] for login, *_ in PEOPLE])

    def walk(
        self, chance: Random, *, desk: Desk | None = None, order: Row | None = None, sensible: bool = True
    ) -> Walk:
        order = order or chance.choice(self.held["work_order"])
        return Walk(self.town, self.held, desk or self.anybody(chance), order, chance, sensible)

    def act(self, action: Action, walk: Walk) -> None:
        self.do(action, DEEDS[action], walk)

    def do(self, name: str, deed: Callable[[Walk], object], walk: Walk) -> None:
        """A deed is done as the tables say, or refused with a sentence, and then nothing has changed."""
        said = f"{walk.town.now:%m-%d %H:%M} {walk.desk.login}: {name} {walk.order['number']} {walk.order['state']}"
        refusal = None
        try:
            deed(walk)
        except Refused as refused:
            refusal = refused
        self.tally["refused" if refusal else name] += 1
        if refusal is not None:
            note(f"{said} - {type(refusal).__name__} {refusal}")
            assert str(refusal)
            assert self.look() == self.held
            self.told_on_a_claim(walk.desk, walk.order, refusal)
            return
        note(f"{said}")
        before = self.held
        self.settle()
        check_deed(self.town, walk.desk, before, self.held, by_calendar=name is Action.RECALCULATE)

    def told_on_a_claim(self, desk: Desk, order: Row, refusal: Refused) -> None:
        """Only another's claim that still runs turns somebody away as taken (R-11.6)."""
        if type(refusal) is Conflict and "正在回访本件" in str(refusal):
            others = [
                claim
                for claim in self.held["claim"]
                if claim["order_id"] == order["id"] and claim["account_id"] != desk.viewer.account_id
            ]
            assert others
            assert others[0]["until"] > self.town.now

    def settle(self) -> None:
        """What the program does after a commit, and then everything is looked at."""
        seal(self.town.store, "C01")
        if len(self.held["event"]) % 3 == 0:
            fold(self.town.store, self.town.now, shanghai_day(self.town.now) - timedelta(days=40))
        self.held = self.look()
        with self.town.store.read() as session:
            check(self.town, session, self.held)
            if len(self.held["event"]) % 20 == 0:
                check_statistics(self.town, session, self.held)

    def look(self) -> Tables:
        with self.town.store.read() as session:
            return tables(session)


def test_whatever_people_do_the_regulation_holds(
    migrated: Callable[[], AbstractContextManager[str]], tmp_path: Path
) -> None:
    tally = Counter[str]()
    here = {"migrated": staticmethod(migrated), "folder": tmp_path, "tally": tally}
    run_state_machine_as_test(type("WholeOrders", (WholeOrders,), here), settings=WALKS)
    # The walks get far enough to be worth something.
    assert tally["refused"] > 0
    assert sum(tally[action] > 0 for action in Action) >= len(Action) * 3 // 4, tally


@pytest.mark.requirement("R-8")
@pytest.mark.parametrize("told", [OrderState.ANSWERED, OrderState.AWAITING_CALLBACK])
def test_the_walk_would_find_a_caller_who_was_linked_and_never_told(town: Town, told: OrderState) -> None:
    order, other = town.bring(told), town.register(name="李小红", phone="13900003322")
    if told is OrderState.AWAITING_CALLBACK:
        callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    callbacks.archive(town.agent, order.order_id)
    with town.store.read() as session:
        held = tables(session)
    (archived,) = [row for row in held["work_order"] if row["id"] == order.order_id]
    check_heard(archived, held)
    (link,) = [row for row in held["order_caller"] if row["order_id"] == other.order_id]
    held["order_caller"].append(link | {"order_id": order.order_id, "position": 1})
    with pytest.raises(AssertionError):
        check_heard(archived, held)


def test_every_action_is_among_what_people_try() -> None:
    assert set(DEEDS) == set(Action)
