"""Muting, "show me less from them": a preference of one reader. It changes no permission, and nobody is told.

Lists leave out the letters of those who are muted (`access.content_preferences`), and no notice tells of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from beside.people.models import Account, Mute
from beside.querysets.prepared import prepared


def mute(muter: Account, muted: Account, *, at: datetime) -> None:
    """Show `muter` less of somebody. Muting twice, or oneself, does nothing."""
    if muter.pk != muted.pk:
        Mute.objects.get_or_create(muter=muter, muted=muted, defaults={"at": at})


def end(muter: Account, muted_id: UUID) -> None:
    """Show `muter` everything of them again; ending it twice is harmless."""
    Mute.objects.filter(muter=muter, muted_id=muted_id).delete()


def is_muted(muter: Account, muted_id: UUID) -> bool:
    """Whether `muter` has asked to be shown less of them."""
    return _between.any(muter.pk, muted_id)


@prepared
def _between(muter: UUID, muted: UUID) -> QuerySet[Mute]:
    return Mute.objects.filter(muter=muter, muted=muted)


def muted_by(account: Account) -> list[Account]:
    """The people of whom `account` has asked to be shown less, by name. Those whose accounts are closed aren't named."""
    muted = Account.objects.filter(muted_by__muter=account, is_active=True)
    return list(muted.select_related("profile").order_by("profile__name", "pk"))


def muters_of(authors: Iterable[UUID]) -> AbstractSet[UUID]:
    """The people who have muted any of these authors: they aren't told of what these write."""
    return set(Mute.objects.filter(muted__in=authors).values_list("muter_id", flat=True))


def has_muted(account: OuterRef) -> Exists:
    """Whether a row's account has muted anybody."""
    return Exists(Mute.objects.filter(muter=account))
