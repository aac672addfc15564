"""Connections to PostgreSQL that don't wait for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import psycopg

if TYPE_CHECKING:
    from psycopg.abc import PQGen

Returned = TypeVar("Returned")
_LOOKS_EVERY_S = 0.1


class TimedConnection(psycopg.Connection[Any]):
    """A connection that waits `answer_s` seconds for an answer, and then ends.

    PostgreSQL ends a slow statement by itself where it is told to, but not one that a pooler, a disk or a network holds up.
    """

    answer_s: float

    def wait(
        self, gen: PQGen[Returned], interval: float = _LOOKS_EVERY_S, timeout: float | None = None
    ) -> Returned:
        """What `gen` returns. Raises `OperationalError` where no answer comes."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answer_s)
        except psycopg.errors._WaitTimeout:
            # An answer that came later would be taken for that to the next question.
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"The database did not answer within {self.answer_s:g} seconds."
            ) from None


def timed_connection(answer_s: float) -> type[TimedConnection]:
    """The class of connections that wait so many seconds."""
    return type("TimedConnection", (TimedConnection,), {"answer_s": answer_s})
