"""Sending what is long piece by piece: the next one is made once the reader's socket has taken the last.

The server offers an answer in pieces too, but takes as many as it is given, however slowly they are
read. A file it reads only as fast as its reader does; so it is given one end of a pipe for a file.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

_DESCRIPTORS = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"

# Far longer than a server takes, which opens a path when it begins to answer.
_SERVER_OPENS_WITHIN_S = 600

Pull = Callable[[], Awaitable[bytes]]


class Stalled(Exception):
    """The reader has taken nothing for too long, or has gone."""


class Pipe:
    """A pipe whose reading end the server opens by its path."""

    def __init__(self) -> None:
        self._reading: int | None
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        self.path = f"{_DESCRIPTORS}/{self._reading}"

    async def write(self, data: bytes, *, idle_s: float) -> None:
        """Return once the pipe has taken all of it. Raises `Stalled`."""
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._writing, left) :]
            except BlockingIOError:
                await self._room(idle_s)
            except BrokenPipeError:
                raise Stalled from None

    def close(self) -> None:
        """The end, for the server too."""
        os.close(self._writing)
        if self._reading is not None:
            _leave_empty(self._reading)
            self._reading = None

    async def _room(self, idle_s: float) -> None:
        loop = asyncio.get_running_loop()
        has_room = asyncio.Event()
        loop.add_writer(self._writing, has_room.set)
        try:
            async with asyncio.timeout(idle_s):
                await has_room.wait()
        except TimeoutError:
            raise Stalled from None
        finally:
            loop.remove_writer(self._writing)
        # What filled the pipe was read, so the server has opened its own end; now it breaks with the reader.
        self._let_server_read_alone()

    def _let_server_read_alone(self) -> None:
        if self._reading is not None:
            os.close(self._reading)
            self._reading = None


def _leave_empty(descriptor: int) -> None:
    """Keep the number of a pipe that the server has perhaps not opened yet: at that path it finds nothing.

    Were the number free, the next file that this process opens would have that path, and be sent.
    """
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, descriptor, inheritable=False)
    os.close(nothing)
    asyncio.get_running_loop().call_later(_SERVER_OPENS_WITHIN_S, os.close, descriptor)


async def pump(pipe: Pipe, pull: Pull, *, idle_s: float) -> None:
    """Write what `pull` gives until it gives nothing; at most one piece is in memory. Raises `Stalled`."""
    while piece := await pull():
        await pipe.write(piece, idle_s=idle_s)
        del piece
