"""Beginning a family's page, and saying who it is for. It has one keeper, who alone decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.family.models import Family, FamilyAudience, FamilyGrant
from beside.people import narrowings
from beside.people.models import Account, Circle, Narrowing
from beside.photos import disk_full


class NobodyNamed(Exception):
    """ "These people" was chosen, and nobody was named."""

    def __init__(self) -> None:
        super().__init__(_("Tick the people or the circles that it’s for, or choose “Only me”."))


@dataclass(frozen=True, slots=True)
class Seen:
    """Whom a family is for. The ids count only while the audience is `PEOPLE`."""

    audience: FamilyAudience = FamilyAudience.ONLY_US
    accounts: frozenset[UUID] = frozenset()
    circles: frozenset[UUID] = frozenset()


def of(keeper: Account) -> Family | None:
    """The family that `keeper` has begun, if they have."""
    return Family.objects.filter(keeper=keeper).first()


@transaction.atomic
def locked(keeper: Account, *, at: datetime) -> Family:
    """The family of `keeper`, locked, and begun if there is none yet."""
    Family.objects.get_or_create(keeper=keeper, defaults={"begun_at": at})
    return Family.objects.select_for_update().get(keeper=keeper)


def chosen(family: Family) -> Seen:
    """Whom `family` is for now."""
    named = list(family.grants.values_list("account", "circle"))
    return Seen(
        FamilyAudience(family.audience),
        frozenset(account for account, _circle in named if account),
        frozenset(circle for _account, circle in named if circle),
    )


@disk_full.with_reserve
@transaction.atomic
def choose(keeper: Account, wanted: Seen, *, at: datetime) -> None:
    """Make the family be for `wanted`, from the next request on. It is open again, if it was closed.

    Only circles of `keeper`'s and accounts that aren't closed are named. Raises `NobodyNamed`.
    """
    family = locked(keeper, at=at)
    now, wanted = chosen(family), _named(keeper, wanted)
    _take_effect(family, wanted, at=at)
    if _takes_away(now, wanted):
        narrowings.record(Narrowing.Kind.FAMILY_NARROWED, at=at, family=family.pk)


@disk_full.with_reserve
@transaction.atomic
def close(keeper: Account, *, at: datetime) -> None:
    """Show the family to its keeper alone until they choose anew whom it is for."""
    family = Family.objects.select_for_update().filter(keeper=keeper, closed_at=None).first()
    if family is None or family.audience == FamilyAudience.ONLY_US:
        return
    close_again(family.pk, at=at)
    narrowings.record(Narrowing.Kind.FAMILY_NARROWED, at=at, family=family.pk)


def close_again(family_id: UUID, *, at: datetime) -> None:
    """Close it, also after a restore: how far it was narrowed isn't recorded."""
    Family.objects.filter(pk=family_id, closed_at=None).update(closed_at=at)


@transaction.atomic
def choose_half(keeper: Account, *, southern: bool, at: datetime) -> None:
    """Say in which half of the world the family's seasons are."""
    family = locked(keeper, at=at)
    family.southern = southern
    family.save(update_fields=["southern"])


def _named(keeper: Account, wanted: Seen) -> Seen:
    if wanted.audience != FamilyAudience.PEOPLE:
        return Seen(wanted.audience)
    accounts = Account.objects.filter(pk__in=wanted.accounts, is_active=True).exclude(pk=keeper.pk)
    circles = Circle.objects.filter(pk__in=wanted.circles, owner=keeper)
    named = Seen(
        wanted.audience,
        frozenset(accounts.values_list("pk", flat=True)),
        frozenset(circles.values_list("pk", flat=True)),
    )
    if not (named.accounts or named.circles):
        raise NobodyNamed
    return named


def _take_effect(family: Family, wanted: Seen, *, at: datetime) -> None:
    was_shared = family.audience != FamilyAudience.ONLY_US
    if wanted.audience != FamilyAudience.ONLY_US and not was_shared:
        family.shared_at = at
    family.audience, family.closed_at = wanted.audience, None
    family.save(update_fields=["audience", "shared_at", "closed_at"])
    family.grants.all().delete()
    FamilyGrant.objects.bulk_create(
        [FamilyGrant(family=family, account_id=one) for one in wanted.accounts]
        + [FamilyGrant(family=family, circle_id=one) for one in wanted.circles]
    )


def _takes_away(now: Seen, wanted: Seen) -> bool:
    """Whether somebody may see less under `wanted` than they did."""
    if now.audience == FamilyAudience.PEOPLE and wanted.audience == FamilyAudience.PEOPLE:
        return not (now.accounts <= wanted.accounts and now.circles <= wanted.circles)
    return wanted.audience < now.audience
