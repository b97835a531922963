"""Every query of orders, called the same way: a test walks them all."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from hotline_tui.data.queries import (
    callers,
    consents,
    counted,
    dashboard,
    detail,
    examples,
    faults,
    figures,
    hearing,
    leaders,
    living,
    looks,
    orders,
    presence,
    publication,
    queues,
    shortfalls,
    statistics,
    timeline,
    tray,
    turnaround,
)
from hotline_tui.data.queries.measured import LETTERS, Scope
from hotline_tui.data.search import matters
from hotline_tui.data.search.hubs import questions
from hotline_tui.data.search.precedents import answered
from hotline_tui.data.search.similar import similar_orders
from hotline_tui.errors import NotFound, Refused
from hotline_tui.rules.deadlines import Edges, shanghai_day
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Dimension, Kind, Measure
from hotline_tui.services.clock import edges_now, reckoning_now
from hotline_tui.services.desk import Desk
from tests.builders import Built

QUERIES = Path(orders.__file__).parent
SEARCH = QUERIES.parent / "search"

Read = Callable[[Session, Desk, Edges, Built], Any]


COUNTED = (
    Measure.RECEIVED, Measure.ANSWERED, Measure.PUBLISHED, Measure.DISPATCHED, Measure.REDISPATCHED, Measure.DUE,
    Measure.SERIOUS, Measure.CALLED,
)  # fmt: skip
"""A figure of each table and of each time in it."""
SHORT_OF = (
    (Measure.DISPATCHED, (Measure.SIGNED,)),
    (Measure.DUE, (Measure.ON_TIME,)),
    (Measure.REACHED, (Measure.SATISFIED, Measure.MOSTLY_SATISFIED)),
    (Measure.RETURNED_LATE, ()),
)
"""What a unit's rates fall short by."""


def lately(edges: Edges) -> Period:
    """The month, and the days of the month before that orders of tests may be of."""
    today = shanghai_day(edges.now)
    return Period.between(today - timedelta(days=40), today)


READS: dict[str, Read] = {
    "orders.page": lambda s, d, e, o: orders.page(s, d.viewer, e, limit=500),
    "orders.page by words": lambda s, d, e, o: orders.page(s, d.viewer, e, orders.OrderFilter(words="物业"), limit=500),
    "orders.page by readings": lambda s, d, e, o: orders.page(
        s, d.viewer, e, orders.OrderFilter(readings=(("物业", "无业"), ("收费",))), limit=500
    ),
    "orders.page by number": lambda s, d, e, o: orders.page(s, d.viewer, e, orders.OrderFilter(number=o.number)),
    "orders.page by phone": lambda s, d, e, o: orders.page(s, d.viewer, e, orders.OrderFilter(phone="13900002211")),
    "orders.row": lambda s, d, e, o: orders.row(s, d.viewer, e, o.order_id),
    "orders.numbered": lambda s, d, e, o: orders.numbered(s, d.viewer, e, o.number),
    "orders.by_number": lambda s, d, e, o: orders.by_number(s, d.viewer, o.number),
    "detail.detail": lambda s, d, e, o: detail.detail(s, d.viewer, e, o.order_id),
    "timeline.timeline": lambda s, d, e, o: [(o.number, step) for step in timeline.timeline(s, d.viewer, o.order_id)],
    "presence.others_at": lambda s, d, e, o: presence.others_at(s, d.viewer, o.order_id, e.now),
    "callers.history": lambda s, d, e, o: callers.history(s, d.viewer, e, "13900002211", limit=500),
    "queues.to_dispatch": lambda s, d, e, o: queues.to_dispatch(s, d.viewer, e, limit=500),
    "queues.to_release": lambda s, d, e, o: queues.to_release(s, d.viewer, e, limit=500),
    "queues.to_call_back": lambda s, d, e, o: queues.to_call_back(s, d.viewer, e, limit=500),
    "queues.to_archive": lambda s, d, e, o: queues.to_archive(s, d.viewer, e, limit=500),
    "queues.to_review": lambda s, d, e, o: queues.to_review(s, d.viewer, e, limit=500),
    "leaders.to_instruct": lambda s, d, e, o: leaders.to_instruct(s, d.viewer, e, limit=500),
    "consents.to_consent": lambda s, d, e, o: consents.to_consent(s, d.viewer, e, limit=500),
    "tray.tray": lambda s, d, e, o: tray.tray(s, d.viewer, e, limit=500),
    "tray.to_approve": lambda s, d, e, o: tray.to_approve(s, d.viewer, e, limit=500),
    "dashboard.counts": lambda s, d, e, o: dashboard.counts(s, d.viewer, e),
    "dashboard.overdue": lambda s, d, e, o: dashboard.overdue(s, d.viewer, e, limit=500),
    "dashboard.snapshot": lambda s, d, e, o: dashboard.snapshot(s, d.viewer, e, limit=500),
    "figures.history": lambda s, d, e, o: figures.history(s, d.viewer, e.now, 30),
    "figures.received_today": lambda s, d, e, o: figures.received_today(s, d.viewer, e.now),
    "statistics.counts": lambda s, d, e, o: [
        statistics.counts(s, d.viewer, reckoning_now(d, s), lately(e), by, scope=scope)
        for by, scope in (
            (Dimension.TOTAL, Scope()),
            (Dimension.UNIT, Scope()),
            (Dimension.KIND, LETTERS),
            (Dimension.TOPIC, Scope(kinds=frozenset({Kind.COMPLAINT}))),
        )
    ],
    "statistics.by_day": lambda s, d, e, o: statistics.by_day(
        s, d.viewer, reckoning_now(d, s), lately(e), Dimension.UNIT
    ),
    "statistics.by_month": lambda s, d, e, o: statistics.by_month(
        s, d.viewer, reckoning_now(d, s), lately(e), Dimension.TOPIC
    ),
    "counted.counted": lambda s, d, e, o: [
        counted.counted(s, d.viewer, reckoning_now(d, s), measure, lately(e), limit=500) for measure in COUNTED
    ],
    "faults.faults": lambda s, d, e, o: faults.faults(s, d.viewer, datetime.min.replace(tzinfo=UTC), e.now),
    "shortfalls.shortfalls": lambda s, d, e, o: [
        shortfalls.shortfalls(s, d.viewer, reckoning_now(d, s), lately(e), measure, but=but)
        for measure, but in SHORT_OF
    ],
    "shortfalls.recorded": lambda s, d, e, o: shortfalls.recorded(s, d.viewer, lately(e)),
    "turnaround.turnaround": lambda s, d, e, o: turnaround.turnaround(s, d.viewer, reckoning_now(d, s)),
    "figures.refusals": lambda s, d, e, o: figures.refusals(s, d.viewer, datetime.min.replace(tzinfo=UTC), e.now),
    "hearing.hearing": lambda s, d, e, o: [(o.number, c) for c in hearing.hearing(s, d.viewer, o.order_id).callers],
    "living.living": lambda s, d, e, o: living.living(s, d.viewer, o.order_id),
    "callers.same_caller": lambda s, d, e, o: callers.same_caller(s, d.viewer, e, o.order_id, limit=500),
    "looks.looks": lambda s, d, e, o: looks.looks(s, d.viewer, limit=500),
    "publication.answers": lambda s, d, e, o: publication.answers(s, d.viewer),
    "publication.hits": lambda s, d, e, o: publication.hits(s, d.viewer, o.order_id, "王小明13900002211"),
    "search.questions": lambda s, d, e, o: questions(s, d.viewer, 500),
    "examples.examples": lambda s, d, e, o: list(examples.examples(s, d.viewer)),
    "search.answered": lambda s, d, e, o: answered(s, d.viewer, 500),
    "search.similar_orders": lambda s, d, e, o: similar_orders(
        s, d.viewer, e, text="小区物业收费没有公示", place="某某花园", phone="13900002211", limit=500
    ),
    "search.latest": lambda s, d, e, o: list(matters.latest(s, d.viewer, e.now - timedelta(days=30), 500)),
    "search.touched": lambda s, d, e, o: matters.touched(s, d.viewer, e.now - timedelta(days=30), UUID(int=0), 500),
}

OF_ONE_ORDER = {
    "orders.page by number", "orders.row", "orders.numbered", "orders.by_number", "detail.detail", "timeline.timeline",
    "hearing.hearing", "living.living",
}  # fmt: skip


def read(name: str, desk: Desk, order: Built) -> Any:
    """What this desk gets from a query; None where it is refused or told that there is no such order."""
    with reader(desk) as told:
        return told(name, order)


@contextmanager
def reader(desk: Desk) -> Iterator[Callable[[str, Built], Any]]:
    """The same for many queries at one moment."""
    with desk.store.read() as session:
        edges = edges_now(desk, session)

        def told(name: str, order: Built) -> Any:
            try:
                return READS[name](session, desk, edges, order)
            except (Refused, NotFound):
                return None

        yield told


@contextmanager
def statements(desk: Desk) -> Iterator[list[sa.Executable]]:
    """The statements that are executed inside."""
    seen: list[sa.Executable] = []

    def remember(_connection: object, statement: sa.Executable, *_rest: object) -> None:
        seen.append(statement)

    event.listen(desk.store.engine, "before_execute", remember)
    try:
        yield seen
    finally:
        event.remove(desk.store.engine, "before_execute", remember)


def tables_of(statement: Any) -> set[str]:
    """The tables that a statement names anywhere."""
    return {node.name for node in sa.sql.visitors.iterate(statement) if isinstance(node, sa.Table)}


def skips_rows(statement: Any) -> bool:
    """Whether it pages by OFFSET, which reads what it passes over."""
    return any(
        isinstance(node, sa.Select) and node._offset_clause is not None for node in sa.sql.visitors.iterate(statement)
    )


ORDER_TABLES = {
    "work_order", "assignment", "deadline", "reply", "callback", "instruction", "on_site", "misconduct",
    "order_caller", "order_accused", "caller", "event",
}  # fmt: skip


def modules() -> list[Path]:
    """The modules of the read side, but for the one that decides who sees what."""
    return sorted(path for folder in (QUERIES, SEARCH) for path in folder.glob("*.py") if path.name != "visibility.py")


def public_functions(path: Path) -> set[str]:
    """Functions of a module that take a viewer and are not its own affair."""
    return {
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and [argument.arg for argument in node.args.args[:2]] == ["session", "viewer"]
    }
