"""Whose a post is. Every act on a post begins by asking here, and nothing here changes one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.posts.models import Authorship, Post


class NotAnAuthor(Exception):
    """Somebody asked for a post of others as if it were theirs. Pages answer that nothing is there."""


class WaitsForOthers(Exception):
    """What goes to more people needs the yes of every author, and there are others."""

    def __init__(self, others: Iterable[str] = ()) -> None:
        named = _(" and ").join(others) or _("the others who wrote it")
        super().__init__(
            _(
                "It goes to more people only when all of you have agreed, and that hasn’t been asked of"
                " %(names)s yet. Nothing has changed. Each of you can always show it to fewer people, alone."
            )
            % {"names": named}
        )


def require_author(post: Post, *, by: Account) -> None:
    """Return only if `by` is one of the post's authors; raises `NotAnAuthor`."""
    if not Authorship.objects.filter(post=post, account=by).exists():
        raise NotAnAuthor


def require_every_yes(post: Post, *, by: Account, yes: Collection[UUID] = ()) -> None:
    """Return only if every author is `by` or among `yes`; raises `NotAnAuthor` or `WaitsForOthers`.

    `yes` are the accounts that have agreed to this very act (`posts.approvals`). An author
    whose account is closed can't be asked, and so nothing goes to more people.
    """
    require_author(post, by=by)
    others = [author for author in authors_of(post) if author.pk not in {by.pk, *yes}]
    if others:
        raise WaitsForOthers(name_of(other) for other in others)


def authors_of(post: Post) -> list[Account]:
    """Everybody who wrote `post`, in the order in which they came to it, with their profiles."""
    authorships = post.authorships.select_related("account__profile").order_by("joined_at", "pk")
    return [authorship.account for authorship in authorships]


def name_of(account: Account) -> str:
    """What an author is called; the account has its profile, or has none yet."""
    profile = getattr(account, "profile", None)
    return profile.name if profile else _("someone")


def written_by(account: Account) -> QuerySet[Post]:
    """Every post of which `account` is an author, in whatever state, in no order."""
    return Post.objects.filter(authorships__account=account)


def own(account: Account, post_id: UUID) -> Post:
    """The post, if `account` is one of its authors; raises `NotAnAuthor`, also if there is none."""
    post = written_by(account).filter(pk=post_id).first()
    if post is None:
        raise NotAnAuthor
    return post


def locked(post: Post, *, by: Account) -> Post:
    """The post's row as it is now, kept from others until the commit; raises `NotAnAuthor`."""
    row = Post.objects.select_for_update().filter(pk=post.pk).first()
    if row is None:
        raise NotAnAuthor
    require_author(row, by=by)
    return row
