"""A list in the order of time, looked through a stretch at a time: somebody who waits for it is never kept long.

What few orders hold, or none, is found only by reading all of them, which no index spares. So each stretch is as long
as the one before was quick, and after a while the list says how far it has come and where to go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from hotline_tui.data.queries.rows import Cursor, fetch
from hotline_tui.data.queries.visibility import Query
from hotline_tui.models.columns import UTC_TIME

FIRST = timedelta(days=4)
GROWTH = 4.0
LAST = timedelta(days=3650)
"""What lies so far from the beginning of the list is looked through at once."""
LEAST = 32
"""A stretch is no shorter than such a part of what was passed over before, so that the end is reached."""
_BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Times:
    """How far orders of the list can lie apart."""

    newest_first: bool
    start: datetime
    """Where the list begins when it begins anew."""
    end: datetime | None
    """Nothing of it lies beyond; None where that is not known."""


def look(
    session: Session,
    query: Callable[[Cursor | None], Query],
    at: Any,
    times: Times,
    *,
    after: Cursor | None,
    limit: int,
    seconds: float,
) -> tuple[list[Any], Cursor | None]:
    """Up to `limit` rows of a query behind a cursor; a cursor where they are fewer because the time was over.

    At least one stretch is looked through, however few `seconds` there are.
    """
    begun, span = monotonic(), FIRST
    found: list[Any] = []
    while True:
        here = after.at if after else times.start
        span = max(span, abs(times.start - here) / LEAST)
        to = _beyond(times, here, span)
        part = query(after)
        if to is not None:
            bound = sa.literal(to, UTC_TIME)
            part = part.where(at >= bound if times.newest_first else at < bound)
        asked = monotonic()
        found += fetch(session, part.limit(limit - len(found)))
        now = monotonic()
        if to is None or len(found) == limit:
            return found, None
        after = Cursor(to, _BEFORE_ALL)
        if now - begun >= seconds / 2:
            return found, after
        span *= min(GROWTH, max(1 / GROWTH, (begun + seconds - now) / 2 / max(now - asked, 1e-6)))


def _beyond(times: Times, here: datetime, span: timedelta) -> datetime | None:
    """Where the next stretch ends; None: at the end of the list."""
    if abs(times.start - here) + span > LAST:
        return None
    to = here - span if times.newest_first else here + span
    if times.end is not None and (to <= times.end if times.newest_first else to >= times.end):
        return None
    return to
