"""A form with photographs, which is too large to be read whole: the application reads it from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from beside.front.bodies import Body


class FormBody:
    """The `wsgi.input` of such a form. Whoever reads it waits in a thread, as long as `Body` allows.

    A line that breaks or stalls ends it like any other end; what came before is whole.
    `before_waiting` is called in that thread each time.
    """

    def __init__(self, body: Body) -> None:
        self.before_waiting: Callable[[], None] = _do_nothing
        self._body = body
        self._loop = asyncio.get_running_loop()
        self._left = b""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        if not self._left:
            self.before_waiting()
            self._left = asyncio.run_coroutine_threadsafe(
                self._body.next_chunk(), self._loop
            ).result()
        if size < 0:
            size = len(self._left)
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def readline(self, size: int = -1, /) -> bytes:
        """As `read`: Django asks for lines only to use up what is left, and where they end is the same to it."""
        return self.read(size)

    def readlines(self, hint: int = -1, /) -> list[bytes]:
        """All that is left."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")


def _do_nothing() -> None:
    """Nothing has to be done before waiting."""
