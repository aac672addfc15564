"""What a server process counts for its host: requests by kind and outcome, how long they took, how many wait.

A kind is as coarse as this, and nothing is counted by person, letter or address: numbers must not tell who looks at what.
Each process writes its own, and the supervisor adds them up (`prometheus_client`'s multi-process mode).
"""

from __future__ import annotations

from enum import StrEnum

from prometheus_client import Counter, Gauge, Histogram

_CLASS = 100


class Kind(StrEnum):
    """What a request was for."""

    PAGE = "page"
    PHOTOGRAPH = "photograph"
    UPLOAD = "upload"
    STATIC = "static"


class Metrics:
    """The numbers of one server process. Make it once in a process."""

    def __init__(self) -> None:
        self._requests = Counter(
            "beside_requests", "Requests that were answered.", ["kind", "status"]
        )
        self._seconds = Histogram(
            "beside_request_seconds",
            "Seconds until an answer was ready. To send it takes as long as its reader does.",
            ["kind"],
            buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        self._waiting = Gauge(
            "beside_requests_waiting",
            "Requests that wait for a thread.",
            multiprocess_mode="livesum",
        )

    def answered(self, kind: Kind, status: int, *, seconds: float) -> None:
        """Count one answer; `status` is HTTP's, of which only the first digit is kept."""
        self._requests.labels(kind, f"{status // _CLASS}xx").inc()
        self._seconds.labels(kind).observe(seconds)

    def wait(self, requests: int) -> None:
        """So many wait now."""
        self._waiting.set(requests)
