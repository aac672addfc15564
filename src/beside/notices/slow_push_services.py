"""Push services that kept us waiting are left alone for a while, so that pushes to others needn't wait for them.

A browser names its service, and a person may have many browsers: so the service's host and the person are each left
alone. This is kept in memory; after a restart each has another chance.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

LEFT_ALONE = timedelta(minutes=5)


class SlowServices:
    """Until when which hosts and people are left alone. Several threads may use it."""

    def __init__(self) -> None:
        self._until: dict[str | UUID, datetime] = {}
        self._lock = Lock()

    def leave_alone(self, host: str, account: UUID, *, at: datetime) -> None:
        """Send nothing more to this host, or to this person's devices, for `LEFT_ALONE`."""
        with self._lock:
            self._until = {key: until for key, until in self._until.items() if until > at}
            self._until |= dict.fromkeys((host, account), at + LEFT_ALONE)

    def until(self, host: str, account: UUID, *, at: datetime) -> datetime | None:
        """When a push to this host and person may be tried again; None if it may be now."""
        with self._lock:
            found = max(self._until.get(key, at) for key in (host, account))
        return found if found > at else None
