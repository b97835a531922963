"""What is asked every few seconds goes through the index on open deadlines, and lists through the order's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from hotline_tui.data.queries import orders
from hotline_tui.data.queries.orders import OrderFilter, Sort
from hotline_tui.rules.words import Standing
from hotline_tui.services.clock import edges_now
from tests.builders import Town
from tests.data.queries.reads import READS, read

THE_PAST = {
    "dashboard.snapshot", "figures.history", "statistics.counts", "statistics.by_day", "statistics.by_month",
    "counted.counted", "shortfalls.shortfalls",}  # fmt: skip


def plans(town: Town, login: str, name: str) -> list[str]:
    """How SQLite, without statistics, finds what a query asks for."""
    desk, order = town.desks[login], town.assigned()
    return planned(town, lambda: read(name, desk, order))


def page_plans(town: Town, login: str, asked: OrderFilter, sort: Sort = Sort.NEWEST) -> list[str]:
    """The same, of a page of 查询."""
    desk = town.desks[login]

    def search() -> None:
        with town.store.read() as session:
            orders.page(session, desk.viewer, edges_now(desk, session), asked, sort=sort)

    return planned(town, search)


def planned(town: Town, ask: Callable[[], object]) -> list[str]:
    """The plans of the statements about orders and deadlines that are executed meanwhile."""
    asked = list[tuple[str, Any]]()

    def remember(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(town.store.engine, "before_cursor_execute", remember)
    ask()
    event.remove(town.store.engine, "before_cursor_execute", remember)
    with town.store.read() as session:
        run = session.connection().exec_driver_sql
        return [
            row[3]
            for statement, parameters in asked
            if "FROM work_order" in statement or "FROM deadline" in statement
            for row in run(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_no_list_reads_all_deadlines_and_no_count_reads_the_closed_ones(town: Town) -> None:
    for login in ("office", "leader"):
        for name in READS:
            steps = plans(town, login, name)
            assert not [step for step in steps if step.startswith("SCAN deadline") and "deadline_open" not in step], (
                name
            )
            if name not in THE_PAST:  # counts those met, too
                assert not [step for step in steps if "deadline_due" in step], name
        for name in ("dashboard.counts", "dashboard.overdue"):
            assert any("deadline_open" in step for step in plans(town, login, name)), name


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_number_is_followed_from_the_caller_not_looked_for_in_every_order(town: Town) -> None:
    for name in ("orders.page by phone", "callers.history", "callers.same_caller", "search.similar_orders"):
        steps = plans(town, "agent", name)
        assert steps, name
        assert not [step for step in steps if step.startswith("SCAN work_order")], (name, steps)


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_nobody_s_events_are_gathered_to_know_whom_he_may_ring(town: Town) -> None:
    steps = plans(town, "agent", "queues.to_call_back")
    assert any(step.startswith("SEARCH event") for step in steps)
    assert not [step for step in steps if "AUTOMATIC" in step], steps


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_what_waits_for_dispatch_is_found_by_its_state_and_what_was_given_back_by_its_own_index(town: Town) -> None:
    for name in ("queues.to_dispatch", "dashboard.counts"):
        steps = plans(town, "office", name)
        assert any("work_order_given_back" in step for step in steps), (name, steps)
        assert not [step for step in steps if step.startswith(("SCAN work_order", "SCAN event"))], (name, steps)
        if name == "queues.to_dispatch":
            assert not [step for step in steps if "TEMP B-TREE FOR ORDER BY" in step], steps


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_orders_of_one_state_unit_or_topic_lie_in_the_order_of_time(town: Town) -> None:
    office, order = town.desks["office"], town.assigned()
    with town.store.read() as session:
        found = orders.row(session, office.viewer, edges_now(office, session), order.order_id)
        assert found is not None
        for asked in (OrderFilter(states=frozenset({found.state})), OrderFilter(unit_id=found.unit_id)):
            steps = page_plans(town, "office", asked)
            assert not [step for step in steps if step.startswith(("SCAN work_order", "USE TEMP B-TREE"))], steps


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_a_unit_with_few_orders_does_not_look_through_those_of_all_units(town: Town) -> None:
    town.assigned()
    for asked in (OrderFilter(), OrderFilter(words="物业"), OrderFilter(number="0001")):
        steps = page_plans(town, "leader", asked)
        assert not [step for step in steps if step.startswith("SCAN work_order")], steps


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_how_an_order_stands_is_asked_from_the_open_clocks(town: Town) -> None:
    town.assigned()
    for standing in Standing:
        steps = page_plans(town, "office", OrderFilter(standing=standing), sort=Sort.OLDEST)
        assert not [step for step in steps if step.startswith("SCAN work_order")], steps
