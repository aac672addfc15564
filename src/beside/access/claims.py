""" "I am in this photograph": somebody writes to a letter's authors, and nobody else ever reads it.

Whoever may see a letter's photographs can, with an account or without. Where one of its authors has
somebody who reads first, it waits for them, and never longer than `WAITS_AT_MOST`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from beside.access.models import Claim
from beside.access.policy import NothingToSee, SeenPhoto, SeenPost, Sight, Viewer, photographs_of
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, delegations
from beside.people.models import Account, Delegation
from beside.photos.models import Photo
from beside.posts.authorship import authors_of, own
from beside.posts.models import Authorship, Post

KEPT_FOR = timedelta(days=180)
# It may be the wish of somebody whom the photograph harms: no reader who forgets it may keep it back.
WAITS_AT_MOST = timedelta(days=14)


class NoSuchClaim(Exception):
    """Somebody asked for a claim that isn't theirs to read. Pages answer that nothing is there."""


class Said(NamedTuple):
    """Who writes, how they can be reached if they say so, and what they write."""

    name: str
    words: str
    address: str = ""


def photographs_in(post: SeenPost, viewer: Viewer, *, at: datetime) -> list[SeenPhoto]:
    """The photographs of which `viewer` can say it, in order. `post` comes from `see`. Raises `NothingToSee`."""
    if post.sight < Sight.VEIL:
        raise NothingToSee
    return list(photographs_of(post, viewer, at=at, met=post.sight).filter(state=Photo.State.READY))


@transaction.atomic
def send(
    post: SeenPost, photo_id: UUID | None, said: Said, *, viewer: Viewer, at: datetime
) -> Claim:
    """Write to the authors of `post` about one of its photographs, or about which they'll say in words.

    `post` comes from `see`. Raises `NothingToSee` where `viewer` may not see its photographs.
    """
    known = {photo.pk for photo in photographs_in(post, viewer, at=at)}
    if photo_id is not None and photo_id not in known:
        raise NothingToSee
    claim = Claim.objects.create(
        post_id=post.pk,
        photo_id=photo_id,
        name=said.name.strip(),
        address=said.address,
        words=said.words.strip(),
        sent_at=at,
    )
    first = readers_first(post)
    for reader in first:
        notices.tell(reader.pk, Notice.Kind.CLAIMED, about=claim.pk, at=at)
    if not first:
        _pass_on(claim, at=at)
    return claim


def readers_first(post: Post) -> QuerySet[Account]:
    """Those who read first for an author of `post`: signed by both, and ended by neither."""
    signed = _screening().filter(author__in=authors_of(post))
    return Account.objects.filter(pk__in=signed.values("delegate"), is_active=True)


def waiting_for(reader: Account) -> QuerySet[Claim]:
    """What `reader` is to read first, the oldest on top."""
    for_whom = _screening().filter(delegate=reader, author__authorships__post=OuterRef("post"))
    waiting = Claim.objects.filter(Exists(for_whom), passed_on_at=None, settled_at=None)
    return waiting.order_by("sent_at", "pk")


@transaction.atomic
def pass_on(claim_id: UUID, *, by: Account, at: datetime) -> None:
    """Let the authors read it. Raises `NoSuchClaim` unless it waits for `by`."""
    authors = Authorship.objects.filter(post__claims=claim_id)
    blocks.lock(by.pk, *authors.values_list("account", flat=True))
    claim = waiting_for(by).filter(pk=claim_id).first()
    if claim is None:
        raise NoSuchClaim
    _pass_on(claim, at=at)


def of(post_id: UUID, *, by: Account) -> QuerySet[Claim]:
    """What was written about a letter and is not settled, for its authors. Raises `NotAnAuthor`."""
    post = own(by, post_id)
    mine = Claim.objects.filter(post=post, passed_on_at__isnull=False, settled_at=None)
    return mine.order_by("sent_at", "pk")


def get(claim_id: UUID, post_id: UUID, *, by: Account) -> Claim:
    """One of them; raises `NoSuchClaim`, `NotAnAuthor`."""
    claim = of(post_id, by=by).filter(pk=claim_id).first()
    if claim is None:
        raise NoSuchClaim
    return claim


@transaction.atomic
def settle(claim: Claim, *, by: Account, at: datetime) -> None:
    """It is dealt with: who wrote and what is gone, for every author, and only that there was one stays.

    Raises `NotAnAuthor`.
    """
    left = of(claim.post_id, by=by)
    left.filter(pk=claim.pk).update(name="", address="", words="", photo=None, settled_at=at)
    if not left.exists():
        _untell_authors(claim.post)


@transaction.atomic
def run_due(at: datetime) -> None:
    """Pass on what waits for nobody any more, or for too long; forget what is half a year old.

    The worker calls this; twice is harmless.
    """
    for claim in Claim.objects.filter(passed_on_at=None, settled_at=None).select_related("post"):
        if claim.sent_at <= at - WAITS_AT_MOST or not readers_first(claim.post).exists():
            _pass_on(claim, at=at)
    old = Claim.objects.filter(sent_at__lte=at - KEPT_FOR).select_related("post")
    for claim in old:
        claim.delete()
        if not Claim.objects.filter(post=claim.post_id, settled_at=None).exists():
            _untell_authors(claim.post)


def _screening() -> QuerySet[Delegation]:
    return delegations.in_force().filter(role=Delegation.Role.SCREENER)


def _pass_on(claim: Claim, *, at: datetime) -> None:
    Claim.objects.filter(pk=claim.pk).update(passed_on_at=at)
    Notice.objects.filter(kind=Notice.Kind.CLAIMED, about=claim.pk).delete()
    for author in authors_of(claim.post):
        notices.tell(author.pk, Notice.Kind.CLAIMED, about=claim.post_id, at=at)


def _untell_authors(post: Post) -> None:
    for author in authors_of(post):
        notices.untell(author.pk, Notice.Kind.CLAIMED, about=post.pk)
