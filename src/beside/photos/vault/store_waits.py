"""What a thread does before it waits for an object store: nothing, unless its process has something that others could use meanwhile."""

from __future__ import annotations

from collections.abc import Callable


def _do_nothing() -> None:
    """A folder answers at once."""


_act: Callable[[], None] = _do_nothing


def before_waiting(act: Callable[[], None]) -> Callable[[], None]:
    """Have `act` called in each thread of this process that is about to wait. Returns what was called until now."""
    global _act
    before, _act = _act, act
    return before


def about_to_wait() -> None:
    """Do it."""
    _act()
