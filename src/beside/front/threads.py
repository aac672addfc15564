"""Threads for one kind of work, so that no other kind can take them all."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from beside.front.limits import busy
from beside.front.turns import Turns

Result = TypeVar("Result")


class _Call(Generic[Result]):
    """One call, and the future in the event loop that waits for what it returns or raises."""

    __slots__ = ("_call", "_raised", "_result", "future")

    def __init__(self, call: Callable[[], Result], future: asyncio.Future[Result]) -> None:
        self.future = future
        self._call = call
        self._raised: BaseException | None = None

    def make(self) -> None:
        try:
            self._result = self._call()
        except BaseException as raised:  # noqa: BLE001 -- whoever waits gets it
            self._raised = raised

    def tell(self) -> None:
        """Hand over what came of it, in the event loop."""
        if self.future.cancelled():
            return
        if self._raised is not None:
            self.future.set_exception(self._raised)
        else:
            self.future.set_result(self._result)


class Threads:
    """At most `count` threads, and at most `waiting` calls that wait for one.

    An executor of the standard library does the same at twice the cost, which every photograph
    would bear, and ends the process only after what hangs.
    """

    def __init__(self, kind: str, count: int, *, waiting: int, turns: Turns | None = None) -> None:
        """With `turns` each call waits for its turn among all threads that share them."""
        self._kind, self._count, self._waiting = kind, count, waiting
        self._turns = turns
        self._calls: SimpleQueue[_Call[Any] | None] = SimpleQueue()
        self._made: deque[_Call[Any]] = deque()
        self._is_loop_told = False
        self._loop: asyncio.AbstractEventLoop | None = None
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
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._is_loop_told = loop, False
        self._unfinished += 1
        try:
            future: asyncio.Future[Result] = loop.create_future()
            self._calls.put(_Call(call, future))
            return await future
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
            if self._turns is None:
                call.make()
            else:
                with self._turns.turn():
                    call.make()
            self._made.append(call)
            # It refers to what it was made with and to what it returned, such as a megabyte of an original.
            del call
            self._tell_loop()

    def _tell_loop(self) -> None:
        """Wake the event loop, unless it was woken and hasn't looked since: to wake it takes two calls of the kernel's."""
        if self._is_loop_told or self._loop is None:
            return
        self._is_loop_told = True
        self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        # First this: what is made from here on wakes the loop again.
        self._is_loop_told = False
        try:
            while self._made:
                self._made.popleft().tell()
        finally:
            if self._made:
                self._tell_loop()
