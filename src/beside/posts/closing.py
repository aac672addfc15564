"""Closing one post, a period or everything, which any author may do alone and which can be undone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.index import texts
from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.posts import indexed_texts, reach
from beside.posts.audiences import TakenBackForGood, chosen
from beside.posts.authorship import locked, require_all_authors, written_by
from beside.posts.models import Audience, Post


@disk_full.with_reserve
@transaction.atomic
def close(post: Post, *, by: Account, at: datetime) -> None:
    """Hide the post from everybody but its authors, from the next request on; closing it twice is harmless.

    A draft or a post that was taken back stays as it is: nobody else sees it. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    if post.state == Post.State.PUBLISHED:
        _close(Post.objects.filter(pk=post.pk), at=at)


@transaction.atomic
def reopen(post: Post, *, by: Account, at: datetime, approved_by: Collection[UUID] = ()) -> None:
    """Show a closed post again to those it is for; reopening it twice is harmless.

    Because more people see it then, every author must be `by` or in `approved_by`. Raises
    `NotAnAuthor`, `WaitsForOthers`, `TakenBackForGood`, and what `reach.check` raises.
    """
    post = locked(post, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    if post.state != Post.State.CLOSED:
        return
    reach.check(post, chosen(post))
    if post.words_for != Audience.ONLY_US or reach.is_shown_by_link(post):
        require_all_authors(post, by=by, approved_by=approved_by)
    post.state, post.closed_at = Post.State.PUBLISHED, None
    post.save(update_fields=["state", "closed_at"])
    indexed_texts.follow(post)


@disk_full.with_reserve
@transaction.atomic
def close_everything(
    account: Account, *, at: datetime, since: date | None = None, until: date | None = None
) -> None:
    """Close every published post that `account` is an author of, or those published in a period.

    The period includes both days; they are compared with the day that each post bears. Each post can be reopened separately.
    """
    posts = written_by(account).filter(state=Post.State.PUBLISHED).select_for_update(of=("self",))
    if since is not None:
        posts = posts.filter(written_on__gte=since)
    if until is not None:
        posts = posts.filter(written_on__lte=until)
    ids = list(posts.order_by("pk").values_list("pk", flat=True))
    _close(Post.objects.filter(pk__in=ids), at=at)


def _close(posts: QuerySet[Post], *, at: datetime) -> None:
    words_for = dict(posts.values_list("pk", "words_for"))
    posts.update(state=Post.State.CLOSED, closed_at=at)
    if Audience.ANYONE in words_for.values():
        texts.shut(words_for)
    for post_id in words_for:
        narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post_id)
