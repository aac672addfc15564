"""Telling people outside their News that there is something new: the worker's part that asks the rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.access.policy import Viewer
from beside.notices import (
    announcements,
    mail,
    notice_preferences,
    outbox,
    push_subscriptions,
    refused_addresses,
)
from beside.notices.announcements import Moment
from beside.notices.models import Notice, QuietHours
from beside.notices.notice_preferences import Channel, HowOften
from beside.people import time_zones
from beside.people.models import Account
from beside.photos.broken_rows import going_on
from beside.web.mails import news_mail
from beside.web.pages.notices import days

# How often the worker looks.
EVERY = timedelta(minutes=1)


def run_due(at: datetime) -> None:
    """Write the mails and pushes that are due at `at`, and hold back mails that may not go now. The worker calls this."""
    hours_of = notice_preferences.quiet_hours_of_each(outbox.recipients())
    for account in _accounts(outbox.recipients()):
        with going_on("mails that may not go now could not be held back"):
            _hold_back(account, hours_of(account.pk), at=at)
    accounts = {one.pk: one for one in _accounts(announcements.recipients())}
    moments: dict[UUID, Moment] = {}
    for key, account in accounts.items():
        with going_on("it is not known what time it is for somebody"):
            moments[key] = _moment(account, at)
    for key, channel in announcements.due(moments):
        with going_on("somebody could not be told that there is something new"):
            _announce(accounts[key], channel, moments[key])


def _accounts(ids: QuerySet[Any, UUID]) -> QuerySet[Account]:
    return Account.objects.filter(pk__in=ids, is_active=True).select_related("profile")


def _hold_back(account: Account, hours: QuietHours, *, at: datetime) -> None:
    """A mail that the mail server didn't take at first may be waiting when quiet days or hours begin."""
    moment = _moment(account, at)
    if moment.silent_until and at < moment.silent_until:
        outbox.withdraw(account.pk)
    elif notice_preferences.is_quiet(hours, moment.local):
        outbox.hold(account.pk, until=at + 2 * EVERY)


@transaction.atomic
def _announce(account: Account, channel: Channel, moment: Moment) -> None:
    def shows(notices: Sequence[Notice]) -> bool:
        return bool(days(notices, Viewer(account.pk), at=moment.at))

    told = announcements.take(account.pk, channel, moment, shows=shows)
    _tell(account, channel, told, at=moment.at)


def _tell(account: Account, channel: Channel, told: set[HowOften], *, at: datetime) -> None:
    if channel == Channel.PUSH:
        if told:
            push_subscriptions.announce(account.pk, at=at)
    elif mail.has_server() and not refused_addresses.is_refused(account.pk, account.email):
        for how_often in sorted(told):
            outbox.add(news_mail(account, how_often), at=at, account=account.pk)


def _moment(account: Account, at: datetime) -> Moment:
    silent = (account.profile.paused_until, account.profile.not_today_until)
    return Moment(
        at,
        at.astimezone(time_zones.of(account)),
        max((until for until in silent if until), default=None),
    )
