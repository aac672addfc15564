"""Giving an answer to the server: whole where it is short, and as its reader takes it where it is long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import NamedTuple

from beside.front import connections
from beside.front.answers import Answer, Pieces, Responder
from beside.front.limits import AtOnce, Limits, too_much
from beside.front.streams import Pipe, Stalled, pump
from beside.front.threads import Threads
from beside.front.turns import Turns
from beside.front.unread import Expected, Unread

log = logging.getLogger(__name__)

_LOOK_AGAIN_S, _LOOKS = 0.2, 25
_STALLED_S = 10
# The kernel takes as much at once, whatever the reader does.
_NEVER_UNREAD = 16 * 1024


class Asker(NamedTuple):
    """Whom a request is counted for: its connection ("address:port"), its address, and its session if it has one."""

    client: str
    address: str
    session: str | None
    person: str
    """Their session, or else everybody at their address who has none."""


class Sending:
    """What one process is sending."""

    def __init__(self, limits: Limits, *, is_behind_proxy: bool) -> None:
        """Behind a proxy every connection is the proxy's, which counts those of each address itself."""
        self._limits = limits
        self._most_connections = None if is_behind_proxy else limits.connections_of_address
        self._unread = Unread(limits)
        self._streams = AtOnce(limits.streams_at_once, limits.streams_of_person)
        # To begin a download and to make its pieces takes work, beside which pages must still be answered.
        turns = Turns()
        self._threads = [
            Threads(f"stream-{number}", 1, waiting=limits.waiting_for_thread, turns=turns)
            for number in range(limits.stream_threads)
        ]
        self._next_thread = 0
        self._waiting = AtOnce(limits.waiting_for_room, limits.waiting_of_person)
        self._sweeping: asyncio.Task[None] | None = None
        self._next_sweep = 0.0
        self._stalled: dict[str, float] = {}

    def has_room(self, asker: Asker, *, for_photograph: bool, now: float) -> bool:
        """Whether there is room for one more answer at the time `now` of the event loop. Raises `Refused`.

        Nobody gets a photograph for a while after a connection of theirs was ended because they took nothing:
        whoever reconnects at once would otherwise take the room that others wait for.
        """
        self._unread.asked_again(asker.client)
        if not for_photograph:
            return self._unread.has_room_for_page(asker.person)
        if self._stalled and self._stalled.get(asker.person, 0) > now:
            raise too_much()
        return self._unread.has_room(asker.person)

    async def room(self, asker: Asker, *, port: int, for_photograph: bool) -> None:
        """Return once there is room where there was none. Raises `Refused` where there is none for long."""
        has_room = self._unread.has_room if for_photograph else self._unread.has_room_for_page
        with self._waiting.one_more(asker.person):
            for _ in range(_LOOKS):
                await self.sweep(port)
                if has_room(asker.person):
                    return
                await asyncio.sleep(_LOOK_AGAIN_S)
        self._unread.require_room(asker.person)

    @property
    def photograph_expected(self) -> Expected:
        """Counts a photograph from before it is made, or all that wait for a thread would pass `has_room` together."""
        return self._unread.expected

    @contextmanager
    def download(self, asker: Asker) -> Iterator[Threads]:
        """A slot for what will be streamed, from before it is begun, and the thread to begin it in. Raises `Refused`."""
        with self._streams.one_more(asker.person):
            yield self._any_thread()

    async def send(
        self,
        responder: Responder,
        answer: Answer,
        asker: Asker,
        *,
        port: int,
        slot: Threads | None = None,
    ) -> None:
        """Answer; what is streamed is done when its reader has it or has stalled. Raises `Refused`.

        `slot` is what `download` gave, if it was asked beforehand.
        """
        if answer.pieces is None:
            self._send_whole(responder, answer, asker)
            return
        thread = slot or self._any_thread()
        try:
            with nullcontext() if slot else self.download(asker):
                await self._stream(responder, answer, answer.pieces, asker, thread)
        except Stalled:
            # What the reader was given waits in its socket for ever, unless that ends.
            await asyncio.to_thread(connections.cut, port, {asker.client})
        finally:
            with suppress(Exception):
                await thread.run(answer.pieces.close)

    def _send_whole(self, responder: Responder, answer: Answer, asker: Asker) -> None:
        responder.response_bytes(answer.status, answer.headers, answer.body)
        if len(answer.body) > _NEVER_UNREAD:
            now = asyncio.get_running_loop().time()
            self._unread.sent(asker.client, asker.person, len(answer.body), at=now)

    async def sweep(self, port: int) -> None:
        """Look what was taken, and end the connections whose readers are too slow.

        To look through thousands of connections takes a while, so it is done a fifth of the time at most.
        """
        now = asyncio.get_running_loop().time()
        if self._sweeping is None or (self._sweeping.done() and now >= self._next_sweep):
            self._sweeping = asyncio.create_task(self._sweep(port))
        await asyncio.shield(self._sweeping)

    def stop(self) -> None:
        """Let the threads end."""
        for thread in self._threads:
            thread.stop(within_s=1)

    def _any_thread(self) -> Threads:
        """The next in turn. What is streamed stays in its thread, as it may hold a database cursor."""
        self._next_thread = (self._next_thread + 1) % len(self._threads)
        return self._threads[self._next_thread]

    async def _sweep(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        unsent = await asyncio.to_thread(connections.unsent, port)
        now = loop.time()
        self._next_sweep = now + 4 * (now - began)
        ended = self._unread.settle(unsent, looked_at=began, at=now)
        self._stalled = {who: until for who, until in self._stalled.items() if until > now}
        self._stalled |= dict.fromkeys(self._unread.persons(ended), now + _STALLED_S)
        if self._most_connections is not None:
            ended |= connections.crowding(unsent, most=self._most_connections)
        if ended:
            log.info("Ending %d connections: too slow, or too many from one address.", len(ended))
            await asyncio.to_thread(connections.cut, port, ended)

    async def _stream(
        self, responder: Responder, answer: Answer, pieces: Pieces, asker: Asker, thread: Threads
    ) -> None:
        whole = self._limits.answer_bytes
        is_long = int(answer.header("content-length") or 0) >= whole
        first = [await thread.run(partial(pieces.up_to, 1 if is_long else whole))]
        if not is_long and len(first[0]) < whole:
            self._send_whole(responder, Answer(answer.status, answer.headers, first[0]), asker)
            return

        async def pull() -> bytes:
            return first.pop() if first else await thread.run(partial(pieces.up_to, 1))

        pipe = Pipe()
        try:
            responder.response_file(answer.status, answer.headers, pipe.path)
            await pump(pipe, pull, idle_s=self._limits.idle_s)
        finally:
            pipe.close()
