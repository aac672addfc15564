"""Which notices a mail may tell of now, and how often each person is told.

Each notice is settled once: a mail tells of it, or none ever does. So nothing is announced afterwards that came
in quiet days, or of a group that its recipient wasn't told of then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.notices import notice_preferences
from beside.notices.groups import GROUPS, Group
from beside.notices.models import Notice, QuietHours
from beside.notices.notice_preferences import Channel, Choices, HowOften

Shows = Callable[[Sequence[Notice]], bool]


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is for a person: in UTC, in their own time zone, and until when they want to hear nothing at all.

    `silent_until` may have passed: what came before then stays unannounced.
    """

    at: datetime
    local: datetime
    silent_until: datetime | None


def recipients() -> QuerySet[Notice, UUID]:
    """The ids of accounts with notices that aren't settled."""
    waiting = Notice.objects.filter(read_at=None, mailed_at=None)
    return waiting.order_by().values_list("recipient_id", flat=True).distinct()


def take(account: UUID, moment: Moment, *, shows: Shows) -> set[HowOften]:
    """Settle what is due; returns which mails to send: one of those that come at once, one of those once a day.

    `shows` says whether any of some notices still shows anything to their recipient.
    """
    if not any(_settled(account, moment, notice_preferences.quiet_hours_of(account)).values()):
        return set()
    with transaction.atomic():
        QuietHours.objects.get_or_create(account_id=account)
        hours = QuietHours.objects.select_for_update().get(account_id=account)
        settled = _settled(account, moment, hours)
        told: set[HowOften] = {
            often for often, some in settled.items() if often is not HowOften.NEVER and shows(some)
        }
        ids = [notice.pk for some in settled.values() for notice in some]
        Notice.objects.filter(pk__in=ids).update(mailed_at=moment.at)
        if HowOften.DAILY in told:
            QuietHours.objects.filter(pk=hours.pk).update(last_mail_on=moment.local.date())
        return told


def _settled(account: UUID, moment: Moment, hours: QuietHours) -> dict[HowOften, list[Notice]]:
    """The notices that are settled at this moment, by how often their recipient wants to be told of such."""
    choices = notice_preferences.choices_of(account)
    found: dict[HowOften, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.filter(recipient_id=account, read_at=None, mailed_at=None):
        found[_how_often(notice, choices, moment)].append(notice)
    due = {HowOften.NEVER}
    if not notice_preferences.is_quiet(hours, moment.local):
        due.add(HowOften.AT_ONCE)
    if notice_preferences.is_digest_due(hours, moment.local, hours.last_mail_on):
        due.add(HowOften.DAILY)
    return {often: some for often, some in found.items() if often in due}


def _how_often(notice: Notice, choices: Choices, moment: Moment) -> HowOften:
    group = GROUPS[Notice.Kind(notice.kind)]
    if group == Group.SAFETY or (moment.silent_until and notice.at < moment.silent_until):
        return HowOften.NEVER
    return choices[group, Channel.MAIL]
