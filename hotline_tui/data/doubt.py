"""Whether a work arrived whose COMMIT was never answered: its event's key, made before it was sent, tells."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from hotline_tui.data.failures import IN_DOUBT
from hotline_tui.data.store import Store
from hotline_tui.errors import Lost, Unreachable
from hotline_tui.models import Event

DOUBT_SECONDS = 30
"""So long the server is asked: as long as a standby needs to take its place."""


def columns_of(event: Event) -> dict[str, Any]:
    """The row of an event that is about to be committed."""
    return {column.key: getattr(event, column.key) for column in sa.inspect(Event).columns}


def arrived(store: Store, event: dict[str, Any]) -> bool:
    """Whether the event is stored, once it is certain; raises Unreachable where nobody can say so in time."""
    try:
        return store.patiently(lambda: _stored(store, event), seconds=DOUBT_SECONDS)
    except Lost as error:
        raise Unreachable(IN_DOUBT) from error


def _stored(store: Store, event: dict[str, Any]) -> bool:
    with store.write() as session:
        # The same key once more: the server makes this wait until the work in doubt has ended, one way or the other.
        try:
            session.connection().execute(sa.insert(Event), [event])
        except IntegrityError:
            pass
        else:
            return False
    with store.read() as session:
        return bool(session.connection().execute(sa.select(sa.exists().where(col(Event.id) == event["id"]))).scalar())
