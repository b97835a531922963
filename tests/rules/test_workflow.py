"""Art. 11: every state x action x role against the regulation written out a second time, by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from hotline_tui.errors import NotAllowed
from hotline_tui.rules.words import Action, AssignmentState, OrderState, Role, Verdict
from hotline_tui.rules.workflow import (
    ASSIGNMENT_STEPS,
    CASE_OF_VERDICT,
    DELEGATED,
    FINAL,
    LIVE,
    ORDER_STEPS,
    UNIT_ROLES,
    Case,
    Relation,
    article,
    assignment_step,
    order_step,
    why_not,
    why_not_assignment,
)

pytestmark = pytest.mark.requirement("R-11.2.1", "R-11.2.2", "R-11.2.3", "R-11.3", "R-11.4", "R-11.5", "R-11.6")

# action | from -> to, with the case where one action has two outcomes | who
ORDER_TABLE = """
register            | - > received                                               | agent office
import              | - > received                                               | agent office admin
import              | - > archived PAST                                          | office admin
classify            | received > received                                        | agent office
refuse              | received > refused                                         | agent office
merge               | received > merged                                          | agent office
answer              | received > answered                                        | agent office
report              | received > awaiting_instruction                            | agent office
report              | awaiting_instruction > awaiting_instruction                | office
withdraw            | awaiting_instruction > received                            | office
instruct            | awaiting_instruction > awaiting_instruction                | office city_leader
assign              | received > assigned                                        | agent office
assign              | awaiting_instruction > assigned                            | office
assign              | assigned > assigned                                        | office
sign                | assigned > assigned                                        | handler unit_leader
delegate            | assigned > assigned                                        | handler unit_leader
progress            | assigned > assigned                                        | handler unit_leader
propose_countersign | received > awaiting_instruction                            | agent office
propose_countersign | assigned > awaiting_instruction                            | handler unit_leader
return              | assigned > assigned SHARES_LEFT                            | handler unit_leader
return              | assigned > received SHARES_DONE                            | handler unit_leader
request_return      | assigned > assigned                                        | handler unit_leader
consent_return      | assigned > assigned SHARES_LEFT                            | office
consent_return      | assigned > received SHARES_DONE                            | office
decline             | assigned > assigned                                        | office
cancel              | assigned > assigned SHARES_LEFT                            | office
cancel              | assigned > received SHARES_DONE                            | office
promise             | assigned > assigned                                        | handler unit_leader
request_promise     | assigned > assigned                                        | handler unit_leader
change_promise      | assigned > assigned                                        | office
draft_reply         | assigned > assigned                                        | handler unit_leader
send_back           | assigned > assigned                                        | unit_leader
approve             | assigned > assigned SHARES_LEFT                            | unit_leader
approve             | assigned > replied SHARES_DONE                             | unit_leader
reject_reply        | replied > assigned                                         | office
release             | replied > assigned FIRST_REPLY                             | office
release             | replied > awaiting_callback FINAL_REPLY                    | office
call_back           | awaiting_callback > awaiting_callback SATISFIED            | agent office
call_back           | awaiting_callback > awaiting_callback UNREACHED            | agent office
call_back           | awaiting_callback > under_review UNSATISFIED               | agent office
redispatch          | under_review > assigned                                    | office
archive             | answered > archived                                        | agent office
archive             | awaiting_callback > archived                               | agent office
archive             | under_review > archived                                    | office
urge                | assigned awaiting_instruction replied > =                  | agent office authority
supervise           | OPEN > =                                                   | office authority
on_site             | received answered awaiting_instruction > =                 | office
on_site             | assigned > =                                               | office handler unit_leader
on_site             | replied awaiting_callback under_review > =                 | office
recalculate         | OPEN > =                                                   | office admin
note                | ALL > =                | agent office handler unit_leader city_leader authority
unmask              | ALL > =                | agent office handler unit_leader city_leader authority
mark_malicious      | ALL > =                                                    | office
record_misconduct   | ALL > =                                                    | office authority
restrict            | ALL > =                                                    | office authority
"""

ASSIGNMENT_TABLE = """
assign              | - > dispatched                                             | agent office
redispatch          | - > dispatched                                             | office
sign                | dispatched > signed                                        | handler unit_leader
return              | dispatched signed > returned                               | handler unit_leader
request_return      | dispatched signed > =                                      | handler unit_leader
consent_return      | dispatched signed > returned                               | office
decline             | dispatched signed promised reply_drafted > =               | office
propose_countersign | dispatched signed > cancelled                              | handler unit_leader
cancel              | dispatched signed promised reply_drafted > cancelled       | office
delegate            | signed promised > =                                        | handler unit_leader
progress            | signed promised > =                                        | handler unit_leader
draft_reply         | signed promised reply_drafted > reply_drafted              | handler unit_leader
promise             | signed reply_drafted > reply_drafted                       | handler unit_leader
request_promise     | promised > promised                                        | handler unit_leader
change_promise      | promised > promised                                        | office
send_back           | reply_drafted > signed UNPROMISED                          | unit_leader
send_back           | reply_drafted > promised PROMISE_RUNS                      | unit_leader
approve             | reply_drafted > reply_approved                             | unit_leader
reject_reply        | reply_approved > signed UNPROMISED                         | office
reject_reply        | reply_approved > promised PROMISE_RUNS                     | office
release             | reply_approved > promised FIRST_REPLY                      | office
release             | reply_approved > reply_approved FINAL_REPLY                | office
"""

OPEN = "received answered awaiting_instruction assigned replied awaiting_callback under_review"
EVERYTHING_HOLDS = Relation(own_unit=True, countersigned=True, reported=True, instructed=True, last_case=Case.SATISFIED)


def all_holds(action: Action) -> Relation:
    """Whatever stands beside the state is in favour of the action."""
    return replace(EVERYTHING_HOLDS, instructed=action is not Action.WITHDRAW)


Rows = dict[tuple[Action, str | None, Case], tuple[str, set[Role]]]


def read(table: str, every: str) -> Rows:
    rows: Rows = {}
    for line in table.strip().splitlines():
        action, move, roles = (part.strip() for part in line.split("|"))
        sources, outcome = (part.strip() for part in move.split(">"))
        target, _, case = outcome.partition(" ")
        sources = sources.replace("OPEN", OPEN).replace("ALL", every)
        for source in sources.split():
            key = (Action(action), None if source == "-" else source, Case[case] if case else Case.ANY)
            assert key not in rows
            rows[key] = (source if target == "=" else target, {Role(role) for role in roles.split()})
    return rows


ORDER_ROWS = read(ORDER_TABLE, " ".join(OrderState))
ASSIGNMENT_ROWS = read(ASSIGNMENT_TABLE, " ".join(AssignmentState))


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_an_order_moves_where_the_regulation_says_and_nowhere_else(action: Action, role: Role) -> None:
    for state, case in itertools.product((None, *OrderState), Case):
        expected = ORDER_ROWS.get((action, state, case))
        if expected is not None and role in expected[1]:
            assert order_step(action, state, role, all_holds(action), case) == expected[0]
        else:
            with pytest.raises(NotAllowed):
                order_step(action, state, role, all_holds(action), case)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_an_assignment_moves_where_the_regulation_says_and_nowhere_else(action: Action, role: Role) -> None:
    for state, case in itertools.product((None, *AssignmentState), Case):
        expected = ASSIGNMENT_ROWS.get((action, state, case))
        if expected is not None and role in expected[1]:
            assert assignment_step(action, state, role, EVERYTHING_HOLDS, case) == expected[0]
        else:
            with pytest.raises(NotAllowed):
                assignment_step(action, state, role, EVERYTHING_HOLDS, case)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_what_a_screen_offers_is_what_the_service_accepts(action: Action, role: Role) -> None:
    for state in OrderState:
        open_now = any(
            role in roles for (act, source, _), (_, roles) in ORDER_ROWS.items() if (act, source) == (action, state)
        )
        assert (why_not(action, state, role, all_holds(action)) is None) == open_now
    for state in AssignmentState:
        open_now = any(
            role in roles
            for (act, source, _), (_, roles) in ASSIGNMENT_ROWS.items()
            if (act, source) == (action, state)
        )
        assert (why_not_assignment(action, state, role, EVERYTHING_HOLDS) is None) == open_now


@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
def test_another_units_people_can_do_nothing_to_an_order(role: Role) -> None:
    stranger = Relation(own_unit=False)
    for action, state in itertools.product(Action, OrderState):
        assert why_not(action, state, role, stranger) is not None
    for action, state in itertools.product(Action, AssignmentState):
        assert why_not_assignment(action, state, role, stranger) is not None


def test_a_refusal_names_its_article() -> None:
    for action, state, role in itertools.product(Action, OrderState, Role):
        sentence = why_not(action, state, role, Relation())
        assert sentence is None or sentence.endswith(")")
        assert article(action) in sentence or "第" in sentence if sentence else True


def test_nothing_leaves_a_final_state() -> None:
    assert {step.target for step in ORDER_STEPS if step.source in FINAL} == FINAL
    assert all(step.source is step.target for step in ORDER_STEPS if step.source in FINAL)


def test_every_order_can_reach_an_end() -> None:
    reaches: set[OrderState] = set(FINAL)
    while more := {step.source for step in ORDER_STEPS if step.source and step.target in reaches} - reaches:
        reaches |= more
    assert reaches == set(OrderState)


def test_every_state_is_reached_from_the_beginning() -> None:
    orders: set[OrderState | None] = {None}
    while more := {step.target for step in ORDER_STEPS if step.source in orders} - orders:
        orders |= more
    assert orders == {None, *OrderState}
    assignments: set[AssignmentState | None] = {None}
    while more2 := {step.target for step in ASSIGNMENT_STEPS if step.source in assignments} - assignments:
        assignments |= more2
    assert assignments == {None, *AssignmentState}


def test_a_live_assignment_is_one_that_still_owes_something() -> None:
    assert set(AssignmentState) - LIVE == {
        AssignmentState.REPLY_APPROVED,
        AssignmentState.RETURNED,
        AssignmentState.CANCELLED,
    }


def test_an_instructed_order_waits_for_the_instruction() -> None:
    with pytest.raises(NotAllowed, match="领导尚未批示"):
        order_step(Action.ASSIGN, OrderState.AWAITING_INSTRUCTION, Role.OFFICE, Relation(instructed=False))


@pytest.mark.parametrize(
    ("returns", "role", "goes"), [(1, Role.AGENT, True), (2, Role.AGENT, False), (2, Role.OFFICE, True)]
)
def test_an_order_returned_twice_is_dispatched_by_the_office_alone(returns: int, role: Role, goes: bool) -> None:
    relation = Relation(returns=returns)
    assert (why_not(Action.ASSIGN, OrderState.RECEIVED, role, relation) is None) is goes


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("unreached", range(5))
def test_the_front_desk_archives_the_contented_or_after_three_attempts(verdict: Verdict, unreached: int) -> None:
    relation = Relation(last_case=CASE_OF_VERDICT[verdict], unreached=unreached)
    contented = verdict in (Verdict.SATISFIED, Verdict.MOSTLY_SATISFIED)
    goes = why_not(Action.ARCHIVE, OrderState.AWAITING_CALLBACK, Role.AGENT, relation) is None
    assert goes is (contented or unreached >= 3)


def test_only_a_countersigned_order_takes_another_unit_while_it_is_handled() -> None:
    assert why_not(Action.ASSIGN, OrderState.ASSIGNED, Role.OFFICE, Relation(countersigned=True)) is None
    sentence = why_not(Action.ASSIGN, OrderState.ASSIGNED, Role.OFFICE, Relation())
    assert sentence == "本件已交办; 会签件才能增加协办单位(第十一条(二)2(3))"


def test_a_leader_instructs_on_what_the_office_has_reported() -> None:
    waiting = OrderState.AWAITING_INSTRUCTION
    assert why_not(Action.INSTRUCT, waiting, Role.CITY_LEADER, Relation(reported=True)) is None
    sentence = why_not(Action.INSTRUCT, waiting, Role.CITY_LEADER, Relation())
    assert sentence is not None
    assert sentence.startswith("热线办尚未呈报")


def test_what_a_leader_has_instructed_is_not_withdrawn() -> None:
    waiting = OrderState.AWAITING_INSTRUCTION
    assert why_not(Action.WITHDRAW, waiting, Role.OFFICE, Relation(reported=True)) is None
    assert why_not(Action.WITHDRAW, waiting, Role.OFFICE, Relation(instructed=True)) is not None


def test_whoever_handled_an_order_does_not_call_its_caller_back() -> None:
    waiting = OrderState.AWAITING_CALLBACK
    assert why_not(Action.CALL_BACK, waiting, Role.AGENT, Relation()) is None
    assert why_not(Action.CALL_BACK, waiting, Role.AGENT, Relation(handled=True)) is not None


def test_a_caller_who_left_no_number_need_not_be_tried_three_times() -> None:
    waiting = OrderState.AWAITING_CALLBACK
    assert why_not(Action.ARCHIVE, waiting, Role.AGENT, Relation()) is not None
    assert why_not(Action.ARCHIVE, waiting, Role.AGENT, Relation(reachable=False)) is None


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
def test_a_subordinate_unit_works_on_what_was_delegated_and_answers_for_nothing(action: Action, role: Role) -> None:
    below = Relation(delegated=True)
    for state in AssignmentState:
        if why_not_assignment(action, state, role, below) is None:
            assert action in DELEGATED
        elif action in DELEGATED:
            assert why_not_assignment(action, state, role, EVERYTHING_HOLDS) is not None
