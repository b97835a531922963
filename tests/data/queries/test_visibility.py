"""Units look up their own orders only (R-11.7); an accused unit never finds the order (R-13a); a secret one is kept."""

from __future__ import annotations

import ast
from dataclasses import replace
from uuid import UUID

import pytest

from hotline_tui.data.queries.dashboard import Counts, counts, snapshot
from hotline_tui.models import OrderAccused, WorkOrder
from hotline_tui.rules.words import OrderState, Role
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Built, Town
from tests.data.queries.reads import (
    OF_ONE_ORDER,
    ORDER_TABLES,
    READS,
    modules,
    public_functions,
    read,
    reader,
    skips_rows,
    statements,
    tables_of,
)

pytestmark = pytest.mark.requirement("R-11.7", "R-13a")

STATES = (OrderState.ASSIGNED, OrderState.REPLIED, OrderState.AWAITING_CALLBACK, OrderState.UNDER_REVIEW)
CENTRE = {"agent", "agent2", "office", "office2", "city_leader", "authority"}
SEEN_BY = {
    "of unit a": CENTRE | {"handler", "leader"},
    "of the unit below a": CENTRE | {"handler", "leader", "handler_below"},
    "of unit b": CENTRE | {"handler_b", "leader_b"},
    "of nobody yet": CENTRE,
    "secret, of unit a": (CENTRE - {"agent2"}) | {"handler", "leader"},
    "secret, of nobody yet": CENTRE - {"agent2"},
    "accusing a, of unit b": CENTRE | {"handler_b", "leader_b"},
    "accusing a, of the unit below a": CENTRE,
    "accusing a, of unit a": CENTRE,
}
"""The administrator is in none of them; the agent took the secret ones himself."""


def plant(town: Town) -> dict[str, list[Built]]:
    def through(unit: UUID, **told: object) -> list[Built]:
        return [town.bring(state, unit, **told) for state in STATES]

    planted = {
        "of unit a": through(town.a),
        "of the unit below a": through(town.a_below),
        "of unit b": through(town.b),
        "of nobody yet": [town.register()],
        "secret, of unit a": through(town.a, secret=True),
        "secret, of nobody yet": [town.register(secret=True)],
        "accusing a, of unit b": through(town.b, accused=(town.a,)),
        "accusing a, of the unit below a": through(town.a_below),
        "accusing a, of unit a": through(town.a),
    }
    with town.store.write() as session:  # named only after it was dispatched there
        for group in ("accusing a, of the unit below a", "accusing a, of unit a"):
            session.add_all(OrderAccused(order_id=order.order_id, unit_id=town.a) for order in planted[group])
        session.commit()
    return planted


def found_by(desk: Desk, planted: dict[str, list[Built]]) -> dict[str, set[str]]:
    """The queries, by group, whose answer holds anything of an order of this group."""
    answers = {}
    with reader(desk) as told:
        for name in READS:
            asked = [orders[0] for orders in planted.values()]
            asked = asked if name in OF_ONE_ORDER else asked[:1]
            answers[name] = " ".join(repr(told(name, order)) for order in asked)
    marks = {
        group: [mark for order in orders for mark in (order.number, str(order.order_id))]
        for group, orders in planted.items()
    }
    return {
        group: {name for name, answer in answers.items() if any(mark in answer for mark in marks[group])}
        for group in planted
    }


def test_each_order_is_found_by_those_whose_matter_it_is_and_by_nobody_else_in_any_query(town: Town) -> None:
    planted = plant(town)
    town.at("2026-12-01 10:00")
    found = {login: found_by(desk, planted) for login, desk in town.desks.items()}
    assert {
        group: {login for login, groups in found.items() if groups[group]} for group in planted
    } == SEEN_BY  # fmt: skip
    assert found["office"]["of unit a"] >= OF_ONE_ORDER | {"orders.page", "queues.to_review", "dashboard.overdue"}
    assert found["leader"]["of unit a"] >= OF_ONE_ORDER | {"orders.page", "tray.tray", "dashboard.snapshot"}
    assert found["authority"]["of unit a"].isdisjoint({"orders.page by phone", "callers.history"})


def test_what_a_unit_may_not_find_is_not_counted_for_it_either(town: Town) -> None:
    for state in STATES:
        town.bring(state, town.b, accused=(town.a,))
        town.bring(state, town.b)
    town.at("2026-12-01 10:00")
    for desk in (town.handler, town.leader, town.handler_below, town.admin):
        with town.store.read() as session:
            edges = edges_now(desk, session)
            pressing = counts(session, desk.viewer, edges)
            board = snapshot(session, desk.viewer, edges)
        assert pressing == Counts(0, 0, 0, 0)
        assert (board.open, board.awaiting_callback, board.units) == (0, 0, ())
        assert not any(many for _, many in board.intake)
        assert board.month.on_time.whole == board.month.satisfied.whole == board.month.direct.whole == 0


def test_nobody_at_the_command_line_takes_unregistered_letters_for_his_own(town: Town) -> None:
    order = town.register(secret=True)
    with town.store.write() as session:
        row = session.get(WorkOrder, order.order_id)
        assert row is not None
        row.registered_by = None
        session.commit()
    nobody = replace(town.agent, viewer=replace(town.agent.viewer, account_id=None))
    assert found_by(nobody, {"letters": [order]}) == {"letters": set()}


def test_every_statement_about_orders_carries_the_viewer_and_skips_no_rows(town: Town) -> None:
    order = town.assigned()
    for desk in town.desks.values():
        with statements(desk) as seen, reader(desk) as told:
            for name in READS:
                told(name, order)
        for statement in seen:
            if tables_of(statement) & ORDER_TABLES:
                assert statement.get_execution_options().get("viewer") == desk.viewer, str(statement)
            assert not skips_rows(statement), str(statement)


def test_the_number_of_statements_does_not_grow_with_the_orders(town: Town) -> None:
    def count() -> dict[tuple[str, str], int]:
        many = {}
        for desk in (town.agent, town.office, town.leader):
            for name in READS:
                with statements(desk) as seen:
                    read(name, desk, order)
                many[desk.login, name] = len(seen)
        return many

    order = town.bring(OrderState.UNDER_REVIEW)
    for state in STATES:
        town.bring(state)
    town.at("2026-12-01 10:00")
    once = count()
    for state in STATES:
        town.bring(state)
    assert count() == once


def test_every_query_that_takes_a_viewer_is_among_those_that_are_walked() -> None:
    # Not of orders; the last two are `detail`'s. Of those that keep answers one asks for the order of an article: it is
    # tested with the service that writes it. What `told` gives has a test of its own: tests/secrecy/test_told.py.
    elsewhere = {"knowledge", "stock", "keeping", "missed", "picks", "parts", "relation", "reporting", "told"}
    known = {name.split(" ")[0].rpartition(".")[::2] for name in READS}
    for path in modules():
        for function in public_functions(path) if path.stem not in elsewhere else ():
            assert {(path.stem, function), ("search", function)} & known, f"{path.stem}.{function}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_no_module_but_visibility_puts_orders_into_a_from(path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in {"select", "select_from", "join", "outerjoin", "join_from", "aliased", "get", "exec"}:
            # What follows the first argument of a join is its condition.
            tables = call.args[:1] if name in {"join", "outerjoin", "aliased"} else call.args
            named = {node.id for table in tables for node in ast.walk(table) if isinstance(node, ast.Name)}
            assert "WorkOrder" not in named, f"{path.name}:{call.lineno}"


def test_roles_are_all_walked(town: Town) -> None:
    assert {desk.role for desk in town.desks.values()} == set(Role)
    assert all(isinstance(desk.viewer.account_id, UUID) for desk in town.desks.values())
