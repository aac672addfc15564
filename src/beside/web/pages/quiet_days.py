"""A person's own quiet days, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from beside.people import quiet_days
from beside.people.models import Account


@dataclass(frozen=True, slots=True)
class Rest:
    """Quiet days that somebody is having; `last_day` is None if they last until they are ended."""

    last_day: date | None


def rest_of(account: Account, *, at: datetime) -> Rest | None:
    """`account`'s quiet days at `at`, if it has any."""
    until = quiet_days.until(account, at=at)
    if until is None:
        return None
    is_endless = quiet_days.is_without_end(until, at=at)
    return Rest(None if is_endless else quiet_days.last_day(account, until))
