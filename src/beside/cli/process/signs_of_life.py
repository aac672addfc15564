"""What a worker says while it does a chore that takes long: that it runs, and that the chore's turn is its own.

A thread says it, which knows of nothing but the time. So it stops after an hour, and a worker that hangs is missed then as one that is gone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections, connections

log = logging.getLogger(__name__)

# Well within the time after which a worker counts as silent, and a turn as nobody's.
EVERY_S = 15.0
# A sweep of a large place takes minutes. What takes longer than this hangs.
LONGEST_S = 3600.0
# The last sign may just be on its way to a database that doesn't answer.
_ENDING_S = 5.0


@contextmanager
def signs_of_life(
    give: Callable[[], object], *, every_s: float = EVERY_S, longest_s: float = LONGEST_S
) -> Iterator[None]:
    """Inside the block, `give` is called every `every_s` seconds in another thread, until `longest_s` are over."""
    ended = Event()
    giving = Thread(
        target=_give, args=(give, ended, every_s, longest_s), name="signs of life", daemon=True
    )
    giving.start()
    try:
        yield
    finally:
        ended.set()
        giving.join(_ENDING_S)


def _give(give: Callable[[], object], ended: Event, every_s: float, longest_s: float) -> None:
    until = time.monotonic() + longest_s
    while not ended.wait(every_s):
        if time.monotonic() >= until:
            log.error("A chore has taken an hour, and counts as hanging.")
            break
        try:
            give()
        except (DatabaseError, OSError) as wrong:
            log.warning("a sign of life has to wait: %s", wrong)
            close_old_connections()
    connections.close_all()
