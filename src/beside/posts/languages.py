"""The languages that a letter can be said to be written in: those for which Django knows a name."""

from __future__ import annotations

from functools import lru_cache

from django.conf.locale import LANG_INFO

from beside.people.models import Account


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """The name of each language in itself, by its BCP 47 code, in the order of the names."""
    known = {
        code: str(told["name_local"]) for code, told in LANG_INFO.items() if "name_local" in told
    }
    return dict(sorted(known.items(), key=lambda one: one[1].casefold()))


def spoken_by(account: Account) -> str:
    """The language that the account has chosen for its pages, as that of what it writes; empty if it has chosen none."""
    spoken = account.language.partition("-")[0]
    return spoken if spoken in names() else ""


def name_of(code: str) -> str:
    """The language's name in itself; empty for a code that isn't one of ours."""
    return names().get(code, "")
