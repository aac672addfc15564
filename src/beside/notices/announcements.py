"""Which notices a mail or a push may tell of now, and how often each person is told.

Each notice is settled once for each channel: a mail tells of it, or none ever does. So nothing is announced afterwards that came
in quiet days, or of a group that its recipient wasn't told of then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from beside.notices import notice_preferences
from beside.notices.groups import GROUPS, Group
from beside.notices.models import Notice, QuietHours
from beside.notices.notice_preferences import Channel, Choices, HowOften

# Where it is kept that a notice is settled, and when the last digest went.
_SETTLED = {Channel.MAIL: "mailed_at", Channel.PUSH: "pushed_at"}
_LAST_DIGEST = {Channel.MAIL: "last_mail_on", Channel.PUSH: "last_push_on"}
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
    return _unsettled().order_by().values_list("recipient_id", flat=True).distinct()


def due(moments: Mapping[UUID, Moment]) -> list[tuple[UUID, Channel]]:
    """For which of these accounts there is anything to settle, by which channel.

    It locks nothing and asks three queries for all of them together, so it can be asked every minute.
    """
    hours_of = notice_preferences.quiet_hours_of_each(recipients())
    choices_of = notice_preferences.choices_of_each(recipients())
    notices: dict[UUID, list[Notice]] = defaultdict(list)
    for notice in _unsettled().order_by("recipient_id"):
        notices[notice.recipient_id].append(notice)
    return [
        (account, channel)
        for account, moment in moments.items()
        for channel in Channel
        if _settled(
            [one for one in notices[account] if getattr(one, _SETTLED[channel]) is None],
            channel,
            choices_of(account),
            moment,
            hours_of(account),
        )
    ]


@transaction.atomic
def take(account: UUID, channel: Channel, moment: Moment, *, shows: Shows) -> set[HowOften]:
    """Settle what is due; returns what to send: one of what comes at once, one of what comes once a day, or none.

    `shows` says whether any of some notices still shows anything to their recipient.
    """
    QuietHours.objects.get_or_create(account_id=account)
    hours = QuietHours.objects.select_for_update().get(account_id=account)
    unsettled = {_SETTLED[channel]: None}
    notices = Notice.objects.filter(recipient_id=account, read_at=None, **unsettled)
    choices = notice_preferences.choices_of(account)
    settled = _settled(notices, channel, choices, moment, hours)
    told: set[HowOften] = {
        often for often, some in settled.items() if often is not HowOften.NEVER and shows(some)
    }
    ids = [notice.pk for some in settled.values() for notice in some]
    Notice.objects.filter(pk__in=ids).update(**{_SETTLED[channel]: moment.at})
    if HowOften.DAILY in told:
        setattr(hours, _LAST_DIGEST[channel], moment.local.date())
        hours.save(update_fields=[_LAST_DIGEST[channel]])
    return told


def _unsettled() -> QuerySet[Notice]:
    return Notice.objects.filter(Q(mailed_at=None) | Q(pushed_at=None), read_at=None)


def _settled(
    notices: Iterable[Notice],
    channel: Channel,
    choices: Choices,
    moment: Moment,
    hours: QuietHours,
) -> dict[HowOften, list[Notice]]:
    """Those of the notices that are settled at this moment, by how often their recipient wants to be told of such."""
    found: dict[HowOften, list[Notice]] = defaultdict(list)
    for notice in notices:
        found[_how_often(notice, channel, choices, moment)].append(notice)
    due = {HowOften.NEVER}
    if not notice_preferences.is_quiet(hours, moment.local):
        due.add(HowOften.AT_ONCE)
    if notice_preferences.is_digest_due(hours, moment.local, getattr(hours, _LAST_DIGEST[channel])):
        due.add(HowOften.DAILY)
    return {often: some for often, some in found.items() if often in due}


def _how_often(notice: Notice, channel: Channel, choices: Choices, moment: Moment) -> HowOften:
    if moment.silent_until and notice.at < moment.silent_until:
        return HowOften.NEVER
    group = GROUPS[Notice.Kind(notice.kind)]
    if group == Group.SAFETY:
        return HowOften.NEVER if channel == Channel.MAIL else HowOften.AT_ONCE
    return choices[group, channel]
