"""Closing, which any author may do at once and which can be undone: one letter, a period, everything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import reserve
from beside.posts import linked
from beside.posts.audiences import TakenBackForGood, check, chosen
from beside.posts.authorship import locked, require_every_yes, written_by
from beside.posts.models import Audience, Post


@reserve.used_if_full
@transaction.atomic
def close(post: Post, *, by: Account, at: datetime) -> None:
    """Let nobody but its authors see the post, from the next request on; twice is harmless.

    A draft, and what was taken back, is closed as it is. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    if post.state == Post.State.PUBLISHED:
        _close(Post.objects.filter(pk=post.pk), at=at)


@transaction.atomic
def reopen(post: Post, *, by: Account, at: datetime, yes: Collection[UUID] = ()) -> None:
    """Show a closed post again to those it is for; twice is harmless.

    This is going to more people: it needs every author, `by` or among `yes`. Raises `NotAnAuthor`,
    `WaitsForOthers`, `TakenBackForGood`, and what `audiences.check` raises.
    """
    post = locked(post, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    if post.state != Post.State.CLOSED:
        return
    check(post, chosen(post))
    if post.words_for != Audience.ONLY_US or linked.has_reader(post):
        require_every_yes(post, by=by, yes=yes)
    post.state, post.closed_at = Post.State.PUBLISHED, None
    post.save(update_fields=["state", "closed_at"])


@reserve.used_if_full
@transaction.atomic
def close_everything(
    account: Account, *, at: datetime, since: date | None = None, until: date | None = None
) -> None:
    """Close every published post of which `account` is an author, or those published in a period.

    Both days belong to the period. Each can be opened again by itself.
    """
    posts = written_by(account).filter(state=Post.State.PUBLISHED).select_for_update(of=("self",))
    if since is not None:
        posts = posts.filter(published_at__date__gte=since)
    if until is not None:
        posts = posts.filter(published_at__date__lte=until)
    ids = list(posts.order_by("pk").values_list("pk", flat=True))
    _close(Post.objects.filter(pk__in=ids), at=at)


def _close(posts: QuerySet[Post], *, at: datetime) -> None:
    ids = list(posts.values_list("pk", flat=True))
    posts.update(state=Post.State.CLOSED, closed_at=at)
    for post_id in ids:
        narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post_id)
