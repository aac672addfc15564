"""Reading a request's body in the event loop, as long as it comes at the lowest rate at least."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from beside.front.limits import Limits, Refused, busy


class Body:
    """The body of one request, which has said that it is `length` bytes long.

    `problem` says why nothing more can be read, where it isn't the end.
    """

    def __init__(self, chunks: AsyncIterator[bytes] | None, length: int, limits: Limits) -> None:
        self.length = length
        self.received = 0
        self.kept = 0
        self.problem: Refused | None = None
        self._chunks = chunks
        self._collected: list[bytes] = []
        self._limits = limits
        self._began = asyncio.get_running_loop().time()

    async def next_chunk(self) -> bytes:
        """The next bytes; none at the end, and none where there is a `problem`."""
        if self.problem or self._chunks is None or self.received >= self.length:
            return b""
        try:
            async with asyncio.timeout_at(self._deadline()):
                chunk = await anext(self._chunks)
        except StopAsyncIteration:
            chunk = b""
        except TimeoutError:
            # Never read again: that would wait, in the loop itself, for the read that was given up.
            self.problem = Refused(408, "This came too slowly. Please try again.")
            return b""
        self.received += len(chunk)
        if not chunk:
            self.problem = Refused(400, "This ended before all of it had come.")
        return chunk

    async def keep_next(self) -> int:
        """Read the next chunk and keep it; returns how many bytes were added."""
        chunk = await self.next_chunk()
        # Meanwhile it may have been dropped.
        if chunk and not self.problem:
            self._collected.append(chunk)
            self.kept += len(chunk)
            return len(chunk)
        return 0

    def take(self) -> bytes:
        """What was kept; it is kept no longer."""
        taken = b"".join(self._collected)
        self._collected.clear()
        self.kept = 0
        return taken

    def drop(self, why: Refused) -> None:
        """Keep nothing of it and read no more of it."""
        self.problem = why
        self._collected.clear()
        self.kept = 0

    def _deadline(self) -> float:
        """No silence longer than `idle_s`, and the whole no slower than the lowest rate."""
        limits, now = self._limits, asyncio.get_running_loop().time()
        in_all = limits.body_s + self.received / limits.lowest_rate
        return min(now + limits.idle_s, self._began + in_all)


class Collecting:
    """The bodies that one process collects in memory, and how much of them it keeps."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bodies: set[Body] = set()
        self._bytes = 0

    async def up_to(self, most: int, body: Body) -> bytes:
        """The next `most` bytes of `body` or a little more; fewer at its end, or where it has a `problem`."""
        self._bodies.add(body)
        try:
            while body.kept < most and not body.problem and body.received < body.length:
                added = await body.keep_next()
                # In a statement of its own: `+=` would add to what was counted before the wait, and forget what others did meanwhile.
                self._bytes += added
                self._make_room()
        finally:
            self._bodies.discard(body)
            self._bytes -= body.kept
        return body.take()

    @contextmanager
    def keeping(self, piece: bytes) -> Iterator[None]:
        """Count a piece that was collected until the application has taken it: it may wait for a thread."""
        self._bytes += len(piece)
        try:
            yield
        finally:
            self._bytes -= len(piece)

    def _make_room(self) -> None:
        """Where too much is kept, drop the largest: small forms still come through."""
        while self._bytes > self._limits.bodies_bytes:
            largest = max(self._bodies, key=lambda body: body.kept)
            if not largest.kept:
                return
            self._bytes -= largest.kept
            largest.drop(busy())
