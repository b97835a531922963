"""督办 (Art. 11(4)): the office and the authority demand; the demand stands on the time line."""

from __future__ import annotations

import pytest

from hotline_tui.errors import Conflict, NotAllowed, Refused
from hotline_tui.rules.words import Action, OrderState
from hotline_tui.services import notes
from tests.builders import Town
from tests.services.looks import order_of, steps

pytestmark = pytest.mark.requirement("R-11.4")


@pytest.mark.parametrize("login", ["office", "authority"])
def test_office_and_authority_supervise_an_order_in_words_without_moving_it(town: Town, login: str) -> None:
    order = town.assigned()
    notes.supervise(town.desks[login], order.order_id, " 三日内报告办理情况 ")
    last = steps(town, order)[-1]
    assert (last.action, last.payload["facts"]) == (Action.SUPERVISE, {"text": "三日内报告办理情况"})
    assert order_of(town, order).state is OrderState.ASSIGNED


@pytest.mark.parametrize("login", ["agent", "handler", "leader", "city_leader"])
def test_nobody_else_supervises(town: Town, login: str) -> None:
    order = town.assigned()
    with pytest.raises(NotAllowed, match=r"热线办、主管机关.*第十一条\(四\)"):
        notes.supervise(town.desks[login], order.order_id, "请抓紧")


def test_a_supervision_says_what_it_demands(town: Town) -> None:
    order = town.assigned()
    with pytest.raises(Refused, match="请写明督办要求"):
        notes.supervise(town.office, order.order_id, "  ")


def test_an_archived_order_is_supervised_no_more(town: Town) -> None:
    order = town.bring(OrderState.ARCHIVED)
    with pytest.raises(NotAllowed, match="现为已归档, 不能督办"):
        notes.supervise(town.office, order.order_id, "请抓紧")


def test_who_supervises_an_order_that_was_changed_meanwhile_is_told_so(town: Town) -> None:
    order = town.assigned()
    seen = order_of(town, order).version
    notes.urge(town.office, order.order_id, seen=seen)
    with pytest.raises(Conflict):
        notes.supervise(town.authority, order.order_id, "请抓紧", seen=seen)
    assert [step.action for step in steps(town, order)][-1] is Action.URGE
