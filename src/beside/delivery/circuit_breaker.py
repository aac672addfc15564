"""Asking an object store that has stalled no more than once at a time, so that whoever wants a photograph is told so at once.

Each reading that stalls takes one of the few threads for photographs. Those that wait behind them may be in memory, and be
sent; or there may be hundreds.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from uuid import UUID

from beside.photos.vault.store import BlobMissing, StoreUnavailable

# What fails sooner fails for that blob, and holds up nobody.
_STALLED_S = 1.0
_NOT_AGAIN_FOR_S = 1.0
# A try that takes longer than any store is given is no longer waited for.
_ONE_TRY_S = 10.0


class CircuitBreaker:
    """Reads blobs by `fetch` from the store at `place`, which is named in what it raises."""

    def __init__(self, fetch: Callable[[UUID], bytes], place: str) -> None:
        self._fetch, self._place = fetch, place
        self._lock = Lock()
        self._not_before = 0.0

    def get(self, blob: UUID) -> bytes:
        """The blob. Raises what `fetch` does, and at once `StoreUnavailable` for a second after a reading has stalled, or while another tries again."""
        began = self._enter()
        try:
            data = self._fetch(blob)
        except StoreUnavailable:
            stalled = monotonic() - began > _STALLED_S
            self._not_before = monotonic() + _NOT_AGAIN_FOR_S if stalled else 0.0
            raise
        except BlobMissing:
            self._not_before = 0.0
            raise
        self._not_before = 0.0
        return data

    def _enter(self) -> float:
        with self._lock:
            now = monotonic()
            if now < self._not_before:
                raise StoreUnavailable(self._place)
            if self._not_before:
                self._not_before = now + _ONE_TRY_S
            return now
