"""Quiet days: for a while nothing shows that there is news, and other people don't expect an answer.

Each person sets their own, and they end automatically, at midnight in that person's time zone. They
change no permission: approval requests still lapse, and nothing is shown to anybody because its author
has quiet days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from beside.people import time_zones
from beside.people.models import Account, Profile


class HowLong(TextChoices):
    """How long quiet days last."""

    DAY = "day", _("A day")
    WEEK = "week", _("A week")
    MONTH = "month", _("A month")
    UNTIL_I_SAY = "until I say", _("Until I end them")


# How many whole days follow the day on which they begin. "Until I end them" is stored as a date 150
# years ahead, so that one column is enough.
_WHOLE_DAYS = {
    HowLong.DAY: 1,
    HowLong.WEEK: 7,
    HowLong.MONTH: 30,
    HowLong.UNTIL_I_SAY: 365 * 150,
}
_WITHOUT_END = timedelta(days=365 * 50)


def begin(account: Account, how_long: HowLong, *, at: datetime) -> None:
    """Start quiet days now, replacing any earlier choice.

    They last for the rest of today and then for as many whole days as were chosen.
    """
    last_day = time_zones.day_of(account, at) + timedelta(days=_WHOLE_DAYS[how_long])
    ends_at = time_zones.end_of_day(account, last_day)
    Profile.objects.filter(account=account).update(paused_until=ends_at)


def end(account: Account) -> None:
    """End quiet days; ending them twice is harmless."""
    Profile.objects.filter(account=account).update(paused_until=None)


def until(account: Account, *, at: datetime) -> datetime | None:
    """When `account`'s quiet days end; None if it has none at `at`."""
    profile = Profile.objects.filter(account=account, paused_until__gt=at).first()
    return profile.paused_until if profile else None


def last_day(account: Account, ends_at: datetime) -> date:
    """The last of the quiet days that end at `ends_at`, as `account` counts days."""
    return time_zones.day_of(account, ends_at - timedelta(microseconds=1))


def is_without_end(ends_at: datetime, *, at: datetime) -> bool:
    """Whether they last until they are ended."""
    return ends_at - at > _WITHOUT_END


def quiet_accounts(accounts: Iterable[Account], *, at: datetime) -> Collection[UUID]:
    """Those of `accounts` who have quiet days at `at`."""
    some = [account.pk for account in accounts]
    paused = Profile.objects.filter(account__in=some, paused_until__gt=at)
    return set(paused.values_list("account_id", flat=True))
