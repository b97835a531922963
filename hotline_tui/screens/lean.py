"""Memory that is let go goes back to the system: fifty seats may share one host."""

from __future__ import annotations

import os

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
"""Of glibc's <malloc.h>."""
_SMALL = 128 * 1024


def give_back() -> None:
    """Keep glibc's thresholds where they begin, and its arenas at one; elsewhere do nothing.

    Freeing the 19 MiB of a password check would raise the thresholds for good, and each thread would hoard an arena.
    """
    if not os.confstr_names.get("CS_GNU_LIBC_VERSION") or not os.confstr("CS_GNU_LIBC_VERSION"):
        return
    import ctypes

    libc = ctypes.CDLL(None)
    for parameter, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _SMALL), (_TRIM_THRESHOLD, _SMALL)):
        libc.mallopt(parameter, value)
