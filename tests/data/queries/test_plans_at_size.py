"""No list reads a large table from end to end, on either engine, in a town that has grown to many orders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col

from bench.multiplied import multiply
from hotline_tui.data import tally
from hotline_tui.data.queries import callers, consents, dashboard, figures, leaders, orders, queues, tray
from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import Query, orders_of
from hotline_tui.data.store import Store
from hotline_tui.models import WorkOrder
from hotline_tui.rules.deadlines import Edges, shanghai_day
from hotline_tui.rules.words import Kind, OrderState, Standing
from hotline_tui.services.clock import edges_now
from hotline_tui.services.desk import Desk
from tests.builders import Town
from tests.engines import GUARDED

pytestmark = [pytest.mark.requirement("R-6b"), pytest.mark.timeout(600)]
ORDERS, LIVING = 30_000, 1_000
LARGE = ("work_order", "deadline", "assignment", "callback", "order_caller", "caller", "event", "reply")
PAGE = 50

List = Callable[[Any, Desk, Edges], object]
OF_ORDERS: dict[str, List] = {
    "orders.page": lambda s, d, e: orders.page(s, d.viewer, e, limit=PAGE),
    **{
        f"orders.page in parts, {sort}": lambda s, d, e, sort=sort: orders.page(
            s, d.viewer, e, orders.OrderFilter(words="无此词语"), sort=sort, limit=PAGE, seconds=0
        )
        for sort in (orders.Sort.NEWEST, orders.Sort.OLDEST)
    },
    **{
        f"orders.page {state}": lambda s, d, e, state=state: orders.page(
            s, d.viewer, e, orders.OrderFilter(states=frozenset({state})), limit=PAGE
        )
        for state in (OrderState.RECEIVED, OrderState.ASSIGNED, OrderState.ARCHIVED)
    },
    **{
        f"orders.page {standing}": lambda s, d, e, standing=standing: orders.page(
            s, d.viewer, e, orders.OrderFilter(standing=standing), limit=PAGE
        )
        for standing in Standing
    },
    "dashboard.overdue": lambda s, d, e: dashboard.overdue(s, d.viewer, e, limit=PAGE),
    "dashboard.counts": lambda s, d, e: dashboard.counts(s, d.viewer, e),
}
OF_THE_OFFICE: dict[str, List] = {
    "queues.to_dispatch": lambda s, d, e: queues.to_dispatch(s, d.viewer, e, limit=PAGE),
    "queues.to_release": lambda s, d, e: queues.to_release(s, d.viewer, e, limit=PAGE),
    "queues.to_call_back": lambda s, d, e: queues.to_call_back(s, d.viewer, e, limit=PAGE),
    "queues.to_archive": lambda s, d, e: queues.to_archive(s, d.viewer, e, limit=PAGE),
    "queues.to_review": lambda s, d, e: queues.to_review(s, d.viewer, e, limit=PAGE),
    "leaders.to_instruct": lambda s, d, e: leaders.to_instruct(s, d.viewer, e, limit=PAGE),
    "consents.to_consent": lambda s, d, e: consents.to_consent(s, d.viewer, e, limit=PAGE),
    "callers.history": lambda s, d, e: callers.history(s, d.viewer, e, "13900002211", limit=PAGE),
    "dashboard.snapshot": lambda s, d, e: dashboard.snapshot(s, d.viewer, e, limit=PAGE),
    "figures.received_today": lambda s, d, e: figures.received_today(s, d.viewer, e.now),
}
OF_A_UNIT: dict[str, List] = {
    "tray.tray": lambda s, d, e: tray.tray(s, d.viewer, e, limit=PAGE),
    "tray.to_approve": lambda s, d, e: tray.to_approve(s, d.viewer, e, limit=PAGE),
}


@pytest.fixture
def grown(town: Town) -> Town:
    """Some orders in every state, many times over; the statistics that a planner goes by are there."""
    town.at("2026-11-16 09:00")
    for state in OrderState:
        town.bring(state)
    for kind in (Kind.INQUIRY, Kind.HELP, Kind.COMPLAINT):
        town.signed(town.b, kind=kind)
        town.bring(OrderState.ARCHIVED, town.b)
    town.register(urgent=True)
    town.assigned(urgent=True)
    town.at("2026-12-02 10:00")
    multiply(town.store, ORDERS, LIVING)
    analyse(town.store)
    tally.fold(town.store, town.now, shanghai_day(town.now) - timedelta(days=60))
    return town


def analyse(store: Store) -> None:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE")


def whole_tables(desk: Desk, ask: List) -> Iterator[str]:
    """The steps of the plans that read a large table, or a whole index of it, from end to end."""
    asked = list[tuple[str, Any]]()

    def remember(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    store = desk.store
    event.listen(store.engine, "before_cursor_execute", remember)
    with store.read() as session:
        ask(session, desk, edges_now(desk, session))
    event.remove(store.engine, "before_cursor_execute", remember)
    lite = store.is_sqlite
    words = "EXPLAIN QUERY PLAN" if lite else "EXPLAIN"
    with store.read() as session:
        for statement, parameters in asked:
            if statement.startswith("SELECT"):
                for row in session.connection().exec_driver_sql(f"{words} {statement}", parameters):
                    step = str(row[3 if lite else 0])
                    if _reads_all(step, lite=lite):
                        yield f"{step}  <-  {statement[-200:]}"


def _reads_all(step: str, *, lite: bool) -> bool:
    tables = "|".join(LARGE)
    if not lite:
        return re.search(rf"Seq Scan on ({tables})\b", step) is not None
    found = re.match(rf"SCAN ({tables})\b(?: USING (?:COVERING )?INDEX (\w+))?", step)
    # A partial index holds what is open; a whole one in the order that is asked for ends with the page.
    return found is not None and found[2] is None


@pytest.mark.parametrize("storage", ["sqlite", "postgres", GUARDED], indirect=True)
def test_no_list_reads_a_large_table_from_end_to_end(grown: Town) -> None:
    office = grown.office
    wall = replace(office, store=grown.store, viewer=replace(office.viewer, guarded=False, on_wall=True))
    asked = (
        *((grown.office, name, ask) for name, ask in (OF_ORDERS | OF_THE_OFFICE).items()),
        *((wall, name, OF_THE_OFFICE[name]) for name in ("dashboard.snapshot", "figures.received_today")),
        *((grown.agent, name, ask) for name, ask in OF_ORDERS.items()),
        *((grown.leader, name, ask) for name, ask in (OF_ORDERS | OF_A_UNIT).items()),
    )
    found = {f"{desk.role} {name}": steps for desk, name, ask in asked if (steps := list(whole_tables(desk, ask)))}
    assert found == {}
    assert list(whole_tables(grown.office, lambda s, d, e: fetch(s, everywhere(d))))


def everywhere(desk: Desk) -> Query:
    """What no index helps with."""
    return orders_of(desk.viewer, col(WorkOrder.id)).where(col(WorkOrder.address) == "某某花园")
