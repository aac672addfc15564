"""Saving the people and circles that a post is for. Only `posts.audiences` decides who they are."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from beside.people.models import Account, Circle
from beside.posts.models import Grant, Post


class Granted(NamedTuple):
    """A person or a circle, and the part of the post (`Grant.What`) that is for them."""

    what: int
    account: UUID | None
    circle: UUID | None


def set_grants(post: Post, named: set[Granted]) -> None:
    """Make `post` be for exactly these. The caller must hold its lock.

    Somebody else's circle is ignored unless it was named before, and so are closed accounts.
    """
    there = {Granted(one.what, one.account_id, one.circle_id): one.pk for one in post.grants.all()}
    accounts = active({one.account for one in named if one.account})
    ours = of_authors(post, {one.circle for one in named - there.keys() if one.circle})
    kept = {
        one
        for one in named
        if one.account in accounts or (one.circle and (one in there or one.circle in ours))
    }
    if gone := [pk for one, pk in there.items() if one not in kept]:
        Grant.objects.filter(pk__in=gone).delete()
    Grant.objects.bulk_create(
        Grant(post=post, what=one.what, account_id=one.account, circle_id=one.circle)
        for one in kept - there.keys()
    )


def active(accounts: Collection[UUID]) -> set[UUID]:
    """Those of `accounts` that aren't closed."""
    if not accounts:
        return set()
    active = Account.objects.filter(pk__in=accounts, is_active=True)
    return set(active.values_list("pk", flat=True))


def of_authors(post: Post, circles: Collection[UUID]) -> set[UUID]:
    """Those of `circles` that belong to an author of `post`."""
    if not circles:
        return set()
    authors = post.authorships.values("account")
    ours = Circle.objects.filter(owner__in=authors, pk__in=circles)
    return set(ours.values_list("pk", flat=True))
