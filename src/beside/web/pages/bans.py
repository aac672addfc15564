"""The people whom an account keeps out of its doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beside.access.door import bans
from beside.access.models import Ban
from beside.people.models import Account
from beside.web.forms.bans import BanForm


@dataclass(frozen=True)
class BansPage:
    """Every ban, and the form for one more."""

    bans: Sequence[Ban]
    form: BanForm


def bans_page(account: Account, form: BanForm) -> BansPage:
    """The bans of `account`."""
    return BansPage(list(bans.of(account)), form)
