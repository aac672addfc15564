"""The server processes: started, put back when they die, and ended in time."""

from __future__ import annotations

import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

from granian.server.mp import MPServer

from beside.cli.process.restart_delay import RestartDelay


class Server(MPServer):
    """Granian's server, which puts back a process that dies however often that happens; Granian itself would end everything.

    `when_stopping` is called once the server is told to stop, before it ends its processes.
    """

    def __init__(
        self,
        target: str,
        *,
        when_stopping: Callable[[], None],
        **options: Any,  # noqa: ANN401 - Granian's own, of many kinds
    ) -> None:
        super().__init__(target, **options)
        self._when_stopping = when_stopping
        if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
            # Whoever started this has it outlive its terminal (nohup). Granian would forget that.
            self.on_startup(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self._delays: dict[int, RestartDelay] = defaultdict(RestartDelay)
        self._due: dict[int, float] = {}

    def signal_handler_interrupt(self, *args: object, **kwargs: object) -> None:
        """Stop. Whatever else has to end begins to at the same moment."""
        self._when_stopping()
        self.interrupt_signal = True
        # In a thread: the signal may have come while this one held the event's lock, and would then wait for itself.
        threading.Thread(target=self.main_loop_interrupt.set).start()

    def signal_handler_reload(self, *args: object, **kwargs: object) -> None:
        """Stop, as the terminal has been closed. Nothing is read anew without a restart."""
        self.signal_handler_interrupt(*args, **kwargs)

    def _spawn_workers(self, spawn_target: object, target_loader: object) -> None:
        with _deaf_to_terminal():
            super()._spawn_workers(spawn_target, target_loader)  # type: ignore[no-untyped-call]

    def _serve_loop(self, spawn_target: object, target_loader: object) -> None:
        while True:
            self.main_loop_interrupt.wait(self._until_next())
            # Cleared before anything is looked at: what comes from here on is looked at in the next round.
            self.main_loop_interrupt.clear()
            if self.interrupt_signal:
                # Ctrl-C reaches the processes too: that they have ended by then is no failure.
                self.interrupt_children.clear()
                return
            self._see_who_died()
            self._put_back(spawn_target, target_loader)

    def _until_next(self) -> float | None:
        if not self._due:
            return None
        return max(min(self._due.values()) - time.monotonic(), 0.0)

    def _see_who_died(self) -> None:
        while self.interrupt_children:
            number, now = self.interrupt_children.pop(), time.monotonic()
            self._due[number] = now + self._delays[number].next_s(now=now)

    def _put_back(self, spawn_target: object, target_loader: object) -> None:
        now = time.monotonic()
        ready = [number for number, due in self._due.items() if due <= now]
        for number in ready:
            del self._due[number]
            self._delays[number].started(now=now)
        if ready:
            with _deaf_to_terminal():
                self._respawn_workers(ready, spawn_target, target_loader)


@contextmanager
def _deaf_to_terminal() -> Iterator[None]:
    """Processes that are started meanwhile don't hear their terminal, which would end them in the middle of a request, or with a traceback.

    The server hears it, and ends them in their time.
    """
    # What Python starts with the first of them lets SIGINT through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
