"""What reaches an account outside its News."""

from __future__ import annotations

from dataclasses import dataclass

from beside.people import time_zones
from beside.people.models import Account
from beside.web.forms.notice_preferences import NoticePreferencesForm
from beside.web.forms.time_zones import in_words


@dataclass(frozen=True, slots=True)
class NoticePreferencesPage:
    """The form, the address that mails go to, and the time zone of the quiet hours."""

    form: NoticePreferencesForm
    address: str
    zone: str


def notice_preferences_page(me: Account, form: NoticePreferencesForm) -> NoticePreferencesPage:
    """The page of `me`."""
    return NoticePreferencesPage(form, me.email, in_words(str(time_zones.of(me))))
