""" "I am in this photograph": somebody writes to a letter's authors, and nobody else ever reads it.

Anybody who may see a letter's photographs can do so, with or without an account. If one of the
authors has a screener, the claim waits for the screener first, but never longer than `WAITS_AT_MOST`.
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
from beside.people import blocks, delegations, names
from beside.people.models import Account
from beside.photos.broken_rows import going_on
from beside.photos.models import Photo
from beside.posts.authorship import authors_of, own
from beside.posts.models import Authorship, Post

KEPT_FOR = timedelta(days=180)
# The photograph may be harming the person who writes, so a screener who forgets a claim mustn't hold it back.
WAITS_AT_MOST = timedelta(days=14)


class NoSuchClaim(Exception):
    """There is no such claim, or it isn't theirs to read. Pages answer with the 404 page."""


class ClaimText(NamedTuple):
    """Who writes, what they write, and a mail address if they want to be reached."""

    name: str
    words: str
    address: str = ""


def photographs_in(post: SeenPost, viewer: Viewer, *, at: datetime) -> list[SeenPhoto]:
    """The photographs that `viewer` can make a claim about, in order.

    `post` must come from `policy.see`. Raises `NothingToSee` unless `viewer` may see its photographs.
    """
    if post.sight < Sight.VEIL:
        raise NothingToSee
    return list(photographs_of(post, viewer, at=at, met=post.sight).filter(state=Photo.State.READY))


@transaction.atomic
def send(
    post: SeenPost, photo_id: UUID | None, said: ClaimText, *, viewer: Viewer, at: datetime
) -> Claim:
    """Write to the authors of `post` about one of its photographs, or with None about some that the text describes.

    `post` must come from `policy.see`. Raises `NothingToSee` unless `viewer` may see its photographs.
    """
    known = {photo.pk for photo in photographs_in(post, viewer, at=at)}
    if photo_id is not None and photo_id not in known:
        raise NothingToSee
    claim = Claim.objects.create(
        post_id=post.pk,
        photo_id=photo_id,
        name=names.clean(said.name),
        address=said.address,
        words=said.words.strip(),
        sent_at=at,
    )
    screeners = screeners_of(post)
    for screener in screeners:
        notices.tell(screener.pk, Notice.Kind.CLAIMED, about=claim.pk, at=at)
    if not screeners:
        _pass_on(claim, at=at)
    return claim


def screeners_of(post: Post) -> QuerySet[Account]:
    """The screeners of any author of `post`, whose delegations are in force."""
    signed = delegations.screening().filter(author__in=authors_of(post))
    return Account.objects.filter(pk__in=signed.values("delegate"), is_active=True)


def waiting_for(screener: Account) -> QuerySet[Claim]:
    """The claims that `screener` has to read first, oldest first."""
    for_whom = delegations.screening().filter(
        delegate=screener, author__authorships__post=OuterRef("post")
    )
    waiting = Claim.objects.filter(Exists(for_whom), passed_on_at=None, settled_at=None)
    return waiting.order_by("sent_at", "pk")


@transaction.atomic
def pass_on(claim_id: UUID, *, by: Account, at: datetime) -> None:
    """Pass a claim on to the authors. Raises `NoSuchClaim` unless it is waiting for `by`."""
    authors = Authorship.objects.filter(post__claims=claim_id)
    blocks.lock(by.pk, *authors.values_list("account", flat=True))
    claim = waiting_for(by).filter(pk=claim_id).first()
    if claim is None:
        raise NoSuchClaim
    _pass_on(claim, at=at)


def of(post_id: UUID, *, by: Account) -> QuerySet[Claim]:
    """The unsettled claims about a letter, for its authors, oldest first. Raises `NotAnAuthor`."""
    post = own(by, post_id)
    mine = Claim.objects.filter(post=post, passed_on_at__isnull=False, settled_at=None)
    return mine.order_by("sent_at", "pk")


def get(claim_id: UUID, post_id: UUID, *, by: Account) -> Claim:
    """One unsettled claim about a letter; raises `NoSuchClaim`, `NotAnAuthor`."""
    claim = of(post_id, by=by).filter(pk=claim_id).first()
    if claim is None:
        raise NoSuchClaim
    return claim


@transaction.atomic
def settle(claim: Claim, *, by: Account, at: datetime) -> None:
    """Settle a claim for every author. Its text and its sender are deleted; that there was a claim is kept.

    Raises `NotAnAuthor`.
    """
    unsettled = of(claim.post_id, by=by)
    unsettled.filter(pk=claim.pk).update(name="", address="", words="", photo=None, settled_at=at)
    if not unsettled.exists():
        _untell_authors(claim.post)


@transaction.atomic
def run_due(at: datetime) -> None:
    """Pass on claims that have no screener any more or have waited too long, and delete old ones (`KEPT_FOR`).

    The worker calls this; twice is harmless.
    """
    for claim in Claim.objects.filter(passed_on_at=None, settled_at=None).select_related("post"):
        with going_on("a claim could not be passed on"), transaction.atomic():
            if claim.sent_at <= at - WAITS_AT_MOST or not screeners_of(claim.post).exists():
                _pass_on(claim, at=at)
    old = Claim.objects.filter(sent_at__lte=at - KEPT_FOR).select_related("post")
    for claim in old:
        with going_on("an old claim could not be deleted"), transaction.atomic():
            claim.delete()
            if not Claim.objects.filter(post=claim.post_id, settled_at=None).exists():
                _untell_authors(claim.post)


def _pass_on(claim: Claim, *, at: datetime) -> None:
    Claim.objects.filter(pk=claim.pk).update(passed_on_at=at)
    Notice.objects.filter(kind=Notice.Kind.CLAIMED, about=claim.pk).delete()
    for author in authors_of(claim.post):
        notices.tell(author.pk, Notice.Kind.CLAIMED, about=claim.post_id, at=at)


def _untell_authors(post: Post) -> None:
    for author in authors_of(post):
        notices.untell(author.pk, Notice.Kind.CLAIMED, about=post.pk)
