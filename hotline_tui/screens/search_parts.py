"""A page of 查询, looked for in parts: what few orders hold, or none, is found only by reading all of them.

Each part is a read of its own, shown as it comes with how far it has come; who asks for something else waits for none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from hotline_tui.data.queries import orders
from hotline_tui.data.queries.orders import OrderFilter, Sort
from hotline_tui.data.queries.rows import Cursor, OrderRow
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.services.clock import edges_now

if TYPE_CHECKING:
    from hotline_tui.data.store import Session
    from hotline_tui.services.desk import Desk

PAGE = 50
PART_SECONDS = 0.12
"""So long takes the first part, which somebody waits for."""
LATER_SECONDS = 0.5
_LETTERS = re.compile("[a-z]")

Readings = Callable[[str, "Session"], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a page so far."""

    asked: OrderFilter
    sort: Sort
    after: Cursor | None = None
    """Where to go on: with this page, or when it is complete with the next; None at the end of the result."""
    rows: tuple[OrderRow, ...] = ()
    looked_to: datetime | None = None
    """How far the page was looked for; None: it is complete."""
    parts: int = 0

    @property
    def complete(self) -> bool:
        """Nothing more is found of this page."""
        return self.looked_to is None

    @property
    def going_on(self) -> str:
        """What is said of a page that is still looked for; empty of a complete one."""
        if self.looked_to is None:
            return ""
        beyond = "以后" if self.sort is Sort.OLDEST else "以前"
        return f"正在查 {shanghai_day(self.looked_to):%Y-%m-%d} {beyond}受理的"


def look_on(session: Session, desk: Desk, found: Found, readings: Readings | None) -> Found:
    """The next part; `readings`: of letters that no order holds, what they may mean is looked for instead."""
    page = orders.page(
        session,
        desk.viewer,
        edges_now(desk, session),
        found.asked,
        sort=found.sort,
        after=found.after,
        limit=PAGE - len(found.rows),
        seconds=LATER_SECONDS if found.parts else PART_SECONDS,
    )
    rows = (*found.rows, *page.rows)
    looked_to = page.looked_to if len(rows) < PAGE else None
    now = replace(found, after=page.next, rows=rows, looked_to=looked_to, parts=found.parts + 1)
    if rows or not now.complete or readings is None or not _may_be_pinyin(found.asked.words):
        return now
    meant = readings(found.asked.words, session)
    if not meant:
        return now
    spelled = Found(replace(found.asked, words="", readings=meant), found.sort, parts=now.parts)
    return look_on(session, desk, spelled, None)


def _may_be_pinyin(words: str) -> bool:
    return any(len(word) > 1 and _LETTERS.search(word) for word in words.split())
