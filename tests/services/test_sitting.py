"""Who sits at a desk acts by what he may now: accounts are closed and units move while somebody is signed in."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.data.imports.units import UnitRow
from hotline_tui.data.queries import orders
from hotline_tui.errors import NotFound, SignInFailed
from hotline_tui.models import Unit
from hotline_tui.rules.words import Kind
from hotline_tui.services import accounts, dispatch, handling, notes, organisation
from hotline_tui.services.clock import edges_now
from hotline_tui.services.sitting import as_it_is
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = pytest.mark.requirement("R-13a", "R-13b")


@OWNERS
def test_an_account_that_was_closed_writes_nothing_more_and_looks_at_nobody(town: Town) -> None:
    order = town.register()
    accounts.close(town.admin, town.accounts["agent"])
    for deed in (
        lambda: notes.note(town.agent, order.order_id, "仍在办理"),
        lambda: notes.unmask(town.agent, order.order_id, "核实"),
    ):
        with pytest.raises(SignInFailed, match="账号已停用"):
            deed()
    with town.store.read() as session, pytest.raises(SignInFailed, match="账号已停用"):
        as_it_is(session, town.agent)


def test_a_unit_put_under_another_sees_from_then_on_what_that_one_may_see(town: Town) -> None:
    accusing = town.assigned(town.b, kind=Kind.TIPOFF, accused=(town.a,))
    assert accusing.assignment_id is not None
    with town.store.write() as session:
        unit = session.get_one(Unit, town.b)
        unit.parent_id = town.a
        session.commit()
    with pytest.raises(NotFound, match="没有这件工单"):
        handling.sign(town.handler_b, accusing.assignment_id)
    with town.store.read() as session:
        desk = as_it_is(session, town.handler_b)
        assert orders.row(session, desk.viewer, edges_now(desk, session), accusing.order_id) is None


@OWNERS
def test_no_unit_is_put_under_one_that_its_order_in_hand_accuses(town: Town) -> None:
    order = town.assigned(town.b, kind=Kind.TIPOFF, accused=(town.a,))
    assert order.assignment_id is not None
    with town.store.read() as session:
        units = {unit.id: unit for unit in session.exec(select(Unit))}
    unit = units[town.b]
    row = UnitRow(2, unit.key, unit.name, unit.short_name, units[town.a].key, "", unit.duties, ())
    taken = organisation.save_units(town.admin, [row])
    ((_, reason),) = taken.rejected
    assert order.number in reason
    assert "请热线办先撤销承办" in reason
    dispatch.cancel(town.office, order.assignment_id, "改由上级直接办理")
    assert organisation.save_units(town.admin, [row]).rejected == []
