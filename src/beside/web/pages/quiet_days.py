"""A person's own quiet days, as their pages say them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from beside.people import quiet_days
from beside.people.models import Account


@dataclass(frozen=True, slots=True)
class Rest:
    """Quiet days that last; `until` is None where they last until they are ended."""

    until: datetime | None


def rest_of(account: Account, *, at: datetime) -> Rest | None:
    """`account`'s quiet days at `at`, if it has any."""
    until = quiet_days.until(account, at=at)
    if until is None:
        return None
    return Rest(None if quiet_days.is_without_end(until, at=at) else until)
