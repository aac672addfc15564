"""Letting somebody in at a door, saying no, and letting in no more. A no is never told.

One author's yes is enough, because whoever chose the door had every author's yes to its terms.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.access import conditions
from beside.access.models import AccessRequest, Admission
from beside.access.policy import NothingToSee, SeenPost, Viewer, see
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, delegations, narrowings
from beside.people.models import Account, Delegation, Narrowing
from beside.photos import reserve
from beside.posts.authorship import NotAnAuthor, authors_of, locked, written_by
from beside.posts.models import Audience, Authorship, Post

_NO_WORDS = {"reason": "", "words": ""}


class NotWaiting(Exception):
    """Whoever asked has taken it back, was answered, or the door is no more."""

    def __init__(self) -> None:
        super().__init__(
            _("That isn’t waiting any more. They may have taken it back, or it has been answered.")
        )


def may_decide(post: Post, account: Account) -> bool:
    """Whether `account` may let people in at `post`'s door, and read why they have come."""
    return decided_by(account).filter(pk=post.pk).exists()


def decided_by(account: Account) -> QuerySet[Post]:
    """The posts at whose doors `account` may decide: their own, and of those for whom they read first."""
    first = _reading_first().filter(delegate=account)
    return Post.objects.filter(
        Q(pk__in=written_by(account).values("pk"))
        | Q(pk__in=Authorship.objects.filter(account__in=first.values("author")).values("post"))
    )


def reading_first(post: Post) -> list[Account]:
    """Those who decide beside its authors, by name: whoever asks is told who reads what they write."""
    authors = [author.pk for author in authors_of(post)]
    people = Account.objects.filter(pk__in=deciders_of(post)).exclude(pk__in=authors)
    return list(people.select_related("profile").order_by("profile__name", "pk"))


def deciders_of(post: Post) -> list[UUID]:
    """Those who are told that somebody asks."""
    authors = [author.pk for author in authors_of(post)]
    first = _reading_first().filter(author__in=authors).exclude(delegate__in=authors)
    return [*authors, *first.values_list("delegate", flat=True).distinct()]


def _reading_first() -> QuerySet[Delegation]:
    return delegations.in_force().filter(role=Delegation.Role.SCREENER)


@transaction.atomic
def let_in(asked: AccessRequest, *, by: Account, said: str, at: datetime) -> None:
    """Let in whoever has asked. They are told, and given the few words of `said`; what they wrote is gone.

    Raises `NotAnAuthor` for whoever may not decide, and `NotWaiting`. A block or a keeping-out wins.
    """
    post, asked = _locked_with(asked, by=by, at=at)
    admit(post, asked.asker_id, said=said.strip(), at=at)
    put_away_notices(post, at=at)
    notices.tell(asked.asker_id, Notice.Kind.LET_IN, about=post.pk, at=at)


@transaction.atomic
def decline(asked: AccessRequest, *, by: Account, at: datetime) -> None:
    """Say no. Nobody is told, and what they wrote is gone. Raises `NotAnAuthor` and `NotWaiting`."""
    post, asked = _locked_with(asked, by=by, at=at)
    AccessRequest.objects.filter(pk=asked.pk).update(
        state=AccessRequest.State.DECLINED, **_NO_WORDS
    )
    put_away_notices(post, at=at)


def admit(post: Post, account_id: UUID, *, said: str, at: datetime) -> Admission:
    """Let somebody in, at once; twice is harmless. The caller has locked the post and asked everything."""
    admission, is_new = Admission.objects.get_or_create(
        post=post,
        account_id=account_id,
        defaults={"is_shared": post.door_is_shared, "said": said, "admitted_at": at},
    )
    if is_new:
        admission.by.set(authors_of(post))
    AccessRequest.objects.filter(post=post, asker=account_id).delete()
    return admission


@reserve.used_if_full
@transaction.atomic
def end(post: Post, account_id: UUID, *, by: Account, at: datetime) -> None:
    """Let somebody in to `post` no more, from the next request on. They aren't told; asking again is declined.

    Where they were let in to all that is shared, that ends with it. Twice is harmless. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    blocks.lock(by.pk, account_id)
    mine = set(written_by(by).values_list("pk", flat=True))
    for admission in reaching(post):
        if admission.account_id != account_id:
            continue
        if admission.post_id in mine:
            _end(admission, at=at)
        else:
            Admission.objects.filter(pk=admission.pk).update(is_shared=False)
            narrowings.record(
                Narrowing.Kind.NOT_LET_IN, at=at, post=admission.post_id, account=account_id
            )


def end_all(account_id: UUID, *, of: Account, at: datetime) -> None:
    """Let somebody in at no door of `of`'s any more, and decline what they have asked there.

    The caller has locked both (`blocks.lock`).
    """
    doors = written_by(of)
    for admission in Admission.objects.filter(post__in=doors, account=account_id):
        _end(admission, at=at)
    Admission.objects.filter(account=account_id, by=of).update(is_shared=False)
    waiting = AccessRequest.objects.filter(
        post__in=doors, asker=account_id, state=AccessRequest.State.WAITING
    )
    posts = [one.post for one in waiting.select_related("post")]
    waiting.update(state=AccessRequest.State.DECLINED, **_NO_WORDS)
    for post in posts:
        put_away_notices(post, at=at)


def reaching(post: Post) -> list[Admission]:
    """Whoever has been let in to `post`: at its own door, or to all that exactly its authors share."""
    authors = set(Authorship.objects.filter(post=post).values_list("account_id", flat=True))
    at_its_door = Q(post=post)
    elsewhere = Q(is_shared=True, by__in=authors) if post.door_is_shared else conditions.NEVER
    found = Admission.objects.filter(at_its_door | elsewhere).distinct()
    rows = found.select_related("account__profile", "post").prefetch_related("by")
    return [
        one
        for one in rows.order_by("account__profile__name", "pk")
        if one.post_id == post.pk or {giver.pk for giver in one.by.all()} == authors
    ]


def came_in(viewer: Viewer, post_id: UUID, *, at: datetime) -> tuple[SeenPost, Admission]:
    """The post that `viewer` was let in to at its own door, and that; raises `NothingToSee`."""
    post = see(viewer, post_id, at=at)
    admission = Admission.objects.filter(post=post, account=viewer.account).first()
    if admission is None:
        raise NothingToSee
    return post, admission


def waiting_at(posts: QuerySet[Post], *, at: datetime) -> QuerySet[AccessRequest]:
    """Whoever waits for an answer at these doors; not who is blocked, kept out, or has left."""
    me = OuterRef(OuterRef("asker"))
    barred = Post.objects.filter(
        conditions.is_blocked(me) | conditions.is_banned(me), pk=OuterRef("post")
    )
    door = Q(post__photographs_for=Audience.LET_IN) | Q(post__words_for=Audience.LET_IN)
    return AccessRequest.objects.filter(
        door,
        ~Exists(barred),
        post__in=posts,
        post__state=Post.State.PUBLISHED,
        state=AccessRequest.State.WAITING,
        lapses_at__gt=at,
        asker__is_active=True,
    )


def put_away_notices(post: Post, *, at: datetime) -> None:
    """Take the line away from those who decide, once nobody waits there."""
    if not waiting_at(Post.objects.filter(pk=post.pk), at=at).exists():
        for account in deciders_of(post):
            notices.untell(account, Notice.Kind.ASKED_TO_COME_IN, about=post.pk)


def lock_with_authors(post: Post, *accounts: UUID) -> None:
    """Have no block, no keeping-out and no delegation's end come between until the commit. The post is locked already."""
    blocks.lock(*accounts, *Authorship.objects.filter(post=post).values_list("account", flat=True))


def _locked_with(asked: AccessRequest, *, by: Account, at: datetime) -> tuple[Post, AccessRequest]:
    post = Post.objects.select_for_update().filter(pk=asked.post_id).first()
    if post is None or asked.asker_id == by.pk:
        raise NotAnAuthor
    lock_with_authors(post, asked.asker_id, by.pk)
    if not may_decide(post, by):
        raise NotAnAuthor
    waiting = waiting_at(Post.objects.filter(pk=post.pk), at=at).filter(pk=asked.pk).first()
    if waiting is None:
        raise NotWaiting
    return post, waiting


def _end(admission: Admission, *, at: datetime) -> None:
    decline_from_now_on(admission.post_id, admission.account_id, since=admission.admitted_at, at=at)
    notices.untell(admission.account_id, Notice.Kind.LET_IN, about=admission.post_id)
    narrowings.record(
        Narrowing.Kind.NOT_LET_IN, at=at, post=admission.post_id, account=admission.account_id
    )
    admission.delete()


def decline_from_now_on(post_id: UUID, account_id: UUID, *, since: datetime, at: datetime) -> None:
    """Have every asking of theirs at this door declined from now on. To them nothing waits now."""
    AccessRequest.objects.update_or_create(
        post_id=post_id,
        asker_id=account_id,
        defaults={
            "state": AccessRequest.State.DECLINED,
            "asked_at": since,
            "lapses_at": at,
            **_NO_WORDS,
        },
    )
