"""Threads take turns, and go round one that is stuck.

Threads that take turns don't compete for the interpreter at every read, query and decryption. Delivery takes
turns, as 64 threads that competed halved its rate; so do downloads, and the first pieces of uploads, so that
beside them pages are answered. The number of threads of each kind (`Limits`) bounds how many can be stuck at once,
not how many compete. A plain lock would do, but a disk that hangs would hold it for ever.
"""

from __future__ import annotations

from threading import Lock

# Far longer than any turn on a disk and a database that answer; short enough for a reader to wait.
STUCK_AFTER_S = 0.25


class Turns:
    """One thread at a time, unless one is stuck: then the others take turns without it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begun = 0

    def turn(self) -> _Turn:
        """Waits for a turn as a `with` begins, and has it inside the block."""
        return _Turn(self)

    def acquired(self) -> Lock:
        """The lock of the turn that has begun, to be released at its end."""
        while True:
            lock, begun = self._lock, self._begun
            if lock.acquire(timeout=STUCK_AFTER_S):
                self._begun += 1
                return lock
            # If turns have begun meanwhile, it was only a long queue.
            if self._lock is lock and self._begun == begun:
                self._lock = Lock()


class _Turn:
    """One turn. A generator would do the same at twice the cost, which every photograph would bear."""

    __slots__ = ("_lock", "_turns")

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def __enter__(self) -> None:
        self._lock = self._turns.acquired()

    def __exit__(self, *raised: object) -> None:
        self._lock.release()
