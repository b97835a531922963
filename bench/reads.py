"""What each screen reads when it opens, and what 查询 is asked for: with the screens' own parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from bench.multiplied import FREQUENT
from hotline_tui.data.queries import (
    callers,
    consents,
    dashboard,
    leaders,
    looks,
    orders,
    queues,
)
from hotline_tui.data.queries.orders import MAY_ASK_BY_PHONE, OrderFilter, Sort
from hotline_tui.data.queries.tray import to_approve, tray
from hotline_tui.data.search.alike import AlikeIndex
from hotline_tui.data.search.similar import similar_orders
from hotline_tui.models import Assignment, Caller, OrderCaller, Topic, WorkOrder
from hotline_tui.rules.deadlines import Edges, shanghai_day
from hotline_tui.rules.secrecy import MAY_READ_LOOKS
from hotline_tui.rules.words import Kind, OrderState, Role, Standing
from hotline_tui.screens.board import Asked, read_board
from hotline_tui.screens.directory import read_directory
from hotline_tui.screens.order_view import look
from hotline_tui.screens.search_filters import FACETS, OPEN, narrowed
from hotline_tui.screens.search_parts import PAGE, PART_SECONDS
from hotline_tui.services.desk import Desk

Read = Callable[[Session, Desk, Edges], Any]
FRONT = frozenset({Role.AGENT, Role.OFFICE})
OFFICE = frozenset({Role.OFFICE})
UNITS = frozenset({Role.HANDLER, Role.UNIT_LEADER})
NARRATIVE = "小区物业从本月起对业主私家车按每天十元收取停车费, 没有公示, 也没有征求业主意见, 要求核查收费依据并退还。"
COMMON, RARE, NOWHERE = "漏水", "口服液", "无此词语"


@dataclass(frozen=True)
class Known:
    """Orders and rows of this city that are asked for."""

    archived: UUID
    archived_number: str
    living: UUID
    of_unit: UUID
    """An order that was dispatched to the units' people and is closed."""
    frequent: UUID
    """Of a caller who calls every day."""
    phone: str
    unit: UUID
    topic: UUID
    leaf: UUID
    middle: orders.Cursor


def known(session: Session, desk: Desk) -> Known:
    """Find them; `desk` is a unit's."""
    run = session.connection().execute
    now, unit, state = desk.clock(), desk.viewer.unit_id, col(WorkOrder.state)
    assert unit is not None
    orders_ = sa.select(col(WorkOrder.id), col(WorkOrder.number), col(WorkOrder.received_at)).limit(1)
    orders_ = orders_.where(col(WorkOrder.secret).is_(False))
    archived = run(
        orders_.where(state == OrderState.ARCHIVED, col(WorkOrder.received_at) < now - timedelta(days=400)).order_by(
            col(WorkOrder.received_at).desc()
        )
    ).one()
    called = sa.select(col(OrderCaller.order_id), col(Caller.phone)).join(
        Caller, col(Caller.id) == col(OrderCaller.caller_id)
    )
    return Known(
        archived=archived.id,
        archived_number=archived.number,
        living=run(orders_.where(state == OrderState.ASSIGNED)).one().id,
        of_unit=run(
            sa.select(col(Assignment.order_id)).where(col(Assignment.unit_id).in_(desk.viewer.unit_ids)).limit(1)
        ).scalar_one(),
        frequent=run(called.where(col(Caller.phone) == FREQUENT).limit(1)).one().order_id,
        phone=run(called.where(col(Caller.phone) != "", col(Caller.phone) != FREQUENT).limit(1)).one().phone,
        unit=unit,
        topic=run(sa.select(col(Topic.id)).where(col(Topic.parent_id).is_(None)).limit(1)).scalar_one(),
        leaf=run(sa.select(col(Topic.id)).where(col(Topic.parent_id).is_not(None)).limit(1)).scalar_one(),
        middle=orders.Cursor(archived.received_at, archived.id),
    )


def reads(desk: Desk, it: Known) -> Iterator[tuple[str, Read]]:
    """Name and read, of those that this desk's screens make."""
    role = desk.role
    yield "status line", lambda s, d, e: dashboard.counts(s, d.viewer, e)
    yield "dashboard", lambda s, d, _: read_board(s, d, Asked())
    yield "dashboard, one unit", lambda s, d, _: read_board(s, d, Asked(unit_id=it.unit))
    yield "dashboard, words", lambda s, d, _: read_board(s, d, Asked(words="chengguan tousu"))
    yield "directory", lambda s, _d, _e: read_directory(s)
    yield "order, under way", _order(it.living if role not in UNITS else it.of_unit)
    yield "order, closed", _order(it.archived if role not in UNITS else it.of_unit)
    if role in FRONT:
        index = AlikeIndex()
        yield "dispatch", lambda s, d, e: queues.to_dispatch(s, d.viewer, e)
        yield "callback: to call", lambda s, d, e: queues.to_call_back(s, d.viewer, e)
        yield "callback: to archive", lambda s, d, e: queues.to_archive(s, d.viewer, e)
        yield "intake: history", lambda s, d, e: callers.history(s, d.viewer, e, it.phone)
        yield "intake: history, frequent", lambda s, d, e: callers.history(s, d.viewer, e, FREQUENT)
        yield "intake: history, unknown", lambda s, d, e: callers.history(s, d.viewer, e, "19912345678")
        yield (
            "intake: similar",
            lambda s, d, e: similar_orders(
                s, d.viewer, e, text=NARRATIVE, place="某某花园", phone=it.phone, index=index
            ),
        )
        yield (
            "intake: similar, frequent",
            lambda s, d, e: similar_orders(s, d.viewer, e, text=NARRATIVE, phone=FREQUENT, index=index),
        )
        yield "order: same caller", lambda s, d, e: callers.same_caller(s, d.viewer, e, it.archived)
        yield "order: same caller, frequent", lambda s, d, e: callers.same_caller(s, d.viewer, e, it.frequent)
    if role in OFFICE:
        yield "release", lambda s, d, e: queues.to_release(s, d.viewer, e)
        yield "callback: to review", lambda s, d, e: queues.to_review(s, d.viewer, e)
        yield "instruction: all", lambda s, d, e: leaders.to_instruct(s, d.viewer, e)
        for stage in leaders.Stage:
            yield f"instruction: {stage.name.lower()}", _stage(stage)
        yield "instruction: consents", lambda s, d, e: consents.to_consent(s, d.viewer, e)
    if role is Role.CITY_LEADER:
        yield "instruction", lambda s, d, e: leaders.to_instruct(s, d.viewer, e)
    if role in MAY_READ_LOOKS:
        yield "looks", lambda s, d, _: looks.looks(s, d.viewer)
    if role in UNITS:
        yield "unit: tray", lambda s, d, e: tray(s, d.viewer, e)
        yield "unit: to approve", lambda s, d, e: to_approve(s, d.viewer, e)
    yield from _searches(desk, it)


def _searches(desk: Desk, it: Known) -> Iterator[tuple[str, Read]]:
    today = shanghai_day(desk.clock())
    for sort in Sort:
        yield f"search, {sort.value}", _page(sort=sort)
    yield "search, from the middle", _page(after=it.middle)
    yield "search: number", _page(OrderFilter(number=it.archived_number))
    yield "search: number's end", _page(OrderFilter(number=it.archived_number[-4:]))
    yield "search: number's beginning", _page(OrderFilter(number=it.archived_number[:12]))
    if desk.role in MAY_ASK_BY_PHONE:
        for name, phone in (("", it.phone), (", frequent", FREQUENT), (", unknown", "19912345678")):
            for sort in (Sort.NEWEST, Sort.OLDEST):
                yield f"search: phone{name}, {sort.value}", _page(OrderFilter(phone=phone), sort=sort)
    for name, words in (("common", COMMON), ("rare", RARE), ("nowhere", NOWHERE)):
        yield f"search: words, {name}", _page(OrderFilter(words=words))
    keys = {
        "state": [OPEN, *Standing, *OrderState],
        "kind": [*Kind],
        "unit": [it.unit],
        "topic": [it.topic, it.leaf],
        "period": ["today", "last_year"],
    }
    for facet in FACETS:
        for key in keys[facet.id]:
            asked = narrowed(OrderFilter(), facet.id, str(key), today)
            for sort in Sort:
                yield f"search: {facet.id} {str(key)[:20]}, {sort.value}", _page(asked, sort=sort)
    both = narrowed(narrowed(OrderFilter(), "state", "overdue", today), "unit", str(it.unit), today)
    yield "search: overdue of a unit", _page(both)
    both = narrowed(narrowed(OrderFilter(), "topic", str(it.leaf), today), "kind", str(Kind.TIPOFF), today)
    yield "search: topic and kind", _page(both)
    yield "search: words of a unit", _page(OrderFilter(unit_id=it.unit, words=COMMON))


def _page(asked: OrderFilter = orders.EVERYTHING, **how: Any) -> Read:
    return lambda s, d, e: orders.page(s, d.viewer, e, asked, limit=PAGE, seconds=PART_SECONDS, **how)


def _order(order_id: UUID) -> Read:
    return lambda s, d, _: look(d, order_id)(s)


def _stage(stage: leaders.Stage) -> Read:
    return lambda s, d, e: leaders.to_instruct(s, d.viewer, e, stage=stage)
