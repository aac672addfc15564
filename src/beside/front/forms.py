"""A form with photographs, which is too large to be read whole: the application reads it from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from beside.front.bodies import Body


class FormBody:
    """The `wsgi.input` of such a form. Whoever reads it waits in a thread, as long as `Body` allows.

    A line that breaks or stalls ends it like any other end; what came before is whole.
    """

    def __init__(self, body: Body) -> None:
        self._body = body
        self._loop = asyncio.get_running_loop()
        self._left = b""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        if not self._left:
            self._left = asyncio.run_coroutine_threadsafe(
                self._body.next_chunk(), self._loop
            ).result()
        if size < 0:
            size = len(self._left)
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def readline(self, size: int = -1, /) -> bytes:
        """Not for forms with files, whose lines nobody reads."""
        raise NotImplementedError

    def readlines(self, hint: int = -1, /) -> list[bytes]:
        """Not for forms with files, whose lines nobody reads."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(), b"")
