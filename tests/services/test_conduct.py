"""移送公安 and 责任追究 (R-16, R-17, R-18): recorded on the order by whom the articles name, and nothing else moves."""

from __future__ import annotations

import pytest

from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Misconduct
from hotline_tui.rules.words import Action, Fault, OrderState
from hotline_tui.services import conduct
from tests.builders import Town
from tests.services.looks import order_of, rows, steps


@pytest.mark.requirement("R-16")
@pytest.mark.parametrize("state", [OrderState.RECEIVED, OrderState.ASSIGNED, OrderState.ARCHIVED])
def test_a_malicious_matter_is_referred_with_a_note_in_whatever_state(town: Town, state: OrderState) -> None:
    order = town.bring(state)
    conduct.refer(town.office, order.order_id, "已移送新河派出所, 多次辱骂坐席")
    kept = order_of(town, order)
    assert (kept.state, kept.malicious, kept.referral) == (state, True, "已移送新河派出所, 多次辱骂坐席")
    assert steps(town, order)[-1].action == Action.MARK_MALICIOUS


@pytest.mark.requirement("R-16")
def test_a_referral_says_to_whom_and_is_the_offices(town: Town) -> None:
    order = town.register()
    with pytest.raises(Refused, match="第十六条"):
        conduct.refer(town.office, order.order_id, " ")
    with pytest.raises(NotAllowed, match="第十六条"):
        conduct.refer(town.agent, order.order_id, "已移送")
    assert not order_of(town, order).malicious


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault.RETALIATION, marks=pytest.mark.requirement("R-17")),
        pytest.param(Fault.FALSIFICATION, marks=pytest.mark.requirement("R-18")),
        pytest.param(Fault.INACTION, marks=pytest.mark.requirement("R-18")),
    ],
)
def test_what_a_unit_did_wrong_is_recorded_with_the_facts(town: Town, fault: Fault) -> None:
    order = town.assigned()
    conduct.record_fault(town.authority, order.order_id, town.a, fault, "到来电人单位施压")
    (record,) = rows(town, Misconduct, order)
    assert (record.unit_id, record.fault, record.text) == (town.a, fault, "到来电人单位施压")
    assert (record.recorded_by, record.recorded_at) == (town.authority.viewer.account_id, town.now)
    assert steps(town, order)[-1].payload["facts"]["fault"] == fault.value


@pytest.mark.requirement("R-17", "R-18")
def test_a_unit_does_not_record_its_own_faults_and_none_without_facts(town: Town) -> None:
    order = town.assigned()
    with pytest.raises(NotAllowed, match="第十七条"):
        conduct.record_fault(town.leader, order.order_id, town.a, Fault.INACTION, "无")
    with pytest.raises(Refused, match="事实"):
        conduct.record_fault(town.office, order.order_id, town.a, Fault.INACTION, "")
    assert rows(town, Misconduct, order) == []
