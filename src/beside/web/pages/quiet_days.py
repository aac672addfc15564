"""An account's quiet days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from beside.people import quiet_days
from beside.people.models import Account
from beside.web.forms.quiet_days import QuietDaysForm


@dataclass(frozen=True, slots=True)
class Rest:
    """Quiet days that haven't ended. `last_day` is None if they last until somebody ends them."""

    last_day: date | None


@dataclass(frozen=True, slots=True)
class QuietDaysPage:
    """The quiet days now, if any, and the form to begin them."""

    rest: Rest | None
    form: QuietDaysForm


def rest_of(account: Account, *, at: datetime) -> Rest | None:
    """The quiet days of `account` at `at`, if it has any."""
    until = quiet_days.until(account, at=at)
    if until is None:
        return None
    is_endless = quiet_days.is_without_end(until, at=at)
    return Rest(None if is_endless else quiet_days.last_day(account, until))
