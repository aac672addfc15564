"""Two concurrent transactions, each in a thread of its own. No clock decides which is first.

`second` begins when `first` has done everything but commit. On PostgreSQL, `first` goes on once `second` waits for
one of its locks, or has ended. SQLite lets no second writer begin before the first has committed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

ENOUGH_S = 60
Act = Callable[[], Any]


@dataclass
class Outcome:
    """What each returned, or the exception that it raised."""

    first: Any
    second: Any

    def raised(self) -> list[type[Exception]]:
        return [type(one) for one in (self.first, self.second) if isinstance(one, Exception)]


class _Person(threading.Thread):
    def __init__(self, act: Act) -> None:
        super().__init__(daemon=True)
        self.answer: Any = None
        self.began = threading.Event()
        self.backend: int | None = None
        self._act = act

    def run(self) -> None:
        try:
            self.backend = _backend()
            self.began.set()
            self.answer = self._act()
        except Exception as wrong:  # noqa: BLE001
            self.answer = wrong
        finally:
            self.began.set()
            connection.close()

    def is_through(self) -> bool:
        return not self.is_alive()


def at_once(first: Act, second: Act, *, then: Act = lambda: None) -> Outcome:
    """Run `second` while `first` has not committed; `then` is the rest of `first`.

    Raises AssertionError if either is still running after a minute.
    """
    other = _Person(second)

    def whole() -> Any:
        with transaction.atomic():
            answer = first()
            other.start()
            _wait_until_it_waits(other)
            then()
        return answer

    one = _Person(whole)
    one.start()
    one.join(ENOUGH_S)
    other.join(ENOUGH_S)
    assert one.is_through()
    assert other.is_through()
    return Outcome(one.answer, other.answer)


def _backend() -> int | None:
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _wait_until_it_waits(other: _Person) -> None:
    assert other.began.wait(ENOUGH_S)
    if other.backend is None:
        return
    for _ in range(ENOUGH_S * 100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [other.backend])
            if cursor.fetchone()[0] or other.is_through():
                return
        other.join(0.01)
    raise AssertionError("The second transaction neither waits nor ends.")
