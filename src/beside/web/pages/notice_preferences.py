"""What reaches an account outside its News."""

from __future__ import annotations

from dataclasses import dataclass

from beside.notices import notice_preferences, push, push_subscriptions
from beside.notices.notice_preferences import Channel, Choices
from beside.people import time_zones
from beside.people.models import Account
from beside.web.forms.notice_preferences import NoticePreferencesForm
from beside.web.forms.time_zones import in_words


@dataclass(frozen=True, slots=True)
class NoticePreferencesPage:
    """The form, the address that mails go to, and the time zone of the quiet hours.

    `is_told` says whether this device is told by pushes, and `key` is what another subscribes with.
    """

    form: NoticePreferencesForm
    address: str
    zone: str
    is_told: bool
    key: str


def offered(me: Account) -> Choices:
    """What `me` can choose now; pushes only if a device of theirs is told by them."""
    has_device = push_subscriptions.of(me.pk).exists()
    chosen = notice_preferences.choices_of(me.pk)
    return {
        (group, channel): how_often
        for (group, channel), how_often in chosen.items()
        if has_device or channel != Channel.PUSH
    }


def notice_preferences_page(
    me: Account, form: NoticePreferencesForm, *, session: str | None
) -> NoticePreferencesPage:
    """The page of `me`, who is signed in by `session`."""
    return NoticePreferencesPage(
        form=form,
        address=me.email,
        zone=in_words(str(time_zones.of(me))),
        is_told=push_subscriptions.of(me.pk).filter(session=session).exists(),
        key=push.public_key(),
    )
