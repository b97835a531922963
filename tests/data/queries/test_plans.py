"""What is asked every few seconds goes through the index on open deadlines, and lists through the order's own."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from tests.builders import Town
from tests.data.queries.reads import READS, read


def plans(town: Town, login: str, name: str) -> list[str]:
    """How SQLite, without statistics, finds what a query asks for."""
    desk, order, asked = town.desks[login], town.assigned(), list[tuple[str, Any]]()

    def remember(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(town.store.engine, "before_cursor_execute", remember)
    read(name, desk, order)
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
            if name not in {"dashboard.snapshot", "figures.month_figures"}:  # the month counts those met, too
                assert not [step for step in steps if "deadline_due" in step], name
        for name in ("dashboard.counts", "dashboard.overdue"):
            assert any("deadline_open" in step for step in plans(town, login, name)), name
