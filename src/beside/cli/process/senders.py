"""The threads of a worker that send mails and pushes, so that no code waits until a photograph is developed.

Each kind has its own: a push goes wherever a browser has named, and however long that takes to answer, no mail waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from beside.notices import push_subscriptions, sending

log = logging.getLogger(__name__)


# So many push services have to be slow, each for the first time in a while, before a push to another one waits.
PUSHES_AT_ONCE = 3


class Sender(Thread):
    """Sends one thing after another until `stopped`, and then finishes the one that it is sending.

    `send_next` sends the next that is due, if any, and returns whether there was one.
    """

    PAUSE_S = 0.5
    # How long to wait for it at the end. A mail that takes longer is sent again by another worker.
    LONGEST_S = 30

    def __init__(self, name: str, send_next: Callable[..., bool], stopped: Event) -> None:
        super().__init__(name=name, daemon=True)
        self._send_next = send_next
        self._stopped = stopped

    def run(self) -> None:
        """Look twice a second for what is due."""
        while not self._stopped.is_set():
            if not self._sent_one():
                self._stopped.wait(self.PAUSE_S)
        connections.close_all()

    def _sent_one(self) -> bool:
        """Wait out a database that is locked or restarting. Nothing else may end this thread either."""
        try:
            return self._send_next(at=timezone.now())
        except DatabaseError as wrong:
            log.warning("%s has to wait: %s", self.name, wrong)
        except Exception:
            log.exception("A %s could not be sent. beside doctor says what is wrong.", self.name)
        close_old_connections()
        return False


def senders(stopped: Event) -> list[Sender]:
    """One for mails and some for pushes, not yet started."""
    pushes = [Sender("push", push_subscriptions.send_next, stopped) for _ in range(PUSHES_AT_ONCE)]
    return [Sender("mail", sending.send_next, stopped), *pushes]
