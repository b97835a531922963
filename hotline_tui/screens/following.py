"""Reading again: when something was changed, and now and then because time passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import monotonic

QUIET_SECONDS = 60
"""Where changes are told, what is shown is read again so often nevertheless: deadlines pass by themselves."""


@dataclass
class Followed:
    """Something shown that is of some kinds of things."""

    kinds: frozenset[str]
    refresh: Callable[[], object]
    last: float = -inf

    def now(self) -> None:
        """Read it again."""
        self.last = monotonic()
        self.refresh()

    def looks(self, *, listening: bool) -> None:
        """Read it again unless changes are told and it was read a moment ago."""
        if not listening or monotonic() - self.last >= QUIET_SECONDS:
            self.now()
