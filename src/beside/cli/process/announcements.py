"""Telling people outside their News that there is something new: the worker's part that asks the rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from beside.access.policy import Viewer
from beside.notices import announcements, mail, outbox
from beside.notices.announcements import Moment
from beside.notices.models import Notice
from beside.people import time_zones
from beside.people.models import Account
from beside.web.mails import news_mail
from beside.web.pages.notices import days


def run_due(at: datetime) -> None:
    """Write the mails that are due at `at`. The worker calls this every minute."""
    waiting = Account.objects.filter(pk__in=announcements.recipients(), is_active=True)
    for account in waiting.select_related("profile"):
        _announce(account, at=at)


@transaction.atomic
def _announce(account: Account, *, at: datetime) -> None:
    def shows(notices: Sequence[Notice]) -> bool:
        return bool(days(notices, Viewer(account.pk), at=at))

    for how_often in sorted(announcements.take(account.pk, _moment(account, at), shows=shows)):
        if mail.has_server():
            outbox.add(news_mail(account, how_often), at=at, account=account.pk)


def _moment(account: Account, at: datetime) -> Moment:
    silent = (account.profile.paused_until, account.profile.not_today_until)
    return Moment(
        at,
        at.astimezone(time_zones.of(account)),
        max((until for until in silent if until), default=None),
    )
