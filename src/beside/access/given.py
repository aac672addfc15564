"""Which letters of others somebody was given, as candidates for searching their words.

Each of them is one whose words the rule lets its reader see, as far as a join can say: its audience names them, a circle
holds them, they follow its author and it is for anyone. The rest is asked of the rule itself. So no word is read that the
reader couldn't, and how long that takes depends on nothing else. The rule decides about what was found all the same.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from beside.access import policy
from beside.access.models import Admission, Consent
from beside.access.policy import Viewer
from beside.people.models import Block, Follow
from beside.photos.models import Hold, Photo
from beside.posts.models import (
    Audience,
    Authorship,
    Grant,
    PlacedPhoto,
    Post,
    ShareLinkDevice,
    is_suspended,
)

Ids = QuerySet[Any, Any]
# Of letters whose photographs lie open, so many of the newest are asked for captions.
MOST_LETTERS, _MOST_PHOTOGRAPHS = 200, 1000
_BY_NAME = (Audience.PEOPLE, Audience.LET_IN)


def letters_given_to(viewer: Viewer, *, at: datetime) -> QuerySet[Post]:
    """Every published letter of others whose words `viewer`, who has an account, was given, in no order."""
    me = viewer.account
    if me is None:
        return Post.objects.none()
    given = _followed(me).union(_named(me), _in_circles(me))
    apart = Block.objects.filter(Q(blocker=me) | Q(blocked=me))
    pairs = set(apart.values_list("blocker_id", "blocked_id"))
    others = {one for pair in pairs for one in pair} - {me}
    posts = Post.objects.filter(
        Q(pk__in=given) | Q(pk__in=_behind_doors_and_links(viewer, at=at)),
        state=Post.State.PUBLISHED,
    )
    posts = posts.filter(~is_suspended()).exclude(pk__in=_by([me]))
    return posts.exclude(pk__in=_by(others)) if others else posts


def photographs_open_to(
    viewer: Viewer, unfolded: Collection[UUID], *, at: datetime
) -> dict[UUID, UUID]:
    """The photographs of others that lie open to `viewer` at `at`, each with the letter that it is in.

    They are those that they have chosen to look at, and those in the letters `unfolded`, newest first, that have no fold.
    """
    chosen = Consent.objects.filter(account=viewer.account)
    if viewer.session is not None:
        of_visit = Consent.objects.filter(session=viewer.session, ends_at__gt=at)
        chosen = chosen.union(of_visit)
    laid_open = PlacedPhoto.objects.filter(post__in=list(unfolded)[:MOST_LETTERS])
    ids = [
        *chosen.values_list("photo_id", flat=True),
        *laid_open.values_list("photo_id", flat=True),
    ]
    if not ids:
        return {}
    photos = Photo.objects.filter(pk__in=ids[:_MOST_PHOTOGRAPHS], placed__isnull=False)
    mine = Authorship.objects.filter(account=viewer.account).values("post_id")
    photos = photos.exclude(placed__post__in=mine)
    seen = policy.with_openness(photos, viewer, at=at).filter(is_open=True)
    return dict(seen.values_list("pk", "placed__post_id"))


def own_photographs(viewer: Viewer) -> QuerySet[Photo]:
    """The photographs that `viewer` keeps and hasn't closed for themselves, in no order."""
    held = Hold.objects.filter(account=viewer.account, kind=Hold.Kind.ORIGINAL)
    photos = Photo.objects.filter(pk__in=held.values("photo_id"))
    hidden = photos.filter(hidden_photos__account=viewer.account)
    return photos.exclude(pk__in=hidden.values("pk"))


def _followed(me: UUID) -> Ids:
    followed = Follow.objects.filter(follower=me, state=Follow.State.ACCEPTED).values("followed_id")
    written = Authorship.objects.filter(account__in=followed, post__words_for=Audience.ANYONE)
    return written.values("post_id")


def _named(me: UUID) -> Ids:
    named = Grant.objects.filter(account=me, what=Grant.What.WORDS, post__words_for__in=_BY_NAME)
    return named.values("post_id")


def _in_circles(me: UUID) -> Ids:
    counts = Q(circle__memberships__from_now_on=False) | Q(
        circle__memberships__added_at__lte=F("post__published_at")
    )
    holding = Grant.objects.filter(
        counts,
        circle__memberships__account=me,
        what=Grant.What.WORDS,
        post__words_for__in=_BY_NAME,
    )
    return holding.values("post_id")


def _behind_doors_and_links(viewer: Viewer, *, at: datetime) -> list[UUID]:
    """Letters at whose door they are let in, or to which they have opened a link, as the rule says: bans count, and terms."""
    mine = Admission.objects.filter(account=viewer.account)
    everywhere = Authorship.objects.filter(account__in=mine.filter(is_shared=True).values("by"))
    at_doors = Q(words_for=Audience.LET_IN) & (
        Q(pk__in=mine.values("post_id"))
        | Q(pk__in=everywhere.values("post_id"), door_is_shared=True)
    )
    linked = ShareLinkDevice.objects.filter(session=viewer.session, session__isnull=False)
    by_link = Q(pk__in=linked.values("link__post_id"))
    posts = list(
        Post.objects.filter(at_doors | by_link, state=Post.State.PUBLISHED).values_list(
            "pk", flat=True
        )
    )
    if not posts:
        return []
    return list(policy.visible_to(viewer, at=at).filter(pk__in=posts).values_list("pk", flat=True))


def _by(accounts: Collection[UUID]) -> Ids:
    return Authorship.objects.filter(account__in=accounts).values("post_id")
