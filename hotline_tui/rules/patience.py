"""How long after failures nobody may try a password again, and what its hash costs: one place for both engines."""

from __future__ import annotations

from datetime import timedelta

FREE_FAILURES = 2
"""So many slips of the hand cost no waiting."""
LONGEST_WAIT = timedelta(minutes=15)

MEMORY_KIB, PASSES, LANES = 19_456, 4, 1
"""Of argon2id: 19 MiB as OWASP advises at least, so that fifty seats signing in at once fit into one host; about 60 ms
each."""


def wait_after(failures: int) -> timedelta:
    """How long after the n-th failure in a row nobody may try: nothing, then 2, 4, 8 seconds up to 15 minutes."""
    if failures <= FREE_FAILURES:
        return timedelta()
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - FREE_FAILURES, 20)))
