"""The page on which a language is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from beside.people import languages
from beside.people.models import Account


@dataclass(frozen=True, slots=True)
class LanguagesPage:
    """The languages by code, and the one that was chosen; "" is as the browser says."""

    offered: Mapping[str, str]
    chosen: str


def languages_page(request: HttpRequest) -> LanguagesPage:
    """What this account, or this browser, has chosen."""
    user = request.user
    by_cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    chosen = user.language if isinstance(user, Account) else by_cookie
    offered = languages.offered()
    return LanguagesPage(offered, chosen if chosen in offered else "")


def in_words(account: Account) -> str:
    """Which language `account` has chosen, by its name in itself."""
    return languages.offered().get(account.language) or _("As the browser says")
