"""限定知悉: what is found later to accuse a unit, or to need secrecy, is hidden from then on (Art. 13, 14)."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import select

from hotline_tui.data.queries.orders import by_number
from hotline_tui.data.queries.publication import answers
from hotline_tui.data.replay import differences
from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused
from hotline_tui.models import Claim, OrderAccused
from hotline_tui.rules.words import Action, OrderState, Release, Role
from hotline_tui.services import claims, dispatch, handling, intake, release
from hotline_tui.services.desk import Desk
from hotline_tui.services.restrict import restrict
from tests.builders import Built, Town
from tests.services.looks import order_of, share_of, steps

pytestmark = pytest.mark.requirement("R-13a")

REASON = "来电人补充: 反映的是该单位人员"
HELD_BY_A = (OrderState.ASSIGNED, OrderState.REPLIED)


def finds(town: Town, login: str, order: Built) -> bool:
    desk = town.desks[login]
    with town.store.read() as session:
        try:
            return by_number(session, desk.viewer, order.number) == order.order_id
        except NotFound:
            return False


def accused_of(town: Town, order: Built) -> set[UUID]:
    with town.store.read() as session:
        return set(session.exec(select(OrderAccused.unit_id).where(OrderAccused.order_id == order.order_id)))


@pytest.mark.parametrize("state", [state for state in OrderState if state not in HELD_BY_A])
def test_in_every_state_a_unit_can_be_named_that_finds_the_order_no_more(town: Town, state: OrderState) -> None:
    order = town.bring(state, town.a)
    had = finds(town, "handler", order)
    assert had == (state in (OrderState.AWAITING_CALLBACK, OrderState.UNDER_REVIEW, OrderState.ARCHIVED))
    restrict(town.office, order.order_id, REASON, accused=[town.a])
    assert not any(finds(town, login, order) for login in ("handler", "leader", "handler_below"))
    assert finds(town, "agent2", order)
    assert (accused_of(town, order), order_of(town, order).state) == ({town.a}, state)


@pytest.mark.parametrize("state", OrderState)
def test_in_every_state_an_order_can_become_secret(town: Town, state: OrderState) -> None:
    order = town.bring(state, town.b)
    assert finds(town, "agent2", order)
    restrict(town.office, order.order_id, REASON, secret=True)
    assert not finds(town, "agent2", order)
    assert all(finds(town, login, order) for login in ("agent", "office2", "city_leader", "authority"))
    assert (order_of(town, order).secret, order_of(town, order).state) == (True, state)


def test_who_hid_what_and_why_stands_in_the_record_and_replays(town: Town) -> None:
    order = town.bring(OrderState.ARCHIVED, town.b)
    restrict(town.authority, order.order_id, f" {REASON}\n", secret=True, accused=[town.a, town.b, town.a])
    step = steps(town, order)[-1]
    assert (step.action, step.actor_id) == (Action.RESTRICT, town.authority.viewer.account_id)
    assert step.payload["facts"] == {
        "secret": True,
        "accused": ["城南新区房产管理分局", "城南新区工商行政管理分局"],
        "reason": REASON,
    }
    with town.store.read() as session:
        assert list(differences(session)) == []


@pytest.mark.parametrize("by", ["agent", "handler_b", "leader_b", "city_leader"])
def test_the_office_and_the_authority_alone_restrict(town: Town, by: str) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK, town.b)
    with pytest.raises(NotAllowed, match=r"限定知悉由热线办、主管机关进行\(第十三条\)"):
        restrict(town.desks[by], order.order_id, REASON, secret=True)
    assert town.desks[by].role not in (Role.OFFICE, Role.AUTHORITY)
    assert not order_of(town, order).secret


def test_without_a_reason_without_a_mark_and_twice_it_is_refused(town: Town) -> None:
    order = town.register()
    with pytest.raises(Refused, match=r"请写明限定知悉的理由\(第十三条\)"):
        restrict(town.office, order.order_id, " ", secret=True)
    with pytest.raises(Refused, match=r"请标为保密, 或指明被反映单位\(第十三条\)"):
        restrict(town.office, order.order_id, REASON)
    restrict(town.office, order.order_id, REASON, secret=True, accused=[town.a])
    with pytest.raises(Refused, match="没有新的限定"):
        restrict(town.office, order.order_id, REASON, secret=True, accused=[town.a])
    assert [step.action for step in steps(town, order)] == [Action.REGISTER, Action.RESTRICT]


def test_a_screen_that_saw_an_older_order_loses(town: Town) -> None:
    order = town.assigned(town.b)
    with pytest.raises(Conflict):
        restrict(town.office, order.order_id, REASON, accused=[town.a], seen=1)
    assert accused_of(town, order) == set()


# -- whoever works on it is taken off first


def test_a_unit_that_works_on_it_is_taken_off_before_it_is_named(town: Town) -> None:
    order = town.signed()
    with pytest.raises(Refused, match=rf"房产分局正在承办 {order.number}, 请先撤销承办, 再限定知悉\(第十三条\)"):
        restrict(town.office, order.order_id, REASON, accused=[town.a])
    assert accused_of(town, order) == set()
    dispatch.cancel(town.office, share_of(order), "反映的是该单位")
    restrict(town.office, order.order_id, REASON, accused=[town.a])
    assert not finds(town, "handler", order)
    with pytest.raises(Refused, match="不得承办"):
        dispatch.assign(town.office, order.order_id, town.a)
    dispatch.assign(town.office, order.order_id, town.b)


def test_a_unit_below_the_accused_one_is_taken_off_too(town: Town) -> None:
    order = town.signed(town.a_below)
    with pytest.raises(Refused, match="物业科正在承办"):
        restrict(town.office, order.order_id, REASON, accused=[town.a])


def test_a_unit_that_works_for_its_superior_is_taken_off_with_it(town: Town) -> None:
    order = town.signed()
    handling.delegate(town.handler, share_of(order), town.a_below)
    with pytest.raises(Refused, match=f"房产分局已把 {order.number} 转物业科办理, 请先撤销房产分局的承办"):
        restrict(town.office, order.order_id, REASON, accused=[town.a_below])


def test_a_reply_that_waits_for_release_would_bring_the_unit_back(town: Town) -> None:
    order = town.replied()
    with pytest.raises(Refused, match=f"房产分局对 {order.number} 的回复待审核发布, 请先退回重办并撤销承办"):
        restrict(town.office, order.order_id, REASON, accused=[town.a])
    release.reject_reply(town.office, order.order_id, "须由他单位办理")
    dispatch.cancel(town.office, share_of(order), "反映的是该单位")
    restrict(town.office, order.order_id, REASON, accused=[town.a])


def test_another_unit_goes_on_undisturbed(town: Town) -> None:
    order = town.signed(town.b)
    restrict(town.office, order.order_id, REASON, secret=True, accused=[town.a])
    handling.draft_reply(town.handler_b, share_of(order), "已办理")
    handling.approve(town.leader_b, share_of(order))
    assert order_of(town, order).state is OrderState.REPLIED


# -- what it reaches


@pytest.mark.parametrize("way", ["secret", "accused"])
def test_what_was_online_is_published_no_more_once_it_is_hidden_from_somebody(town: Town, way: str) -> None:
    order = town.replied(town.b)
    release.release(town.office, order.order_id, Release.PUBLIC)

    def published(desk: Desk) -> list[str]:
        with town.store.read() as session:
            return [each.number for each in answers(session, desk.viewer)]

    assert published(town.office) == [order.number]
    town.later(minutes=5)
    restrict(town.office, order.order_id, REASON, secret=way == "secret", accused=[town.a] if way == "accused" else [])
    assert published(town.office) == []


def test_whoever_was_about_to_call_back_and_may_not_see_it_lets_go(town: Town) -> None:
    order = town.bring(OrderState.AWAITING_CALLBACK, town.b)
    claims.claim(town.agent2, order.order_id)
    restrict(town.office, order.order_id, REASON, secret=True)
    with town.store.read() as session:
        assert session.get(Claim, order.order_id) is None
    claims.claim(town.office2, order.order_id)


@pytest.mark.parametrize("named", ["the duplicate", "the living order"])
def test_orders_that_were_merged_are_hidden_together(town: Town, named: str) -> None:
    living = town.bring(OrderState.AWAITING_CALLBACK, town.a)
    early = town.assigned()
    handling.return_(town.handler, share_of(early), "不属本单位职责")
    intake.merge(town.agent, early.order_id, living.number)
    assert finds(town, "handler", early)
    chosen = early if named == "the duplicate" else living
    restrict(town.office, chosen.order_id, REASON, accused=[town.a])
    for order in (living, early):
        assert not finds(town, "handler", order)
        assert steps(town, order)[-1].action == Action.RESTRICT
    with town.store.read() as session:
        assert list(differences(session)) == []


def test_a_duplicate_names_nobody_who_works_on_the_living_order(town: Town) -> None:
    living = town.signed()
    early = town.register()
    intake.merge(town.agent, early.order_id, living.number)
    with pytest.raises(Refused, match=f"房产分局正在承办 {living.number}"):
        restrict(town.office, early.order_id, REASON, accused=[town.a])
    assert accused_of(town, early) == set()
