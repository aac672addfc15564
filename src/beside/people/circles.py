"""Circles: people chosen by an owner, so that an audience has to be chosen only once.

Members aren't told that they are in one, who else is, or what it is called. Before anybody is added,
the caller asks `access.profiles` whether the owner knows them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.people import blocks, names, narrowings
from beside.people.models import Account, Circle, Membership, Narrowing
from beside.querysets.prepared import prepared


class NoSuchCircle(Exception):
    """This owner has no such circle."""

    def __init__(self) -> None:
        super().__init__(_("There’s no such circle."))


class NoName(Exception):
    """A circle needs a name."""

    def __init__(self) -> None:
        super().__init__(_("What is it called? Most people begin with one called Family."))


class NameTaken(Exception):
    """The owner already has a circle of that name, in capitals or not."""

    def __init__(self) -> None:
        super().__init__(_("You have a circle of that name already."))


def of(owner: Account) -> list[Circle]:
    """The circles of `owner`, by name."""
    return _owned.every(owner.pk)


@prepared
def _owned(owner: UUID) -> QuerySet[Circle]:
    return Circle.objects.filter(owner=owner).order_by("name")


def get(circle_id: UUID, *, owner: Account) -> Circle:
    """One circle of `owner`'s. Raises `NoSuchCircle`, for other people's too."""
    try:
        return Circle.objects.get(pk=circle_id, owner=owner)
    except Circle.DoesNotExist:
        raise NoSuchCircle from None


def members(circle: Circle) -> list[Account]:
    """The members, in the order in which they were added, with their profiles."""
    inside = Account.objects.filter(memberships__circle=circle).select_related("profile")
    return list(inside.order_by("memberships__added_at", "profile__name"))


def memberships(circle: Circle) -> list[Membership]:
    """The memberships in the same order, with the members' profiles."""
    inside = circle.memberships.select_related("account__profile")
    return list(inside.order_by("added_at", "account__profile__name"))


@transaction.atomic
def make(owner: Account, *, name: str) -> Circle:
    """Make an empty circle. Raises `NoName` and `NameTaken`."""
    return _save(Circle(owner=owner, name=_free_name(owner, name)))


@transaction.atomic
def rename(circle: Circle, *, name: str) -> None:
    """Rename a circle. Raises `NoName` and `NameTaken`."""
    circle.name = _free_name(circle.owner, name, besides=circle)
    _save(circle)


@transaction.atomic
def remove(circle: Circle, *, at: datetime) -> None:
    """Delete a circle. Members no longer see what they saw only through it."""
    for account in members(circle):
        remove_member(circle, account.pk, at=at)
    circle.delete()


@transaction.atomic
def add(circle: Circle, account: Account, *, at: datetime, from_now_on: bool = False) -> None:
    """Add `account` to the circle, for all its letters or only for those published `from_now_on`.

    Somebody who is in it already stays as they are. The owner, and anybody blocked either way, is not added.
    """
    blocks.lock(circle.owner_id, account.pk)
    if account.pk == circle.owner_id or blocks.is_between(circle.owner, account):
        return
    defaults = {"added_at": at, "from_now_on": from_now_on}
    Membership.objects.get_or_create(circle=circle, account=account, defaults=defaults)


@transaction.atomic
def hide_earlier_letters(circle: Circle, account_id: UUID, *, at: datetime) -> None:
    """Show a member only the letters published since they were added. They aren't told."""
    inside = Membership.objects.filter(circle=circle, account_id=account_id, from_now_on=False)
    if inside.update(from_now_on=True):
        narrowings.record(Narrowing.Kind.FROM_NOW_ON, at=at, circle=circle.pk, account=account_id)


def show_earlier_letters(circle: Circle, account_id: UUID) -> None:
    """Show a member the circle's earlier letters too."""
    Membership.objects.filter(circle=circle, account_id=account_id).update(from_now_on=False)


@transaction.atomic
def remove_member(circle: Circle, account_id: UUID, *, at: datetime) -> None:
    """Remove a member. From the next request they see nothing through the circle. They aren't told."""
    gone, _by_model = Membership.objects.filter(circle=circle, account_id=account_id).delete()
    if gone:
        narrowings.record(
            Narrowing.Kind.REMOVED_FROM_CIRCLE, at=at, circle=circle.pk, account=account_id
        )


def _save(circle: Circle) -> Circle:
    try:
        with transaction.atomic():
            circle.save()
    except IntegrityError:  # The same name was given at the same moment, as by tapping twice.
        raise NameTaken from None
    return circle


def _free_name(owner: Account, name: str, *, besides: Circle | None = None) -> str:
    cleaned = names.clean(name)[:60]
    if not cleaned:
        raise NoName
    others = Circle.objects.filter(owner=owner)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    # SQLite knows capitals of English letters only, and on PostgreSQL the two couldn't be told apart.
    if cleaned.casefold() in {name.casefold() for name in others.values_list("name", flat=True)}:
        raise NameTaken
    return cleaned
