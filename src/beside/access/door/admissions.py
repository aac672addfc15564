"""Letting somebody in at a door, declining them, and ending an admission. A refusal is never told.

One author's yes is enough, because every author agreed to the door and its terms.
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
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.posts.authorship import NotAnAuthor, authors_of, locked, written_by
from beside.posts.models import Audience, Authorship, Post

_NO_WORDS = {"reason": "", "words": ""}


class NotWaiting(Exception):
    """The request was withdrawn or answered, or the door is gone."""

    def __init__(self) -> None:
        super().__init__(
            _("That isn’t waiting any more. They may have taken it back, or it has been answered.")
        )


def may_decide(post: Post, account: Account) -> bool:
    """Whether `account` may let people in at `post`'s door, and read their requests."""
    return decidable_by(account).filter(pk=post.pk).exists()


def decidable_by(account: Account) -> QuerySet[Post]:
    """The posts at whose doors `account` may decide: their own, and those of authors whom they screen for."""
    screening = delegations.screening().filter(delegate=account)
    return Post.objects.filter(
        Q(pk__in=written_by(account).values("pk"))
        | Q(pk__in=Authorship.objects.filter(account__in=screening.values("author")).values("post"))
    )


def screeners_of(post: Post) -> list[Account]:
    """Who decides besides the authors, by name. Somebody who asks is told who will read what they write."""
    authors = [author.pk for author in authors_of(post)]
    people = Account.objects.filter(pk__in=deciders_of(post)).exclude(pk__in=authors)
    return list(people.select_related("profile").order_by("profile__name", "pk"))


def deciders_of(post: Post) -> list[UUID]:
    """The ids of the accounts that are told of a request: the authors and their screeners."""
    authors = [author.pk for author in authors_of(post)]
    screening = delegations.screening().filter(author__in=authors).exclude(delegate__in=authors)
    return [*authors, *screening.values_list("delegate", flat=True).distinct()]


@transaction.atomic
def let_in(asked: AccessRequest, *, by: Account, message: str, at: datetime) -> None:
    """Let in the person who asked. They are told, with the few words in `said`; what they wrote is deleted.

    Raises `NotAnAuthor` if `by` may not decide, and `NotWaiting`, also if the asker is blocked or banned.
    """
    post, asked = _locked_with(asked, by=by, at=at)
    admit(post, asked.asker_id, message=message.strip(), at=at)
    clear_notices(post, at=at)
    notices.tell(asked.asker_id, Notice.Kind.ADMITTED, about=post.pk, at=at)


@transaction.atomic
def decline(asked: AccessRequest, *, by: Account, at: datetime) -> None:
    """Decline the request, and delete what was written in it. Nobody is told. Raises `NotAnAuthor` and `NotWaiting`."""
    post, asked = _locked_with(asked, by=by, at=at)
    AccessRequest.objects.filter(pk=asked.pk).update(
        state=AccessRequest.State.DECLINED, **_NO_WORDS
    )
    clear_notices(post, at=at)


def admit(post: Post, account_id: UUID, *, message: str, at: datetime) -> Admission:
    """Let somebody in at once; twice is harmless. The caller must hold the post's lock and have checked permission."""
    admission, is_new = Admission.objects.get_or_create(
        post=post,
        account_id=account_id,
        defaults={"is_shared": post.door_is_shared, "message": message, "admitted_at": at},
    )
    if is_new:
        admission.by.set(authors_of(post))
    AccessRequest.objects.filter(post=post, asker=account_id).delete()
    return admission


@disk_full.with_reserve
@transaction.atomic
def end(post: Post, account_id: UUID, *, by: Account, at: datetime) -> None:
    """End somebody's admission to `post`, from their next request on. They aren't told, and are declined if they ask again.

    An admission to everything that the same authors share ends too. Twice is harmless. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    blocks.lock(by.pk, account_id)
    mine = set(written_by(by).values_list("pk", flat=True))
    for admission in admissions_to(post):
        if admission.account_id != account_id:
            continue
        if admission.post_id in mine:
            _end(admission, at=at)
        else:
            Admission.objects.filter(pk=admission.pk).update(is_shared=False)
            narrowings.record(
                Narrowing.Kind.ADMISSION_ENDED, at=at, post=admission.post_id, account=account_id
            )


def end_all(account_id: UUID, *, of: Account, at: datetime) -> None:
    """End somebody's admissions at all of `of`'s doors, and decline the requests that they have there.

    The caller must hold the lock on both accounts (`blocks.lock`).
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
        clear_notices(post, at=at)


def admissions_to(post: Post) -> list[Admission]:
    """The admissions that count for `post`: at its own door, or to everything that exactly its authors share."""
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


def admission_of(viewer: Viewer, post_id: UUID, *, at: datetime) -> tuple[SeenPost, Admission]:
    """The post, and `viewer`'s admission at its own door; raises `NothingToSee` if there is none."""
    post = see(viewer, post_id, at=at)
    admission = Admission.objects.filter(post=post, account=viewer.account).first()
    if admission is None:
        raise NothingToSee
    return post, admission


def waiting_at(posts: QuerySet[Post], *, at: datetime) -> QuerySet[AccessRequest]:
    """The requests that wait for an answer at these doors, except from accounts that are blocked, banned or closed."""
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


def clear_notices(post: Post, *, at: datetime) -> None:
    """Remove the notice from those who decide, once no request is waiting there."""
    if not waiting_at(Post.objects.filter(pk=post.pk), at=at).exists():
        for account in deciders_of(post):
            notices.untell(account, Notice.Kind.ACCESS_REQUESTED, about=post.pk)


def lock_with_authors(post: Post, *accounts: UUID) -> None:
    """Until the commit, let nobody block, ban, or end a delegation among these. The caller must hold the post's lock."""
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
    decline_future_requests(
        admission.post_id, admission.account_id, since=admission.admitted_at, at=at
    )
    notices.untell(admission.account_id, Notice.Kind.ADMITTED, about=admission.post_id)
    narrowings.record(
        Narrowing.Kind.ADMISSION_ENDED, at=at, post=admission.post_id, account=admission.account_id
    )
    admission.delete()


def decline_future_requests(
    post_id: UUID, account_id: UUID, *, since: datetime, at: datetime
) -> None:
    """Decline every further request of theirs at this door. They don't seem to be waiting now."""
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
