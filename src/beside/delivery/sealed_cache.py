"""Sealed blobs that were just fetched from a store far away, kept in memory for a while, and never a plain byte.

The rule and the key are asked first at each request, and what they refuse isn't looked for here. A blob whose key has
ended is noise, here as in the store. A folder needs none of this: the kernel keeps what was just read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from uuid import UUID

Fetch = Callable[[UUID], bytes]


class SealedCache:
    """At most `most_bytes` of blobs; whatever was asked for longest ago goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._kept: OrderedDict[UUID, bytes] = OrderedDict()
        self._bytes = 0
        self._fetching: dict[UUID, Future[bytes]] = {}

    def get(self, blob: UUID, fetch: Fetch) -> bytes:
        """The blob. Whoever asks for it while it is fetched waits for that. Raises what `fetch` raises, and keeps nothing then."""
        with self._lock:
            if (kept := self._kept.get(blob)) is not None:
                self._kept.move_to_end(blob)
                return kept
            ours: Future[bytes] = Future()
            if (others := self._fetching.get(blob)) is None:
                self._fetching[blob] = ours
        return others.result() if others is not None else self._fetched(blob, fetch, ours)

    def drop(self, blob: UUID) -> None:
        """Fetch it anew when it is next asked for: it wasn't as it was written."""
        with self._lock:
            self._bytes -= len(self._kept.pop(blob, b""))

    def _fetched(self, blob: UUID, fetch: Fetch, ours: Future[bytes]) -> bytes:
        try:
            data = fetch(blob)
        except BaseException as wrong:
            with self._lock:
                del self._fetching[blob]
            ours.set_exception(wrong)
            raise
        with self._lock:
            del self._fetching[blob]
            self._keep(blob, data)
        ours.set_result(data)
        return data

    def _keep(self, blob: UUID, data: bytes) -> None:
        if len(data) > self._most_bytes:
            return
        self._kept[blob] = data
        self._bytes += len(data)
        while self._bytes > self._most_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest)
