"""Giving an answer to the server: whole where it is short, and as its reader takes it where it is long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

from beside.front import connections
from beside.front.answers import Answer, Pieces, Responder
from beside.front.limits import AtOnce, Limits
from beside.front.streams import Pipe, Stalled, pump
from beside.front.threads import Threads
from beside.front.unread import Unread

log = logging.getLogger(__name__)

_LOOK_AGAIN_S, _LOOKS = 0.2, 25
# The kernel takes as much at once, whatever the reader does.
_NEVER_UNREAD = 16 * 1024


@dataclass(frozen=True, slots=True)
class Asker:
    """Whom a request is counted for: its connection ("address:port"), its address, and its session if it has one."""

    client: str
    address: str
    session: str | None

    @property
    def person(self) -> str:
        """Their session, or else everybody at their address who has none."""
        return self.session or f"at {self.address}"


class Sending:
    """What one process is sending."""

    def __init__(self, limits: Limits, *, is_behind_proxy: bool) -> None:
        """Behind a proxy every connection is the proxy's, which counts those of each address itself."""
        self._limits = limits
        self._most_connections = None if is_behind_proxy else limits.connections_of_address
        self._unread = Unread(limits)
        self._streams = AtOnce(limits.streams_at_once, limits.streams_of_person)
        self._threads = [
            Threads(f"stream-{number}", 1, waiting=limits.waiting_for_thread)
            for number in range(limits.stream_threads)
        ]
        self._next_thread = 0
        self._sweeping: asyncio.Task[None] | None = None

    async def room(self, asker: Asker, *, port: int) -> None:
        """Return once there is room for one more answer. Raises `Refused` where there is none for long."""
        self._unread.asked_again(asker.client)
        for _ in range(_LOOKS):
            if self._unread.has_room(asker.person):
                return
            await self.sweep(port)
            if self._unread.has_room(asker.person):
                return
            await asyncio.sleep(_LOOK_AGAIN_S)
        self._unread.require_room(asker.person)

    @contextmanager
    def photograph_expected(self) -> Iterator[None]:
        """Count a photograph from before it is made, or all that wait for a thread would pass `room` together."""
        self._unread.expected += 1
        try:
            yield
        finally:
            self._unread.expected -= 1

    async def send(self, responder: Responder, answer: Answer, asker: Asker, *, port: int) -> None:
        """Answer; what is streamed is done when its reader has it or has stalled. Raises `Refused`."""
        if answer.pieces is None:
            self._send_whole(responder, answer, asker)
            return
        thread = self._threads[self._next_thread]
        self._next_thread = (self._next_thread + 1) % len(self._threads)
        try:
            with self._streams.one_more(asker.person):
                await self._stream(responder, answer, answer.pieces, asker, thread)
        except Stalled:
            # What the reader was given waits in its socket for ever, unless that ends.
            await asyncio.to_thread(connections.cut, port, {asker.client})
        finally:
            with suppress(Exception):
                await thread.run(answer.pieces.close)

    async def sweep(self, port: int) -> None:
        """Look what was taken, and end the connections whose readers are too slow."""
        if self._sweeping is None or self._sweeping.done():
            self._sweeping = asyncio.create_task(self._sweep(port))
        await asyncio.shield(self._sweeping)

    def stop(self) -> None:
        """Let the threads end."""
        for thread in self._threads:
            thread.stop(within_s=1)

    async def _sweep(self, port: int) -> None:
        unsent = await asyncio.to_thread(connections.unsent, port)
        ended = self._unread.settle(unsent, at=asyncio.get_running_loop().time())
        if self._most_connections is not None:
            ended |= connections.crowding(unsent, most=self._most_connections)
        if ended:
            log.info("Ending %d connections: too slow, or too many from one address.", len(ended))
            await asyncio.to_thread(connections.cut, port, ended)

    async def _stream(
        self, responder: Responder, answer: Answer, pieces: Pieces, asker: Asker, thread: Threads
    ) -> None:
        whole = self._limits.answer_bytes
        first = await thread.run(partial(pieces.up_to, whole))
        if len(first) < whole:
            self._send_whole(responder, Answer(answer.status, answer.headers, first), asker)
            return
        pipe = Pipe()
        try:
            responder.response_file(answer.status, answer.headers, pipe.path)
            pull = partial(thread.run, partial(pieces.up_to, 1))
            await pump(pipe, first, pull, idle_s=self._limits.idle_s)
        finally:
            pipe.close()

    def _send_whole(self, responder: Responder, answer: Answer, asker: Asker) -> None:
        responder.response_bytes(answer.status, answer.headers, answer.body)
        if len(answer.body) > _NEVER_UNREAD:
            now = asyncio.get_running_loop().time()
            self._unread.sent(asker.client, asker.person, len(answer.body), at=now)
