"""Once more, for a while: what a server undid or never heard was not stored, and the same again may succeed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from hotline_tui.errors import Lost

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")
LONGEST_PAUSE = 1.0
"""Seconds between two attempts; the first ones are much shorter, and no two seats' alike."""


def patiently(
    job: Callable[[], T], seconds: float, given_up: threading.Event, tell: Callable[[], object] | None = None
) -> T:
    """Do it; after `Lost` again, until `seconds` are over or it is given up; `tell` hears of each attempt that failed.

    The job must begin anew each time: one that ends a unit of work does.
    """
    from tenacity import (
        Retrying,
        retry_if_exception_type,
        sleep_using_event,
        stop_after_delay,
        stop_when_event_set,
        wait_random_exponential,
    )

    def failed(_state: RetryCallState) -> None:
        if tell is not None:
            tell()

    attempts = Retrying(
        retry=retry_if_exception_type(Lost),
        stop=stop_after_delay(seconds) | stop_when_event_set(given_up),
        wait=wait_random_exponential(multiplier=0.05, max=LONGEST_PAUSE),
        sleep=sleep_using_event(given_up),
        before_sleep=failed,
        reraise=True,
    )
    return attempts(job)
