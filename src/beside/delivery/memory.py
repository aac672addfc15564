"""Autosave the memory of one photograph for the next, where the C library is glibc.

It otherwise gives a megabyte back to the system after each answer, and the system clears
every page of it for the next: 2.3 ms a photograph of 1 MB became 0.9.
"""

from __future__ import annotations

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_MB = 1024 * 1024


def keep_for_the_next() -> None:
    """Once for each process. With two arenas, not one for each thread, it is 16 MB at most."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 2)
        mallopt(_M_MMAP_THRESHOLD, 8 * _MB)
        mallopt(_M_TRIM_THRESHOLD, 8 * _MB)
