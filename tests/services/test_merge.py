"""R-8: a duplicate is linked to the living order, whose callers are all told and all heard - on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from hotline_tui.data.queries.detail import OrderDetail, detail
from hotline_tui.data.queries.orders import OrderFilter, page
from hotline_tui.data.queries.queues import to_archive, to_call_back, to_review
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused
from hotline_tui.models import OrderCaller
from hotline_tui.rules.words import Action, Kind, OrderState, RefusalReason, Release, Verdict
from hotline_tui.services import answer, callbacks, claims, dispatch, handling, intake, release
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town
from tests.services.looks import order_of, share_of

pytestmark = pytest.mark.requirement("R-8")

SECOND: dict[str, Any] = {"name": "李小红", "phone": "13900003344"}
NO_NUMBER: dict[str, Any] = {"kind": Kind.HELP, "name": "", "phone": "", "workplace": "", "home_address": ""}


def join(town: Town, living: Built, desk: Desk | None = None, **told: Any) -> Built:
    """Another call about the same matter, merged."""
    double = town.register(desk, **told)
    intake.merge(desk or town.agent, double.order_id, living.number)
    return double


def released(town: Town, *others: dict[str, Any]) -> Built:
    """An order with merged duplicates whose reply has left the office."""
    living = town.assigned()
    for told in others:
        join(town, living, **told)
    return released_after(town, living)


def seen_by(desk: Desk, order: Built) -> OrderDetail:
    with desk.store.read() as session:
        return detail(session, desk.viewer, edges_now(desk, session), order.order_id)


def listed(desk: Desk, queue: object) -> list[str]:
    with desk.store.read() as session:
        return [each.order.number for each in queue(session, desk.viewer, edges_now(desk, session)).rows]  # type: ignore[operator]


# -- both callers are heard


def test_each_caller_is_heard_before_the_order_is_archived(town: Town) -> None:
    order = released(town, SECOND)
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    assert (listed(town.agent2, to_call_back), listed(town.agent, to_archive)) == ([order.number], [])
    with pytest.raises((NotAllowed, Refused)):
        callbacks.archive(town.agent, order.order_id)
    callbacks.call_back(town.agent2, order.order_id, Verdict.MOSTLY_SATISFIED)
    assert (listed(town.agent2, to_call_back), listed(town.agent, to_archive)) == ([], [order.number])
    callbacks.archive(town.agent, order.order_id)
    assert order_of(town, order).verdict is Verdict.MOSTLY_SATISFIED


def test_the_time_line_says_which_caller_was_heard(town: Town) -> None:
    order = released(town, SECOND)
    first, second = seen_by(town.agent2, order).hearing.callers
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED, caller_id=second.caller_id)
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    with town.store.read() as session:
        said = [sentence(step) for step in timeline(session, town.agent.viewer, order.order_id)]
    assert said[-2:] == ["第 1 次: 第 2 位来电人 满意", "第 2 次: 第 1 位来电人 满意"]
    found = seen_by(town.agent, order)
    assert [call.caller for call in found.callbacks] == [2, 1]
    assert [each.verdict for each in found.hearing.callers] == [Verdict.SATISFIED] * 2
    assert first.caller_id == found.hearing.callers[0].caller_id


def test_a_caller_who_is_not_of_the_order_is_not_rung_for_it(town: Town) -> None:
    order = released(town, SECOND)
    other = seen_by(town.agent2, town.register(name="赵某", phone="13900009999")).hearing.callers[0]
    with pytest.raises(NotFound, match="来电人"):
        callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED, caller_id=other.caller_id)


def test_one_who_is_not_satisfied_goes_to_the_office_when_the_other_has_been_heard_too(town: Town) -> None:
    order = released(town, SECOND)
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNSATISFIED, not_solved="费用没退")
    assert order_of(town, order).state is OrderState.AWAITING_CALLBACK
    assert listed(town.agent2, to_call_back) == [order.number]
    with pytest.raises((NotAllowed, Refused)):
        callbacks.archive(town.agent, order.order_id, "已办结")
    assert callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED) is OrderState.UNDER_REVIEW
    with town.store.read() as session:
        review = to_review(session, town.office.viewer, edges_now(town.office, session)).rows
    assert [each.not_solved for each in review] == ["费用没退"]


def test_the_office_is_not_kept_waiting_for_one_who_is_never_reached(town: Town) -> None:
    order = released(town, SECOND)
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNSATISFIED, not_solved="费用没退")
    states = [callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED) for _ in range(3)]
    assert states == [OrderState.AWAITING_CALLBACK, OrderState.AWAITING_CALLBACK, OrderState.UNDER_REVIEW]


def test_one_heard_and_one_tried_three_times_may_be_archived_with_a_reason(town: Town) -> None:
    order = released(town, SECOND)
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    for _attempt in range(3):
        with pytest.raises((NotAllowed, Refused)):
            callbacks.archive(town.agent, order.order_id, "未联系上")
        callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED)
    with pytest.raises(Refused, match="理由"):
        callbacks.archive(town.agent, order.order_id)
    callbacks.archive(town.agent, order.order_id, "第二位来电人三次未联系上")


def test_a_caller_without_a_number_needs_no_call(town: Town) -> None:
    order = released(town, NO_NUMBER)
    assert [each.reachable for each in seen_by(town.agent2, order).hearing.callers] == [True, False]
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    callbacks.archive(town.agent, order.order_id)


def test_the_same_person_twice_is_rung_once(town: Town) -> None:
    living = town.assigned()
    join(town, living, kind=Kind.HELP, workplace="", home_address="")
    join(town, living)
    assert len(rows_of_callers(town, living)) == 1


def rows_of_callers(town: Town, order: Built) -> list[OrderCaller]:
    from sqlmodel import select

    with town.store.read() as session:
        return list(session.exec(select(OrderCaller).where(OrderCaller.order_id == order.order_id)))


def test_who_joins_after_the_others_were_satisfied_is_heard_too(town: Town) -> None:
    order = released(town)
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    join(town, order, **SECOND)
    assert (listed(town.agent2, to_call_back), listed(town.agent, to_archive)) == ([order.number], [])
    with pytest.raises(Refused, match="第 2 位来电人尚未回访"):
        callbacks.archive(town.agent, order.order_id)
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    callbacks.archive(town.agent, order.order_id)


def test_after_a_second_reply_everybody_is_heard_again(town: Town) -> None:
    order = released(town, SECOND)
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNSATISFIED, not_solved="费用没退")
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    made = dispatch.redispatch(town.office, order.order_id, town.a, "费用没退")
    handling.sign(town.handler, made.assignment_id)
    handling.draft_reply(town.handler, made.assignment_id, "已退费")
    handling.approve(town.leader, made.assignment_id)
    release.release(town.office, order.order_id, Release.PRIVATE)
    assert seen_by(town.agent2, order).hearing.due == (1, 2)


# -- who handled a part does not ring


@pytest.mark.requirement("R-11.6")
def test_who_registered_a_merged_part_does_not_call_back_on_the_order_that_it_lives_on_in(town: Town) -> None:
    living = town.assigned()
    middle = join(town, living, town.agent2, **SECOND)
    order = released_after(town, living)
    assert middle.number != order.number
    assert (listed(town.agent2, to_call_back), listed(town.office2, to_call_back)) == ([], [order.number])
    assert seen_by(town.agent2, order).relation.handled
    assert claims.take_next(town.agent2) is None
    with pytest.raises(NotAllowed, match="不做本件的回访"):
        callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)


@pytest.mark.requirement("R-11.6")
def test_who_handled_a_part_of_a_part_does_not_call_back_either(town: Town) -> None:
    living, middle = town.assigned(), town.register(**SECOND)
    first = town.register(town.agent2, name="赵某", phone="13900009999")
    intake.merge(town.agent, first.order_id, middle.number)
    intake.merge(town.agent, middle.order_id, living.number)
    order = released_after(town, living)
    assert (listed(town.agent2, to_call_back), listed(town.office2, to_call_back)) == ([], [order.number])
    with pytest.raises(NotAllowed, match="不做本件的回访"):
        claims.claim(town.agent2, order.order_id)


@pytest.mark.requirement("R-11.6")
def test_who_decided_that_it_is_the_same_matter_does_not_call_back(town: Town) -> None:
    living, double = town.assigned(), town.register(**SECOND)
    intake.merge(town.agent2, double.order_id, living.number)
    assert listed(town.agent2, to_call_back) == []
    released_after(town, living)
    assert listed(town.agent2, to_call_back) == []


def released_after(town: Town, living: Built) -> Built:
    """Its reply has left the office."""
    handling.sign(town.handler, share_of(living))
    handling.draft_reply(town.handler, share_of(living), "已责令物业停止收费并退还")
    handling.approve(town.leader, share_of(living))
    release.release(town.office, living.order_id, Release.PRIVATE)
    return living


# -- what the duplicate shows


def test_a_duplicate_shows_how_the_living_order_stands_and_then_its_reply(town: Town) -> None:
    living = town.assigned()
    double = join(town, living, **SECOND)
    there = seen_by(town.agent, double).living
    assert there is not None
    assert (there.number, there.state, there.reply) == (living.number, OrderState.ASSIGNED, "")
    handling.sign(town.handler, share_of(living))
    handling.draft_reply(town.handler, share_of(living), "已责令退还")
    handling.approve(town.leader, share_of(living))
    assert seen_by(town.agent, double).living.reply == ""  # type: ignore[union-attr]  # not released yet
    release.release(town.office, living.order_id, Release.PRIVATE)
    there = seen_by(town.agent, double).living
    assert there is not None
    assert (there.state, there.reply, there.released_at) == (OrderState.AWAITING_CALLBACK, "已责令退还", town.now)


def test_the_time_line_of_the_living_order_says_who_merged_what_into_it_and_when(town: Town) -> None:
    living = town.assigned()
    double = join(town.later(minutes=5), living, **SECOND)
    merged_at = town.now
    handling.sign(town.later(minutes=5).handler, share_of(living))
    for desk, number in ((town.agent2, double.number), (town.handler, "另一来电人的工单")):
        with desk.store.read() as session:
            steps = timeline(session, desk.viewer, living.order_id)
        assert [step.action for step in steps][-2:] == [Action.MERGE, Action.SIGN]
        assert (steps[-2].at, steps[-2].actor, sentence(steps[-2])) == (
            merged_at,
            town.agent.actor,
            f"{number} 并入本件",
        )
    with town.handler_b.store.read() as session:
        assert timeline(session, town.handler_b.viewer, living.order_id) == ()


def test_a_chain_of_duplicates_shows_the_order_that_lives(town: Town) -> None:
    living, middle = town.assigned(), town.register(**SECOND)
    first = join(town, middle, name="赵某", phone="13900009999")
    intake.merge(town.agent, middle.order_id, living.number)
    found = seen_by(town.agent, first)
    assert (found.merged_into, found.living.number if found.living else "") == (middle.number, living.number)
    assert len(rows_of_callers(town, living)) == 3


def test_a_duplicate_of_a_secret_order_shows_nothing_of_it_to_others(town: Town) -> None:
    living = town.assigned(secret=True)
    double = join(town, living, secret=True, **SECOND)
    assert seen_by(town.agent, double).living is not None
    with pytest.raises(NotFound):
        seen_by(town.agent2, double)


def test_a_search_finds_the_duplicate_too(town: Town) -> None:
    living = town.assigned()
    double = join(town, living, **SECOND)
    with town.agent.store.read() as session:
        edges = edges_now(town.agent, session)
        by_phone = page(session, town.agent.viewer, edges, OrderFilter(phone="13900003344"))
        by_number = page(session, town.agent.viewer, edges, OrderFilter(number=double.number))
        by_words = page(session, town.agent.viewer, edges, OrderFilter(words="物业"))
    assert {row.number for row in by_phone.rows} == {living.number, double.number}
    assert [row.number for row in by_number.rows] == [double.number]
    assert {row.number for row in by_words.rows} == {living.number, double.number}


# -- what may not be merged


@pytest.mark.parametrize("state", [OrderState.ARCHIVED, OrderState.REFUSED, OrderState.MERGED])
def test_a_closed_order_takes_no_duplicates(town: Town, state: OrderState) -> None:
    closed = town.bring(state)
    with pytest.raises(Refused, match="请并入办理中的工单"):
        join(town, closed, **SECOND)


@pytest.mark.parametrize(
    ("state", "way"),
    [(OrderState.ANSWERED, "请另行受理, 可同样直接答复"), (OrderState.UNDER_REVIEW, "或待复查重新交办后再并入")],
)
def test_an_order_whose_answer_is_out_and_whose_calls_are_over_takes_nobody_who_would_never_hear_it(
    town: Town, state: OrderState, way: str
) -> None:
    answered = town.bring(state)
    with pytest.raises(Refused, match=way):
        join(town, answered, **SECOND)
    assert len(rows_of_callers(town, answered)) == 1


def test_while_the_callbacks_go_on_one_more_may_join_and_is_rung(town: Town) -> None:
    order = released(town)
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED)
    join(town, order, **SECOND)
    assert seen_by(town.agent2, order).hearing.due == (1, 2)


def test_an_order_with_several_callers_is_not_answered_directly_which_would_tell_one_of_them(town: Town) -> None:
    living, article = town.register(), town.write_article("收费依据", "应当公示")
    join(town, living, **SECOND)
    with pytest.raises(NotAllowed, match="直接答复告知不到每一位"):
        answer.answer(town.agent, living.order_id, article)
    dispatched = town.assigned()
    join(town, dispatched, **SECOND)
    handling.return_(town.handler, share_of(dispatched), "不属职责")
    with pytest.raises(NotAllowed, match="直接答复告知不到每一位"):
        answer.answer(town.agent, dispatched.order_id, article)


def test_a_secret_order_is_not_merged_with_one_that_is_not(town: Town) -> None:
    secret, plain = town.assigned(secret=True), town.assigned()
    with pytest.raises(Refused, match="先前的工单是保密件"):
        join(town, secret, **SECOND)
    with pytest.raises(Refused, match="不是保密件"):
        join(town, plain, secret=True, **SECOND)
    with pytest.raises(NotFound, match="请核对编号"):
        join(town, secret, town.agent2, **SECOND)


def test_a_duplicate_that_accuses_the_unit_at_work_is_not_merged(town: Town) -> None:
    living = town.assigned()
    with pytest.raises(Refused, match="本件反映的单位可以看到"):
        join(town, living, accused=(town.a,), **SECOND)
    of_a = town.assigned(town.b, accused=(town.a,))
    join(town, of_a, accused=(town.a,), **SECOND)


def test_what_an_accused_unit_has_returned_does_not_lead_it_to_the_other(town: Town) -> None:
    of_a = town.assigned(town.b, accused=(town.a,))
    double = town.assigned(**SECOND)
    handling.return_(town.handler, share_of(double), "不属职责")
    with pytest.raises(Refused, match="本件曾交办"):
        intake.merge(town.agent, double.order_id, of_a.number)


def test_of_two_who_merge_crosswise_one_is_told(town: Town) -> None:
    one, other = town.register(), town.register(**SECOND)
    together = Barrier(2)

    def merge(pair: tuple[Built, Built]) -> bool:
        together.wait()
        try:
            intake.merge(town.agent, pair[0].order_id, pair[1].number)
        except (Refused, NotAllowed, Conflict):
            return False
        return True

    with ThreadPoolExecutor(2) as seats:
        assert sorted(seats.map(merge, [(one, other), (other, one)])) == [False, True]


def test_a_duplicate_refused_instead_names_the_earlier_order(town: Town) -> None:
    earlier, double = town.assigned(), town.register(**SECOND)
    intake.refuse_received(
        town.agent, double.order_id, RefusalReason.DUPLICATE, "已有工单", earlier_number=earlier.number
    )
    with town.store.read() as session:
        (step,) = [
            each for each in timeline(session, town.agent.viewer, double.order_id) if each.action is Action.REFUSE
        ]
    assert earlier.number in sentence(step)


def test_a_refusal_of_an_order_with_several_callers_says_how_many_were_told(town: Town) -> None:
    living = town.register()
    join(town, living, **SECOND)
    intake.refuse_received(town.agent, living.order_id, RefusalReason.VAGUE, "请说明地点")
    with town.store.read() as session:
        (step,) = [
            each for each in timeline(session, town.agent.viewer, living.order_id) if each.action is Action.REFUSE
        ]
    assert "已告知 2 位来电人: 请说明地点" in sentence(step)
