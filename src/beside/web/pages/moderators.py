"""The moderators: for the host who names them, and for whoever is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from beside.people import moderators
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.web.forms.moderators import ModeratorForm


@dataclass(frozen=True)
class Named:
    """Somebody whom a host has named, and whether they have accepted."""

    id: UUID
    name: str
    has_accepted: bool


@dataclass(frozen=True)
class ModeratorsPage:
    """The team."""

    named: Sequence[Named]
    form: ModeratorForm


@dataclass(frozen=True)
class ModeratorshipPage:
    """For whoever was asked to be a moderator."""

    by: str
    has_accepted: bool


def moderators_page(form: ModeratorForm) -> ModeratorsPage:
    """Everybody named."""
    rows = moderators.named()
    return ModeratorsPage(
        [Named(row.account_id, name_of(row.account), row.accepted_at is not None) for row in rows],
        form,
    )


def moderatorship_page(account: Account) -> ModeratorshipPage | None:
    """What `account` was asked, or None if it wasn't."""
    row = moderators.named().filter(account=account).select_related("named_by__profile").first()
    if row is None:
        return None
    return ModeratorshipPage(name_of(row.named_by), row.accepted_at is not None)
