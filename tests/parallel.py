"""Many acts at the same moment, each with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

# PostgreSQL's own limit in the tests is a hundred connections.
THREADS = 40
ENOUGH_S = 120


def in_parallel(act: Callable[[int], Any], *, times: int) -> list[Any]:
    """What `act` returned or raised, for each number below `times`. The first `THREADS` begin together."""
    start = Barrier(min(THREADS, times))

    def one(number: int) -> Any:
        if number < start.parties:
            start.wait(ENOUGH_S)
        try:
            return act(number)
        except Exception as wrong:  # noqa: BLE001
            return wrong
        finally:
            connection.close()

    with ThreadPoolExecutor(min(THREADS, times)) as pool:
        return list(pool.map(one, range(times)))
