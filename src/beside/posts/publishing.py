"""Publishing: the one act that first shows a post to others. Nothing else publishes along the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import mutes, time_zones
from beside.people.models import Account, Block
from beside.photos.models import Photo
from beside.posts import audiences, indexed_texts, reach
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import authors_of, locked, require_all_authors
from beside.posts.models import Audience, Grant, Post


class NothingToPublish(Exception):
    """The post has neither words nor a photograph."""

    def __init__(self) -> None:
        super().__init__(
            _("There’s nothing here yet to show. A photograph is enough, and so is one sentence.")
        )


@transaction.atomic
def publish(post: Post, *, by: Account, at: datetime, approved_by: Collection[UUID] = ()) -> None:
    """Show the draft to those it is for, from the next request on; publishing it twice is harmless.

    It bears `by`'s day from then on. The people it names are told that there is a letter for them, and nothing else. Raises
    `NotAnAuthor`, `NothingToPublish`, `TakenBackForGood`, what `reach.check` raises, and
    `WaitsForOthers` if other people would see it and an author is not in `approved_by`.
    """
    post = locked(post, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    if post.state != Post.State.DRAFT:
        return
    require_ready(post, by=by, approved_by=approved_by)
    post.state, post.published_at = Post.State.PUBLISHED, at
    post.written_on = time_zones.day_of(by, at)
    post.save(update_fields=["state", "published_at", "written_on"])
    indexed_texts.follow(post)
    _tell(post, at=at)


def require_ready(post: Post, *, by: Account, approved_by: Collection[UUID] = ()) -> None:
    """Return only if the draft could be published as it is; raises what `publish` raises."""
    if not (post.words.strip() or _has_photographs(post)):
        raise NothingToPublish
    wanted = audiences.chosen(post)
    reach.check(post, wanted)
    if wanted.words.audience != Audience.ONLY_US:
        require_all_authors(post, by=by, approved_by=approved_by)


def _has_photographs(post: Post) -> bool:
    return post.placed.exclude(photo__state=Photo.State.REFUSED).exists()


def _tell(post: Post, *, at: datetime) -> None:
    """Tell the people an author named, personally or by a circle; anybody else finds the post when they look."""
    if post.words_for not in reach.BY_NAME:
        return
    authors = {author.pk for author in authors_of(post)}
    named = audiences.named_people(post, Grant.What.WORDS) - authors
    for person in _not_blocked(named - mutes.muters_of(authors), authors):
        notices.tell(person, Notice.Kind.SHARED, about=post.pk, at=at)


def _not_blocked(people: Iterable[UUID], authors: Iterable[UUID]) -> list[UUID]:
    between = Q(blocker__in=authors) | Q(blocked__in=authors)
    pairs = Block.objects.filter(between).values_list("blocker_id", "blocked_id")
    apart = {pk for pair in pairs for pk in pair}
    active = Account.objects.filter(pk__in=set(people) - apart, is_active=True)
    return list(active.values_list("pk", flat=True))
