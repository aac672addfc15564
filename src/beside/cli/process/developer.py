"""The thread of a worker that develops photographs, so that none waits for a chore, however long that takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic

from django.db import connections

from beside.cli.process.chores import attempt
from beside.photos import developing
from beside.photos.intake import darkrooms
from beside.querysets import shared_clock

_KEEP_WARM = timedelta(minutes=1)


class Developer(Thread):
    """Develops one photograph after another until `stopped`, and then finishes the one that it has begun."""

    PAUSE_S = 0.5
    # How long to wait for it at the end. What takes longer is taken up by another worker once its lease has ended.
    LONGEST_S = 30

    def __init__(self, stopped: Event) -> None:
        super().__init__(name="developer", daemon=True)
        self._stopped = stopped
        self._last_photograph: datetime | None = None
        self._began: float | None = None

    def run(self) -> None:
        """Look twice a second for what has arrived."""
        while not self._stopped.is_set():
            if not self.develop_one():
                self._stopped.wait(self.PAUSE_S)
        darkrooms.close_all()
        connections.close_all()

    def develop_one(self) -> bool:
        """Whether there was a photograph to develop. What fails is logged, and tried again later."""
        self._began = monotonic()
        try:
            return bool(attempt(self._develop_next))
        finally:
            self._began = None

    def hangs(self) -> bool:
        """Whether it has been at one photograph for longer than a lease lasts: the store's disk may not answer."""
        began = self._began
        return began is not None and monotonic() - began > developing.LEASE.total_seconds()

    def _develop_next(self) -> bool:
        """By the clock that all machines share: a lease holds on all of them."""
        at = shared_clock.now()
        had_one = developing.develop_next(at)
        self._rest(at, had_one=had_one)
        return had_one

    def _rest(self, at: datetime, *, had_one: bool) -> None:
        """Keep a darkroom warm while photographs arrive, and close it when none have for a while."""
        if had_one:
            self._last_photograph = at
        elif self._last_photograph and at - self._last_photograph > _KEEP_WARM:
            darkrooms.close_all()
            self._last_photograph = None
