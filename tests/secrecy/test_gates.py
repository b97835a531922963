"""R-13a: no read of orders can be written that forgets the viewer, without a test that says so."""

from __future__ import annotations

import ast

import pytest

from tests.secrecy.gates import (
    ENGINE,
    KEEPERS,
    ORDER_TABLES,
    PACKAGE,
    WRITES,
    outside,
    reads_past_the_viewer,
    sources,
    statements_in_words,
)

pytestmark = pytest.mark.requirement("R-13a")

HEAD = """
import sqlalchemy as sa
from sqlmodel import Session, col, select
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.models import Unit, WorkOrder
from hotline_tui.services.work import Work, work_at
"""
LEAKS = {
    "every number": "def overview(desk):\n    with desk.store.read() as session:\n"
    "        return [row.number for row in session.exec(select(WorkOrder))]",
    "every number, by the session": "def f(s: Session):\n    return s.scalars(sa.select(WorkOrder.number))",
    "one by its id": "def one(session, key):\n    return session.get(WorkOrder, key)",
    "a count": "def many(session):\n    return session.exec(select(sa.func.count(col(WorkOrder.id)))).one()",
    "another name": "Order = WorkOrder\ndef many(session):\n    return session.exec(select(Order))",
    "renamed at import": "from hotline_tui.models import WorkOrder as W\ndef f(s):\n    return s.exec(select(W))",
    "by the package": "from hotline_tui import models\ndef f(s):\n    return s.exec(select(models.WorkOrder))",
    "by its file": "import hotline_tui.models.orders as o\ndef f(s):\n    return s.exec(select(o.WorkOrder))",
    "by way of another module": "from hotline_tui.services.work import WorkOrder as W\n"
    "def f(s):\n    return s.exec(select(W))",
    "joined": "def f(s):\n    return s.exec(select(Unit).join(WorkOrder, col(WorkOrder.unit_id) == col(Unit.id)))",
    "beside a unit of work": "def f(desk):\n    with work_at(desk) as work:\n        work.commit()\n"
    "    with desk.store.read() as s:\n        return s.exec(select(WorkOrder)).all()",
    "by another module's alias": "from hotline_tui.data.queries.visibility import _Own\n"
    "def f(s):\n    return s.exec(select(_Own.order_id))",
    "a unit of work that writes nothing": "def f(desk):\n    with work_at(desk) as work:\n"
    "        return work.session.exec(select(WorkOrder)).all()",
}
HARMLESS = {
    "a query with a viewer": "def f(s, viewer):\n"
    "    return s.exec(orders_of(viewer, col(WorkOrder.number)).where(col(WorkOrder.urgent)))",
    "an annotation": "def f(order: WorkOrder) -> WorkOrder:\n    known: WorkOrder = order\n    return known",
    "what is given a unit of work": "def f(work: Work):\n    return work.session.exec(select(WorkOrder)).all()",
    "a unit of work": "def f(desk):\n    with work_at(desk) as work:\n"
    "        work.session.exec(select(WorkOrder)).all()\n        work.session.commit()",
    "another table": "def f(s):\n    return s.exec(select(Unit)).all()",
}
IN_WORDS = (
    'sa.text("select count(*) from work_order")',
    'sa.text(f"select {1}")',
    "sa.text(statement)",
    'session.connection().exec_driver_sql("select 1 from reply")',
    'sa.literal_column("(select count(*) from assignment)")',
    'sa.select(sa.literal(1)).select_from(sa.table("work_order"))',
    'sql.text("select number from work_order")',
)


@pytest.mark.parametrize("leak", LEAKS)
def test_the_gate_is_shut_to(leak: str) -> None:
    assert reads_past_the_viewer("services/overview.py", HEAD + LEAKS[leak])


@pytest.mark.parametrize("sample", HARMLESS)
def test_the_gate_is_open_to(sample: str) -> None:
    assert reads_past_the_viewer("services/overview.py", HEAD + HARMLESS[sample]) == []


@pytest.mark.parametrize("words", IN_WORDS)
def test_a_statement_in_words_is_seen(words: str) -> None:
    assert statements_in_words(
        f"{HEAD}\nfrom sqlalchemy import sql, text\ndef f(session, statement):\n    return {words}"
    )
    assert statements_in_words(f"{HEAD}\nfrom sqlalchemy import text as words\nx = words('select id from caller')")


def test_outside_of_queries_and_the_write_path_nothing_names_an_orders_table() -> None:
    found = {
        path: lines for path, source in sources() if outside(path) and (lines := reads_past_the_viewer(path, source))
    }
    assert found == {}


def test_every_module_of_the_package_is_looked_at() -> None:
    looked = {path for path, _ in sources()}
    assert {"app.py", "data/store.py", "data/queries/orders.py", "services/work.py", "screens/order.py"} <= looked
    assert outside("data/overview.py")
    assert not outside("data/queries/orders.py")


def test_nothing_asks_for_orders_in_words() -> None:
    found = {
        path: lines
        for path, source in sources()
        if path not in KEEPERS | ENGINE and (lines := statements_in_words(source))
    }
    assert found == {}


def test_what_may_write_is_there() -> None:
    for path, names in WRITES.items():
        tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
        there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert (names or set()) <= there, path


def test_a_new_table_is_an_orders_until_somebody_says_otherwise() -> None:
    assert {"work_order", "assignment", "deadline", "reply", "callback", "event", "caller"} <= ORDER_TABLES
