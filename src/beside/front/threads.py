"""Threads for one kind of work, so that no other kind can take them all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import nullcontext
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from beside.front.limits import busy
from beside.front.turns import Turns

Result = TypeVar("Result")


class _Call(Generic[Result]):
    """One call, and the future in the event loop that waits for what it returns or raises."""

    def __init__(self, call: Callable[[], Result], loop: asyncio.AbstractEventLoop) -> None:
        self.future: asyncio.Future[Result] = loop.create_future()
        self._call = call
        self._loop = loop

    def make(self) -> None:
        try:
            result = self._call()
        except BaseException as raised:  # noqa: BLE001 -- whoever waits gets it
            self._loop.call_soon_threadsafe(self._fail, raised)
        else:
            self._loop.call_soon_threadsafe(self._succeed, result)

    def _succeed(self, result: Result) -> None:
        if not self.future.cancelled():
            self.future.set_result(result)

    def _fail(self, raised: BaseException) -> None:
        if not self.future.cancelled():
            self.future.set_exception(raised)


class Threads:
    """At most `count` threads, and at most `waiting` calls that wait for one.

    An executor of the standard library does the same at twice the cost, which every photograph
    would bear, and ends the process only after what hangs.
    """

    def __init__(self, kind: str, count: int, *, waiting: int, turns: Turns | None = None) -> None:
        """With `turns` each call waits for its turn among all threads that share them."""
        self._kind, self._count, self._waiting = kind, count, waiting
        self._turn = turns.turn if turns else nullcontext
        self._calls: SimpleQueue[_Call[Any] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._unfinished = 0

    @property
    def waiting(self) -> int:
        """How many calls wait for a thread."""
        return max(self._unfinished - self._count, 0)

    async def run(self, call: Callable[[], Result]) -> Result:
        """Call it in a thread and return what it returns. Raises `Refused` where too many wait."""
        if self._unfinished >= self._count + self._waiting:
            raise busy()
        if self._unfinished >= len(self._threads) < self._count:
            thread = Thread(target=self._work, name=self._kind, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._unfinished += 1
        try:
            one = _Call(call, asyncio.get_running_loop())
            self._calls.put(one)
            return await one.future
        finally:
            self._unfinished -= 1

    def stop(self, *, within_s: float) -> None:
        """Let the threads end. One that hangs is left behind, and never keeps the process."""
        for _ in self._threads:
            self._calls.put(None)
        ends = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0, ends - time.monotonic()))

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            with self._turn():
                call.make()
            # It refers to what it was made with and to what it returned, such as a megabyte of an original.
            del call
