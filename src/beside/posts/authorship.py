"""The authors of a post. Every change to a post begins by checking here; nothing here changes one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.people import formats
from beside.people.models import Account
from beside.people.names import isolated
from beside.posts.models import Authorship, Post
from beside.querysets.prepared import prepared


class NotAnAuthor(Exception):
    """Somebody who isn't an author asked for a post as one. Pages answer that nothing is there."""


class WaitsForOthers(Exception):
    """Showing a post to more people needs the approval of every author, and some haven't given it."""

    def __init__(self, others: Iterable[str] = ()) -> None:
        names = formats.listed(others)
        said = (
            _(
                "Showing it to more people needs a yes from %(names)s too. Nothing has changed. Each of"
                " you can always show it to fewer people, alone."
            )
            if names
            else _(
                "Showing it to more people needs a yes from the others who wrote it too. Nothing has changed."
                " Each of you can always show it to fewer people, alone."
            )
        )
        super().__init__(said % {"names": names})


def require_author(post: Post, *, by: Account) -> None:
    """Return only if `by` is one of the post's authors; raises `NotAnAuthor`."""
    if not Authorship.objects.filter(post=post, account=by).exists():
        raise NotAnAuthor


def require_all_authors(post: Post, *, by: Account, approved_by: Collection[UUID] = ()) -> None:
    """Return only if every author is `by` or in `approved_by`; raises `NotAnAuthor` or `WaitsForOthers`.

    `approved_by` are the accounts that have approved this very change (`posts.approvals`). An author
    whose account is closed can't approve, so the post can't be shown to more people.
    """
    require_author(post, by=by)
    others = [author for author in authors_of(post) if author.pk not in {by.pk, *approved_by}]
    if others:
        raise WaitsForOthers(name_of(other) for other in others)


def authors_of(post: Post) -> list[Account]:
    """Everybody who wrote `post`, in the order in which they came to it, with their profiles."""
    authorships = post.authorships.select_related("account__profile").order_by("joined_at", "pk")
    return [authorship.account for authorship in authorships]


def name_of(account: Account | None) -> str:
    """`bare_name_of` for a sentence: whatever it holds, the words around it stay in their order."""
    return isolated(bare_name_of(account))


def bare_name_of(account: Account | None) -> str:
    """The name on the account's profile, as it was typed; "someone" if there is no profile or account."""
    profile = getattr(account, "profile", None)
    return str(profile.name) if profile else _("someone")


@prepared
def those_of(account: UUID | None, posts: list[UUID]) -> QuerySet[Authorship, Any]:
    """The ids of those among `posts` that the account is an author of."""
    return Authorship.objects.filter(account=account, post__in=posts).values_list(
        "post_id", flat=True
    )


def written_by(account: Account) -> QuerySet[Post]:
    """Every post that `account` is an author of, in any state, unordered."""
    return Post.objects.filter(authorships__account=account)


def own(account: Account, post_id: UUID) -> Post:
    """The post with this id, if `account` is one of its authors; raises `NotAnAuthor`, also if there is none."""
    post = written_by(account).filter(pk=post_id).first()
    if post is None:
        raise NotAnAuthor
    return post


def lock(post_id: UUID) -> Post | None:
    """The post's row as it is now, locked until the commit; None if there is none. It checks nobody's rights."""
    return Post.objects.select_for_update().filter(pk=post_id).first()


def locked(post: Post, *, by: Account) -> Post:
    """The post's row as it is now, locked until the commit; raises `NotAnAuthor`."""
    row = lock(post.pk)
    if row is None:
        raise NotAnAuthor
    require_author(row, by=by)
    return row
