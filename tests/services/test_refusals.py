"""R-8, R-15, R-16: why a matter is not accepted, what the caller was told, and what a complaint lacks."""

from __future__ import annotations

import itertools
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlmodel import select

from hotline_tui.data.queries.callers import same_caller
from hotline_tui.data.queries.figures import refusals
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.data.reference import refusals as sayings
from hotline_tui.errors import NotAccepted, Refused
from hotline_tui.models import Caller, WorkOrder
from hotline_tui.rules.acceptance import EMERGENCY_NUMBERS, Fact
from hotline_tui.rules.words import Action, Kind, OrderState, RefusalReason
from hotline_tui.services import intake
from hotline_tui.services.clock import edges_now
from hotline_tui.services.intake import Intake
from tests.builders import Town
from tests.services.looks import order_of

FIELDS = {
    Fact.NAME: "name",
    Fact.CONTACT: "phone",
    Fact.WORKPLACE: "workplace",
    Fact.HOME_ADDRESS: "home_address",
}
LACKING = [each for many in range(1, 5) for each in itertools.combinations(Fact, many)]
"""The fifteen ways in which the four facts of Art. 15 can be incomplete."""


def refuse(town: Town, reason: RefusalReason, **numbers: str) -> intake.Registered:
    """Over the telephone, in the words that the screen suggests."""
    say = sayings()[reason].said(next(iter(numbers.values()), ""))
    return intake.refuse(town.agent, Intake(Kind.OTHER, "不便受理的内容"), reason, say, **numbers)


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.TIPOFF])
@pytest.mark.parametrize("lacking", LACKING, ids="+".join)
def test_without_one_of_the_four_facts_nothing_is_registered_and_each_missing_one_is_named(
    town: Town, kind: Kind, lacking: tuple[Fact, ...]
) -> None:
    told: dict[str, Any] = {"kind": kind} | {FIELDS[fact]: " " for fact in lacking}
    with pytest.raises(NotAccepted) as refused:
        town.register(**told)
    assert str(refused.value) == f"{kind.label}须实名, 还缺: {'、'.join(fact.label for fact in lacking)}(第十五条)"
    assert refused.value.missing == tuple(fact.value for fact in lacking)
    with town.store.read() as session:
        assert session.exec(select(WorkOrder)).all() == session.exec(select(Caller)).all() == []


@pytest.mark.parametrize("kind", [each for each in Kind if each not in (Kind.COMPLAINT, Kind.TIPOFF)])
def test_what_is_neither_complaint_nor_tipoff_needs_no_name(town: Town, kind: Kind) -> None:
    order = town.register(kind=kind, name="", phone="", workplace="", home_address="")
    assert order_of(town, order).state is OrderState.RECEIVED


@pytest.mark.parametrize("reason", RefusalReason)
def test_for_each_reason_there_are_words_and_they_stand_on_the_time_line(town: Town, reason: RefusalReason) -> None:
    numbers = {
        RefusalReason.DUPLICATE: {"earlier_number": town.register().number},
        RefusalReason.EMERGENCY: {"emergency_number": "119"},
    }.get(reason, {})
    made = refuse(town, reason, **numbers)
    with town.store.read() as session:
        order = session.get(WorkOrder, made.order_id)
        (step,) = timeline(session, town.office.viewer, made.order_id)
    assert order is not None
    assert (order.refusal_reason, step.action, step.to_state) == (reason, Action.REFUSE, OrderState.REFUSED)
    assert order.refusal_told
    assert "{" not in order.refusal_told
    assert step.facts["told"] == order.refusal_told
    for number in numbers.values():
        assert number in sentence(step)


@pytest.mark.parametrize("reason", RefusalReason)
def test_no_matter_is_refused_without_words_for_the_caller(town: Town, reason: RefusalReason) -> None:
    with pytest.raises(Refused, match="告知来电人"):
        intake.refuse(
            town.agent, Intake(Kind.OTHER, "某事"), reason, "  ", earlier_number="0001", emergency_number="110"
        )


def test_a_duplicate_names_the_earlier_order(town: Town) -> None:
    with pytest.raises(Refused, match="先前的工单编号"):
        refuse(town, RefusalReason.DUPLICATE)


@pytest.mark.parametrize("number", EMERGENCY_NUMBERS)
def test_an_emergency_is_told_one_of_the_four_numbers(town: Town, number: str) -> None:
    refuse(town, RefusalReason.EMERGENCY, emergency_number=number)
    with pytest.raises(Refused, match="110、119、120 或 122"):
        refuse(town, RefusalReason.EMERGENCY, emergency_number="12345")


def test_refusals_are_counted_by_reason_and_period(town: Town) -> None:
    for reason in (RefusalReason.VAGUE, RefusalReason.VAGUE, RefusalReason.MALICIOUS):
        refuse(town, reason)
    town.register()
    begin = town.now.astimezone(UTC)
    town.later(days=1)
    refuse(town, RefusalReason.VAGUE)
    with town.store.read() as session:
        first = dict(refusals(session, town.office.viewer, begin, begin + timedelta(days=1)))
        units = dict(refusals(session, town.leader.viewer, begin, begin + timedelta(days=2)))
    assert list(first) == list(RefusalReason)
    assert {reason: many for reason, many in first.items() if many} == {
        RefusalReason.VAGUE: 2,
        RefusalReason.MALICIOUS: 1,
    }
    assert not any(units.values())


def test_other_orders_under_way_of_the_same_caller_are_suggested(town: Town) -> None:
    earlier, closed = town.assigned(), town.refused(phone="13900002211")
    letter, other = town.register(name="", kind=Kind.HELP), town.register(phone="13900007777")

    def suggested(desk_of: str) -> list[str]:
        desk = town.desks[desk_of]
        with desk.store.read() as session:
            return [row.number for row in same_caller(session, desk.viewer, edges_now(desk, session), letter.order_id)]

    assert suggested("office") == suggested("agent") == [earlier.number]
    assert not {closed.number, other.number} & set(suggested("office"))
    assert suggested("authority") == suggested("leader") == []
