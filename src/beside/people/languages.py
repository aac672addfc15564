"""The languages that screens and mails are in: the place's, and each person's own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from beside.people.models import Account

LONGEST_CODE = 12
# Each by its name in itself, so that whoever reads it finds it.
NAMES: dict[str, str] = {"en-gb": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}


class UnknownLanguage(ValueError):
    """Beside doesn't speak this language."""


def offered() -> dict[str, str]:
    """The name in itself of each language that one can choose, by its code."""
    return dict(settings.LANGUAGES)


def of(account: Account) -> str:
    """The language of what `account` is sent: its own, or the place's if it reads what its browser says."""
    return account.language if account.language in offered() else settings.LANGUAGE_CODE


def own_or_active(account: Account) -> str:
    """The account's own language, or that of the page that it looks at now."""
    return account.language if account.language in offered() else active()


def active() -> str:
    """The code of the language that sentences are in now."""
    return translation.get_language() or settings.LANGUAGE_CODE


def speaking_to(account: Account) -> AbstractContextManager[None]:
    """Sentences are in `account`'s language meanwhile (`of`)."""
    return translation.override(of(account))


def speaking_for(account: Account) -> AbstractContextManager[None]:
    """Sentences that `account` sends to somebody without an account are in its language meanwhile."""
    return translation.override(own_or_active(account))


def choose(account: Account, code: str) -> None:
    """Show everything to `account` in this language, or as its browser says if it is "". Raises `UnknownLanguage`."""
    if code and code not in offered():
        raise UnknownLanguage(code)
    account.language = code
    account.save(update_fields=["language"])
