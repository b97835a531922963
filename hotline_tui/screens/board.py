"""What 督办看板 shows at one moment (R-6b): the snapshot, and the overdue orders that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from hotline_tui.data.queries import picks
from hotline_tui.data.queries.dashboard import OverdueRow, Snapshot, overdue, snapshot
from hotline_tui.data.queries.rows import Cursor
from hotline_tui.rules.deadlines import Edges, shanghai_day
from hotline_tui.rules.pinyin import match
from hotline_tui.screens.spellings import SPELLINGS, URGENT, URGENT_SPELLING
from hotline_tui.services.clock import choices_of, edges_now
from hotline_tui.services.desk import Desk

if TYPE_CHECKING:
    from hotline_tui.data.store import Session

PAGE = 50
_SCAN = 200
# A filter looks through no more than this many orders, most overdue first.
_SCANNED = 2000
_PAST_KEPT = timedelta(minutes=1)

Names = list[tuple[str, str]]
"""Label and spelling."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which overdue orders are wanted, and how many."""

    unit_id: UUID | None = None
    words: str = ""
    """Each of them in unit, kind, topic, standing, urgency or number: characters, pinyin or initials."""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Board:
    """One reading; nothing in it changes any more."""

    asked: Asked
    snapshot: Snapshot
    orders: tuple[OverdueRow, ...]
    more: bool
    """There are further orders behind these."""


def read_board(session: Session, desk: Desk, asked: Asked, before: Board | None = None) -> Board:
    """Read the board; what `before` says of the past is kept for a minute of the same day."""
    edges = edges_now(desk, session)
    past = before.snapshot.past if before else None
    if past is not None and not _still(past.month.until, edges.now):
        past = None
    plain = asked.unit_id is None and not asked.words.strip()
    found = snapshot(
        session,
        desk.viewer,
        edges,
        closing=desk.settings.closing,
        limit=asked.limit + 1 if plain else 1,
        choices=choices_of(desk.settings),
        past=past,
    )
    orders = found.overdue_orders if plain else _filtered(session, desk, edges, asked)
    return Board(asked, found, orders[: asked.limit], len(orders) > asked.limit)


def _still(counted: datetime, now: datetime) -> bool:
    return timedelta() <= now - counted < _PAST_KEPT and shanghai_day(counted) == shanghai_day(now)


def _filtered(session: Session, desk: Desk, edges: Edges, asked: Asked) -> tuple[OverdueRow, ...]:
    """One order more than asked for, if there is one."""
    words = asked.words.split()
    units, topics = _names(session) if words else ({}, {})
    found: list[OverdueRow] = []
    after: Cursor | None = None
    for _ in range(_SCANNED // _SCAN):
        page = overdue(
            session,
            desk.viewer,
            edges,
            unit_id=asked.unit_id,
            closing=desk.settings.closing,
            after=after,
            limit=_SCAN if words else asked.limit + 1,
        )
        found += (row for row in page.rows if _holds(row, words, units, topics, loosely=desk.settings.fuzzy_pinyin))
        after = page.next
        if after is None or len(found) > asked.limit:
            break
    return tuple(found)


def _names(session: Session) -> tuple[dict[UUID, Names], dict[str, Names]]:
    """What units and topics are called, retired ones too: their orders are still owed."""
    units = {
        unit.id: [(unit.name, unit.spelling), (unit.short, ""), *unit.aliases]
        for unit in picks.units(session, retired=True)
    }
    return units, {topic.path: [(topic.path, topic.spelling)] for topic in picks.topics(session, retired=True)}


def _holds(
    row: OverdueRow, words: list[str], units: dict[UUID, Names], topics: dict[str, Names], *, loosely: bool
) -> bool:
    order = row.order
    names: Names = [(order.kind.label, SPELLINGS[order.kind]), (order.number, "")]
    if row.unit_id is not None:
        names += units.get(row.unit_id, [(row.unit, "")])
    names += topics.get(order.topic, [(order.topic, "")])
    if order.standing is not None:
        names.append((order.standing.label, SPELLINGS[order.standing]))
    if order.urgent:
        names.append((URGENT, URGENT_SPELLING))
    return all(
        any(label and match(word, label, spelling, loosely=loosely) for label, spelling in names) for word in words
    )
