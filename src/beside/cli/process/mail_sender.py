"""The thread of a worker that sends mails and pushes, so that no code waits until a photograph is developed."""

from __future__ import annotations

import logging
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from beside.notices import push_subscriptions, sending

log = logging.getLogger(__name__)


class MailSender(Thread):
    """Sends the mails of the outbox, and pushes, until `stopped`, and then finishes the one that it is sending."""

    PAUSE_S = 0.5
    # How long to wait for it at the end. A mail that takes longer is sent again by another worker.
    LONGEST_S = 30

    def __init__(self, stopped: Event) -> None:
        super().__init__(name="mail", daemon=True)
        self._stopped = stopped

    def run(self) -> None:
        """Look twice a second for mails that are due."""
        while not self._stopped.is_set():
            if not self._send_next():
                self._stopped.wait(self.PAUSE_S)
        connections.close_all()

    def _send_next(self) -> bool:
        """Wait out a database that is locked or restarting. Nothing else may end this thread either."""
        try:
            at = timezone.now()
            return sending.send_next(at=at) or push_subscriptions.send_next(at=at)
        except DatabaseError as wrong:
            log.warning("mails have to wait: %s", wrong)
        except Exception:
            log.exception("A mail could not be sent. beside doctor says what is wrong with mail.")
        close_old_connections()
        return False
