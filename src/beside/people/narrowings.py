"""The log of narrowings, which a restore replays. It holds ids and times, no words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from beside.people.models import Narrowing


def record(kind: Narrowing.Kind, *, at: datetime, **ids: UUID | str | None) -> None:
    """Record a narrowing. Call it in the transaction that makes it."""
    subject = {name: str(value) for name, value in ids.items() if value is not None}
    Narrowing.objects.create(kind=kind, subject=subject, at=at)
