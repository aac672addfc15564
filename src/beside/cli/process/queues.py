"""How many photographs and mails wait, and that somebody is there to see to them, for the metrics: the worker's part."""

from __future__ import annotations

from datetime import datetime, timedelta

from prometheus_client import Gauge

from beside.notices import outbox
from beside.photos import developing

EVERY = timedelta(seconds=15)


class Queues:
    """Three numbers, of which the newest holds. Make it once in a process."""

    def __init__(self) -> None:
        self._photographs = Gauge(
            "beside_photographs_waiting",
            "Photographs that wait to be developed.",
            multiprocess_mode="mostrecent",
        )
        self._mails = Gauge(
            "beside_mails_waiting",
            "Mails that are due and not sent yet.",
            multiprocess_mode="mostrecent",
        )

        self._reported = Gauge(
            "beside_worker_reported_timestamp_seconds",
            "When the worker last counted, in seconds since 1970.",
            multiprocess_mode="mostrecent",
        )

    def measure(self, at: datetime) -> None:
        """Count, and say when."""
        self._reported.set(at.timestamp())
        self._photographs.set(developing.how_many_wait(at))
        self._mails.set(outbox.how_many_wait(at))
