"""Circles: people chosen by an owner, so that it need be said only once who something is for.

Nobody in one is told that they are, or with whom, or what it is called. Whether the owner
knows someone is asked of `access.profiles` before anybody is added.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from beside.people import blocks, names, narrowings
from beside.people.models import Account, Circle, Membership, Narrowing


class NoSuchCircle(Exception):
    """There is no such circle of this owner's."""

    def __init__(self) -> None:
        super().__init__(_("There’s no such circle."))


class NoName(Exception):
    """A circle is called something, so that its owner knows it again."""

    def __init__(self) -> None:
        super().__init__(_("What is it called? Most people begin with one called Family."))


class NameTaken(Exception):
    """The owner has a circle of that name, whatever its capitals."""

    def __init__(self) -> None:
        super().__init__(_("You have a circle of that name already."))


def of(owner: Account) -> list[Circle]:
    """The circles of `owner`, by name."""
    return list(Circle.objects.filter(owner=owner).order_by("name"))


def get(circle_id: UUID, *, owner: Account) -> Circle:
    """One circle of `owner`'s. Raises `NoSuchCircle`, for other people's too."""
    try:
        return Circle.objects.get(pk=circle_id, owner=owner)
    except Circle.DoesNotExist:
        raise NoSuchCircle from None


def members(circle: Circle) -> list[Account]:
    """Who is in it, in the order in which they were added, each with their profile."""
    inside = Account.objects.filter(memberships__circle=circle).select_related("profile")
    return list(inside.order_by("memberships__added_at", "profile__name"))


def memberships(circle: Circle) -> list[Membership]:
    """The same, each with when they came into it and whether it counts only from then on."""
    inside = circle.memberships.select_related("account__profile")
    return list(inside.order_by("added_at", "account__profile__name"))


@transaction.atomic
def make(owner: Account, *, name: str) -> Circle:
    """Make an empty circle. Raises `NoName` and `NameTaken`."""
    return _kept(Circle(owner=owner, name=_free_name(owner, name)))


@transaction.atomic
def rename(circle: Circle, *, name: str) -> None:
    """Call it something else. Raises `NoName` and `NameTaken`."""
    circle.name = _free_name(circle.owner, name, besides=circle)
    _kept(circle)


@transaction.atomic
def remove(circle: Circle, *, at: datetime) -> None:
    """End a circle. Whoever saw something only through it loses sight of that at once."""
    for account in members(circle):
        take_out(circle, account.pk, at=at)
    circle.delete()


@transaction.atomic
def add(circle: Circle, account: Account, *, at: datetime, from_now_on: bool = False) -> None:
    """Put `account` in, for all that is for the circle, or only for what is published `from_now_on`.

    Twice is once, as it was said first; the owner, or someone blocked either way, never gets in.
    """
    blocks.lock(circle.owner_id, account.pk)
    if account.pk == circle.owner_id or blocks.is_between(circle.owner, account):
        return
    as_said = {"added_at": at, "from_now_on": from_now_on}
    Membership.objects.get_or_create(circle=circle, account=account, defaults=as_said)


@transaction.atomic
def shut_the_past(circle: Circle, account_id: UUID, *, at: datetime) -> None:
    """Let the circle count, for one who is in it, only in letters published since they came. They aren't told."""
    inside = Membership.objects.filter(circle=circle, account_id=account_id, from_now_on=False)
    if inside.update(from_now_on=True):
        narrowings.record(Narrowing.Kind.FROM_NOW_ON, at=at, circle=circle.pk, account=account_id)


def open_the_past(circle: Circle, account_id: UUID) -> None:
    """Let the circle count, for one who is in it, in earlier letters too."""
    Membership.objects.filter(circle=circle, account_id=account_id).update(from_now_on=False)


@transaction.atomic
def take_out(circle: Circle, account_id: UUID, *, at: datetime) -> None:
    """Take somebody out. They lose sight of everything at once, and aren't told."""
    gone, _by_model = Membership.objects.filter(circle=circle, account_id=account_id).delete()
    if gone:
        narrowings.record(Narrowing.Kind.TAKEN_OUT, at=at, circle=circle.pk, account=account_id)


def _kept(circle: Circle) -> Circle:
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
    same = Circle.objects.filter(owner=owner, name__iexact=cleaned)
    if besides is not None:
        same = same.exclude(pk=besides.pk)
    if same.exists():
        raise NameTaken
    return cleaned
