"""Quiet days: for a while nothing marks that there is news, and nobody is told that an answer is expected.

Each person sets them for themselves, and they end by themselves. They change no permission: approval
requests still lapse, and nothing is shown to anybody because its author has quiet days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account, Profile


class HowLong(TextChoices):
    """How long quiet days last."""

    DAY = "day", _("A day")
    WEEK = "week", _("A week")
    MONTH = "month", _("A month")
    UNTIL_I_SAY = "until I say", _("Until I end them")


# "Until I end them" is stored as a date 150 years ahead, so that one column is enough.
_LASTS = {
    HowLong.DAY: timedelta(days=1),
    HowLong.WEEK: timedelta(days=7),
    HowLong.MONTH: timedelta(days=30),
    HowLong.UNTIL_I_SAY: timedelta(days=365 * 150),
}
_WITHOUT_END = timedelta(days=365 * 50)


def begin(account: Account, how_long: HowLong, *, at: datetime) -> None:
    """Start quiet days now, replacing any earlier choice."""
    Profile.objects.filter(account=account).update(paused_until=at + _LASTS[how_long])


def end(account: Account) -> None:
    """End quiet days; ending them twice is harmless."""
    Profile.objects.filter(account=account).update(paused_until=None)


def until(account: Account, *, at: datetime) -> datetime | None:
    """When `account`'s quiet days end; None where it has none at `at`."""
    profile = Profile.objects.filter(account=account, paused_until__gt=at).first()
    return profile.paused_until if profile else None


def is_without_end(ends_at: datetime, *, at: datetime) -> bool:
    """Whether they last until they are ended."""
    return ends_at - at > _WITHOUT_END


def resting(accounts: Iterable[Account], *, at: datetime) -> Collection[UUID]:
    """Those of `accounts` who have quiet days at `at`."""
    some = [account.pk for account in accounts]
    paused = Profile.objects.filter(account__in=some, paused_until__gt=at)
    return set(paused.values_list("account_id", flat=True))
