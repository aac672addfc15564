"""How notices reach a person: how often, by which channel, and at which hours not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.notices.groups import CHOSEN, Group
from beside.notices.preference_models import NoticePreference, QuietHours

Channel = NoticePreference.Channel
HowOften = NoticePreference.HowOften
# A digest is sent from this time on, or from the end of the quiet hours if it lies in them.
DIGEST_FROM = time(10)
Choices = dict[tuple[Group, Channel], HowOften]


def choices_of(account: UUID) -> Choices:
    """How often each group reaches `account` by each channel: once a day, until they choose."""
    return _choices(NoticePreference.objects.filter(account_id=account))


def choices_of_each(accounts: QuerySet[Any, UUID]) -> Callable[[UUID], Choices]:
    """`choices_of` each of these accounts, at the cost of one query for all of them."""
    rows: dict[UUID, list[NoticePreference]] = defaultdict(list)
    for row in NoticePreference.objects.filter(account__in=accounts):
        rows[row.account_id].append(row)
    return lambda account: _choices(rows.get(account, ()))


def _choices(rows: Iterable[NoticePreference]) -> Choices:
    chosen: Choices = {(group, channel): HowOften.DAILY for group in CHOSEN for channel in Channel}
    for row in rows:
        key = Group(row.group), Channel(row.channel)
        if key in chosen:
            chosen[key] = HowOften(row.how_often)
    return chosen


@transaction.atomic
def choose(account: UUID, choices: Mapping[tuple[Group, Channel], HowOften]) -> None:
    """Change how often groups reach `account`; what isn't named stays."""
    for (group, channel), how_often in choices.items():
        NoticePreference.objects.update_or_create(
            account_id=account, group=group, channel=channel, defaults={"how_often": how_often}
        )


def end(account: UUID, how_often: HowOften) -> None:
    """Send `account` no more mails of those that come at once, or once a day."""
    mails = {
        key: HowOften.NEVER
        for key, often in choices_of(account).items()
        if often == how_often and key[1] == Channel.MAIL
    }
    choose(account, mails)


def quiet_hours_of(account: UUID) -> QuietHours:
    """The quiet hours of `account`; the row may not be saved yet."""
    found = QuietHours.objects.filter(account_id=account).first()
    return found or QuietHours(account_id=account)


def quiet_hours_of_each(accounts: QuerySet[Any, UUID]) -> Callable[[UUID], QuietHours]:
    """`quiet_hours_of` each of these accounts, at the cost of one query for all of them."""
    found = {row.account_id: row for row in QuietHours.objects.filter(account__in=accounts)}
    return lambda account: found.get(account) or QuietHours(account_id=account)


def choose_quiet_hours(account: UUID, begins: time | None, ends: time | None) -> None:
    """Set when they begin and end each day; None for none."""
    QuietHours.objects.update_or_create(
        account_id=account, defaults={"begins": begins, "ends": ends}
    )


def is_quiet(hours: QuietHours, local: datetime) -> bool:
    """Whether `local`, in the account's time zone, lies in its quiet hours."""
    return _lies_in(hours, local.time())


def is_digest_due(hours: QuietHours, local: datetime, last: object) -> bool:
    """Whether today's digest may go now, if the one before it went on the day `last`."""
    if last == local.date() or is_quiet(hours, local):
        return False
    begins = DIGEST_FROM
    if hours.ends is not None and _lies_in(hours, DIGEST_FROM):
        begins = hours.ends
    return local.time() >= begins


def _lies_in(hours: QuietHours, moment: time) -> bool:
    if hours.begins is None or hours.ends is None:
        return False
    if hours.begins < hours.ends:
        return hours.begins <= moment < hours.ends
    return moment >= hours.begins or moment < hours.ends
