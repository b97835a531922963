"""R-11.6: the callback queue gives each order to one agent at a time - on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from hotline_tui.data.queries.queues import ToCallBack, ToDispatch, to_call_back, to_dispatch
from hotline_tui.data.queries.rows import Page
from hotline_tui.errors import Conflict, NotAllowed
from hotline_tui.models import Claim, WorkOrder
from hotline_tui.rules.deadlines import Edges
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import OrderState, Verdict
from hotline_tui.services import callbacks, claims, dispatch, notes
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town
from tests.services.looks import order_of, steps

pytestmark = pytest.mark.requirement("R-11.6")

SEATS = 8


def queue(town: Town, desk: Desk) -> tuple[ToCallBack, ...]:
    with desk.store.read() as session:
        return to_call_back(session, desk.viewer, edges_now(desk, session)).rows


def claimed(town: Town) -> list[UUID]:
    with town.store.read() as session:
        return list(session.exec(select(Claim.order_id)))


def waiting(town: Town) -> Built:
    return town.bring(OrderState.AWAITING_CALLBACK)


def test_an_order_that_one_has_is_shown_and_refused_to_the_other(town: Town) -> None:
    order = waiting(town)
    claims.claim(town.agent2, order.order_id)
    assert [each.holder for each in queue(town, town.office2)] == ["坐席04"]
    assert [each.holder for each in queue(town, town.agent2)] == [""]
    with pytest.raises(Conflict, match="坐席04 正在回访本件"):
        claims.claim(town.office2, order.order_id)
    with pytest.raises(Conflict, match="坐席04 正在回访本件"):
        callbacks.call_back(town.office2, order.order_id, Verdict.SATISFIED)


def test_a_claim_of_a_seat_that_never_came_back_is_forgotten_when_another_is_given_back(town: Town) -> None:
    left, other = waiting(town), waiting(town)
    claims.claim(town.agent2, left.order_id)
    town.later(seconds=(claims.HELD + claims.FORGOTTEN).total_seconds() + 1)
    assert claimed(town) == [left.order_id]
    claims.claim(town.office2, other.order_id)
    claims.give_up(town.office2, other.order_id)
    assert claimed(town) == []


def test_a_claim_that_another_seat_takes_for_forgotten_at_this_moment_is_renewed_all_the_same(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    if town.store.is_sqlite:
        pytest.skip("one writer at a time: nobody forgets while another writes")
    order, look = waiting(town), claims.held_by_another
    claims.claim(town.agent2, order.order_id)
    town.later(seconds=(claims.HELD + claims.FORGOTTEN).total_seconds() + 1)

    def look_while_it_is_forgotten(*asked: Any) -> None:
        look(*asked)
        claims.give_up(town.office2, order.order_id)
        assert claimed(town) == []

    monkeypatch.setattr(claims, "held_by_another", look_while_it_is_forgotten)
    claims.claim(town.agent2, order.order_id)
    assert claimed(town) == [order.order_id]


def test_what_is_given_up_is_free_again(town: Town) -> None:
    order = waiting(town)
    claims.claim(town.agent2, order.order_id)
    claims.give_up(town.office2, order.order_id)
    assert queue(town, town.office2)[0].holder == "坐席04"
    claims.give_up(town.agent2, order.order_id)
    claims.claim(town.office2, order.order_id)
    assert queue(town, town.agent2)[0].holder == "热线办 陈某"


def test_a_seat_that_died_gives_its_order_back_after_three_minutes(town: Town) -> None:
    order = waiting(town)
    claims.claim(town.agent2, order.order_id)
    town.later(minutes=2, seconds=59)
    with pytest.raises(Conflict):
        claims.claim(town.office2, order.order_id)
    town.later(seconds=1)
    assert queue(town, town.office2)[0].holder == ""
    claims.claim(town.office2, order.order_id)
    with pytest.raises(Conflict, match="热线办 陈某 正在回访"):
        claims.claim(town.agent2, order.order_id)


def test_a_screen_that_stays_open_keeps_its_order(town: Town) -> None:
    order = waiting(town)
    claims.claim(town.agent2, order.order_id)
    for _renewal in range(3):
        town.later(minutes=10)
        claims.claim(town.agent2, order.order_id)
    with pytest.raises(Conflict):
        claims.claim(town.office2, order.order_id)


def test_a_claim_leaves_no_step_on_the_order(town: Town) -> None:
    order = waiting(town)
    before = (order_of(town, order).version, len(steps(town, order)))
    claims.claim(town.agent2, order.order_id)
    claims.give_up(town.agent2, order.order_id)
    assert (order_of(town, order).version, len(steps(town, order))) == before


def test_a_heard_caller_ends_the_claim(town: Town) -> None:
    order = waiting(town)
    claims.claim(town.agent2, order.order_id)
    callbacks.call_back(town.agent2, order.order_id, Verdict.SATISFIED)
    assert claimed(town) == []


def test_one_not_reached_stays_with_who_rings_until_the_screen_is_left(town: Town) -> None:
    order = waiting(town)
    claims.claim(town.agent2, order.order_id)
    callbacks.call_back(town.agent2, order.order_id, Verdict.UNREACHED)
    assert queue(town, town.office2)[0].holder == "坐席04"


def test_who_handled_the_order_or_may_not_ring_does_not_get_it(town: Town) -> None:
    order = waiting(town)
    with pytest.raises(NotAllowed, match="不做本件的回访"):
        claims.claim(town.agent, order.order_id)
    assert queue(town, town.agent) == ()
    assert claims.take_next(town.agent) is None
    with pytest.raises(NotAllowed, match="回访由"):
        claims.claim(town.handler, order.order_id)
    with pytest.raises(NotAllowed):
        claims.claim(town.agent2, town.register().order_id)


def test_next_is_the_first_that_nobody_has(town: Town) -> None:
    first, second, third = waiting(town), waiting(town.later(minutes=1)), waiting(town.later(minutes=1))
    claims.claim(town.office2, second.order_id)
    assert claims.take_next(town.agent2) == first.order_id
    assert claims.take_next(town.agent2, first.order_id) == third.order_id
    assert queue(town, town.office2)[0].holder == ""  # the first was put back
    claims.claim(town.office2, first.order_id)
    assert claims.take_next(town.agent2, third.order_id) is None


@pytest.mark.parametrize("urgent", [False, True])
def test_who_was_rung_in_vain_waits_behind_those_whom_nobody_has_rung(town: Town, urgent: bool) -> None:
    first = waiting(town)
    if urgent:
        notes.supervise(town.office, first.order_id, "尽快", urgent=True)
    second = waiting(town.later(minutes=1))
    third = waiting(town.later(minutes=1))
    desk = town.later(minutes=1).agent2
    assert claims.take_next(desk) == first.order_id
    callbacks.call_back(desk, first.order_id, Verdict.UNREACHED)
    claims.give_up(desk, first.order_id)
    assert [each.order.id for each in queue(town, desk)] == [second.order_id, third.order_id, first.order_id]
    assert claims.take_next(desk) == second.order_id
    with town.store.read() as session:
        page = to_call_back(session, desk.viewer, edges_now(desk, session), limit=2)
        rest = to_call_back(session, desk.viewer, edges_now(desk, session), after=page.next, limit=2)
    assert [each.order.id for each in rest.rows] == [first.order_id]


def test_of_many_who_open_the_same_order_one_has_it(town: Town) -> None:
    order = waiting(town)
    together = Barrier(2)

    def open_it(desk: Desk) -> bool:
        together.wait()
        try:
            claims.claim(desk, order.order_id)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as seats:
        assert sorted(seats.map(open_it, [town.agent2, town.office2])) == [False, True]
    assert claimed(town) == [order.order_id]


def test_who_waited_for_an_order_that_was_rung_meanwhile_takes_the_next(town: Town) -> None:
    if town.store.is_sqlite:
        pytest.skip("one writer at a time: nobody lists while another writes")
    first, second = waiting(town), waiting(town.later(minutes=1))
    listed = to_call_back

    def ring_while_it_is_listed(session: Session, viewer: Viewer, edges: Edges, **page: Any) -> Page[ToCallBack]:
        rows = listed(session, viewer, edges, **page)
        if town.agent2.viewer == viewer:
            assert claims.take_next(town.office2) == first.order_id
            callbacks.call_back(town.office2, first.order_id, Verdict.SATISFIED)
        return rows

    meanwhile = replace(claims.CALLBACKS, page=ring_while_it_is_listed)
    assert claims.take_next(town.agent2, queue=meanwhile) == second.order_id


def test_two_who_take_the_next_at_once_never_have_the_same(town: Town) -> None:
    orders = {waiting(town.later(minutes=1)).order_id for _ in range(SEATS)}
    together = Barrier(2)

    def work_off(desk: Desk) -> list[UUID]:
        together.wait()
        taken = []
        while (order_id := claims.take_next(desk)) is not None:
            taken.append(order_id)
            callbacks.call_back(desk, order_id, Verdict.SATISFIED)
        return taken

    with ThreadPoolExecutor(2) as seats:
        one, other = seats.map(work_off, [town.agent2, town.office2])
    assert not set(one) & set(other)
    assert sorted(one + other) == sorted(orders)


def test_an_order_that_is_being_dispatched_is_shown_and_refused_to_the_other(town: Town) -> None:
    order = town.register()
    claims.claim(town.agent2, order.order_id, claims.DISPATCH)
    assert [each.holder for each in to_be_dispatched(town, town.agent)] == ["坐席04"]
    assert [each.holder for each in to_be_dispatched(town, town.agent2)] == [""]
    with pytest.raises(Conflict, match="坐席04 正在办本件的派单"):
        claims.claim(town.agent, order.order_id, claims.DISPATCH)
    town.later(seconds=claims.HELD.total_seconds())
    claims.claim(town.agent, order.order_id, claims.DISPATCH)


def test_what_is_dispatched_or_not_ones_to_dispatch_is_not_given_out(town: Town) -> None:
    order = town.assign(town.register())
    with pytest.raises(NotAllowed, match="不再待派"):
        claims.claim(town.agent, order.order_id, claims.DISPATCH)
    waiting_ = town.register()
    with pytest.raises(NotAllowed):
        claims.claim(town.city_leader, waiting_.order_id, claims.DISPATCH)
    assert claims.take_next(town.agent, queue=claims.DISPATCH) == waiting_.order_id
    assert claims.take_next(town.agent2, queue=claims.DISPATCH) is None


def test_two_who_take_the_next_to_dispatch_at_once_never_have_the_same(town: Town) -> None:
    orders = {town.register().order_id for _ in range(SEATS)}
    together = Barrier(2)

    def work_off(desk: Desk) -> list[UUID]:
        together.wait()
        taken = []
        while (order_id := claims.take_next(desk, queue=claims.DISPATCH)) is not None:
            taken.append(order_id)
            dispatch.assign(desk, order_id, town.a)
        return taken

    with ThreadPoolExecutor(2) as seats:
        mine, theirs = seats.map(work_off, [town.agent, town.agent2])
    assert not set(mine) & set(theirs)
    assert set(mine) | set(theirs) == orders


def test_an_order_that_is_changed_at_this_moment_is_not_waited_for(town: Town) -> None:
    if town.store.is_sqlite:
        pytest.skip("one writer at a time: nobody takes while another writes")
    first, second = town.register(), town.register()
    with town.store.write() as session:
        session.exec(select(WorkOrder).where(WorkOrder.id == first.order_id).with_for_update()).one()
        assert claims.take_next(town.agent, queue=claims.DISPATCH) == second.order_id


def to_be_dispatched(town: Town, desk: Desk) -> tuple[ToDispatch, ...]:
    with town.store.read() as session:
        return to_dispatch(session, desk.viewer, edges_now(desk, session)).rows


def test_who_has_dispatched_an_order_holds_it_no_more(town: Town) -> None:
    order = town.register()
    claims.claim(town.agent, order.order_id, claims.DISPATCH)
    dispatch.assign(town.agent, order.order_id, town.a)
    assert claimed(town) == []
