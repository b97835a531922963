"""The time of a server: seats whose clocks are hours apart count the same working days."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

_COUNTED_BY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Nobody sets it, and it goes on while the machine sleeps."""


def _elapsed() -> float:
    return time.clock_gettime(_COUNTED_BY)


class ServerTime:
    """Aware UTC: what the server said when it was last asked, and the seconds counted since then."""

    def __init__(self) -> None:
        self._read: tuple[datetime, float] | None = None

    def ask(self, connection: Any) -> None:
        """Read the clock of the server at the other end of a driver's connection that has no transaction."""
        began = _elapsed()
        connection.autocommit = True
        at: datetime = connection.execute("SELECT clock_timestamp()").fetchone()[0]
        connection.autocommit = False
        self._read = (at.astimezone(UTC), (began + _elapsed()) / 2)

    def __call__(self) -> datetime:
        """Now; by this machine's clock until the server has been asked."""
        if self._read is None:
            return datetime.now(UTC)
        at, counted = self._read
        return at + timedelta(seconds=_elapsed() - counted)
