"""Connections to the database, lent to a request for as long as it asks something, and not while it waits for its sender or reader.

Otherwise eight people with slow phones would have every connection of a process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import connection

from beside.front.forms import FormBody

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def lending(application: WSGIApplication) -> WSGIApplication:
    """The same application; each thread gives its connection back once it has no use for it."""

    def answering(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if isinstance(body := environ.get("wsgi.input"), FormBody):
            body.before_waiting = give_back
        try:
            answer = application(environ, start_response)
        finally:
            give_back()
        return _Stream(answer) if getattr(answer, "streaming", False) else answer

    return answering


def give_back() -> None:
    """Let others have this thread's connection, unless a transaction is going on."""
    if connection.connection is not None and not connection.in_atomic_block:
        connection.close()


class _Stream:
    """An answer whose reader may be slow."""

    streaming = True

    def __init__(self, answer: Iterable[bytes]) -> None:
        self._answer: Any = answer

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._answer:
            give_back()
            yield piece

    def close(self) -> None:
        """Tell the application that it's over."""
        try:
            self._answer.close()
        finally:
            give_back()
