"""Share links: each shows one letter to one person without an account, until it ends.

A link's secret is returned once, by the function that makes it; only its SHA-256 is stored. A link
opens nothing until every author has approved it, and any one of them can end it, for good.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.notices import notices, outbox
from beside.notices.models import Notice
from beside.people import names, narrowings, time_zones
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.posts.authorship import NotAnAuthor, authors_of, locked, written_by
from beside.posts.models import (
    Post,
    ShareLink,
    ShareLinkApproval,
    ShareLinkDevice,
    ShareLinkQuerySet,
)
from beside.posts.reach import NoteNeeded

SECRET_BYTES = 32
USUALLY, LONGEST = timedelta(days=90), timedelta(days=365)


class PostNotPublished(Exception):
    """A link can't show a post that is a draft, closed or taken back."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A link only opens a published letter, and this one isn’t published at the moment. Nothing was made."
            )
        )


class ShareLinkEnded(Exception):
    """The link has ended, and an ended link can't be revived."""

    def __init__(self) -> None:
        super().__init__(_("This link has ended. You can make another."))


class Terms(NamedTuple):
    """Who a link is for, what it opens, for how long, and the maker's message to them."""

    name: str
    message: str = ""
    address: str = ""
    with_photographs: bool = False
    good_for: timedelta = USUALLY


@transaction.atomic
def make(post: Post, terms: Terms, *, by: Account, at: datetime) -> tuple[ShareLink, str]:
    """Make a link to `post` for one named person; returns it and its secret.

    The maker approves it by making it; the other authors are asked. Raises `NotAnAuthor`,
    `PostNotPublished`, and `NoteNeeded` if it opens folded photographs that have no note.
    """
    post = locked(post, by=by)
    if post.state != Post.State.PUBLISHED:
        raise PostNotPublished
    if terms.with_photographs and post.veiled and not post.note.strip() and post.placed.exists():
        raise NoteNeeded
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = ShareLink.objects.create(
        post=post,
        maker=by,
        name=names.clean(terms.name),
        message=terms.message.strip(),
        address=terms.address,
        with_photographs=terms.with_photographs,
        secret_digest=digest_of(secret),
        made_at=at,
        ends_at=time_zones.later(by, at, min(terms.good_for, LONGEST)),
    )
    ShareLinkApproval.objects.create(link=link, account=by, approved_at=at)
    for author in pending_authors(link):
        notices.tell(author.pk, Notice.Kind.LINK_APPROVAL_REQUESTED, about=link.pk, at=at)
    return link, secret


@transaction.atomic
def make_for_each(
    post: Post, people: Iterable[Terms], *, by: Account, at: datetime
) -> list[tuple[ShareLink, str]]:
    """Make a link for each of several people, all of them or none. Raises what `make` raises."""
    return [make(post, terms, by=by, at=at) for terms in people]


@transaction.atomic
def approve(link: ShareLink, *, by: Account, at: datetime) -> bool:
    """Approve a link as one of its authors; returns whether this was the last approval its mail waited for.

    Raises `NotAnAuthor` and `ShareLinkEnded`.
    """
    post = locked(link.post, by=by)
    if not ShareLink.objects.alive(at).filter(pk=link.pk).exists():
        raise ShareLinkEnded
    waited = bool(pending_authors(link))
    ShareLinkApproval.objects.get_or_create(link=link, account=by, defaults={"approved_at": at})
    notices.untell(by.pk, Notice.Kind.LINK_APPROVAL_REQUESTED, about=link.pk)
    is_last = waited and not pending_authors(link)
    if is_last and link.maker_id != by.pk:
        notices.tell(link.maker_id, Notice.Kind.APPROVED, about=post.pk, at=at)
    return is_last and ShareLink.objects.to_be_mailed().filter(pk=link.pk).exists()


@transaction.atomic
def renew(link: ShareLink, *, by: Account, at: datetime) -> str:
    """Replace the link's secret and return the new one. Every browser that opened it before is shut out.

    The next browser to open it counts as the first. Restoring a backup from before this ends the link.
    Raises `NotAnAuthor` for everybody but the link's maker, and `ShareLinkEnded`.
    """
    require_maker(link, by=by)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    if not _renew(link, secret, at=at):
        raise ShareLinkEnded
    return secret


@transaction.atomic
def make_again(link: ShareLink, *, by: Account, at: datetime) -> tuple[ShareLink, str]:
    """Make a new link for the same person in place of one that has ended; returns it and its secret.

    It opens the same until the same day. Every author is asked for their approval again. Raises what `make`
    raises, and `NotAnAuthor` for everybody but the link's maker.
    """
    require_maker(link, by=by)
    left = link.ends_at - at
    terms = Terms(
        link.name,
        with_photographs=link.with_photographs,
        good_for=left if left > timedelta(0) else USUALLY,
    )
    return make(link.post, terms, by=by, at=at)


@transaction.atomic
def secret_for_mail(link: ShareLink, *, at: datetime) -> str:
    """A new secret for the link's mail, once the last author has approved it; nobody was given the old one."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    _renew(link, secret, at=at)
    return secret


def went_out(ids: Iterable[UUID], *, at: datetime) -> None:
    """Record that the secrets of these links were shown to their maker or mailed."""
    ShareLink.objects.filter(pk__in=list(ids)).update(went_out_at=at)


def delivered(link: ShareLink, *, at: datetime) -> None:
    """Record that a mail server accepted the link's mail. Nothing records whether anybody read it."""
    ShareLink.objects.filter(pk=link.pk).update(delivered_at=at)


def waits(link: ShareLink, mail: UUID) -> None:
    """Record that the link's mail is in the outbox, as the mail server hasn't taken it yet."""
    ShareLink.objects.filter(pk=link.pk).update(waiting_mail=mail)


def follow_mails(at: datetime) -> None:
    """Record which of the mails that waited were accepted since, and which never will be. The worker calls this."""
    waiting = ShareLink.objects.exclude(waiting_mail=None)
    endings = outbox.endings(_waiting_mails(waiting))
    for mail, ending in endings.items():
        accepted_at = at if ending == outbox.Ending.SENT else None
        waiting.filter(waiting_mail=mail).update(waiting_mail=None, delivered_at=accepted_at)


@disk_full.with_reserve
@transaction.atomic
def end(link: ShareLink, *, by: Account, at: datetime) -> None:
    """End a link at once and for good, as any author may; ending it twice is harmless. Raises `NotAnAuthor`."""
    locked(link.post, by=by)
    _end(ShareLink.objects.filter(pk=link.pk), at=at)


def end_all(post: Post, *, at: datetime) -> None:
    """End every link to `post`. The caller must hold the post's lock and have checked permission."""
    _end(ShareLink.objects.filter(post=post), at=at)


@transaction.atomic
def lapse(*, at: datetime) -> None:
    """End the links whose term is over, and delete what was needed only while they were alive."""
    _close(ShareLink.objects.not_ended().filter(ends_at__lte=at), at=F("ends_at"))


def of(post: Post) -> QuerySet[ShareLink]:
    """Every link to `post`, including ended ones, newest first."""
    return ShareLink.objects.filter(post=post).order_by("-made_at", "pk")


def own(link_id: UUID, *, by: Account) -> ShareLink:
    """A link to a post of which `by` is an author, with its post; raises `NotAnAuthor`."""
    links = ShareLink.objects.filter(post__in=written_by(by)).select_related(
        "post", "maker__profile"
    )
    link = links.filter(pk=link_id).first()
    if link is None:
        raise NotAnAuthor
    return link


def require_maker(link: ShareLink, *, by: Account) -> None:
    """Return only if `by` made the link and is still an author of its post; raises `NotAnAuthor`."""
    locked(link.post, by=by)
    if link.maker_id != by.pk:
        raise NotAnAuthor


def pending_authors(link: ShareLink) -> list[Account]:
    """The authors of the link's post who haven't approved it, in the order in which they became authors."""
    approved = set(ShareLinkApproval.objects.filter(link=link).values_list("account_id", flat=True))
    return [author for author in authors_of(link.post) if author.pk not in approved]


def digest_of(secret: str) -> bytes:
    """The SHA-256 digest of a secret, which is all that is stored of it."""
    return hashlib.sha256(secret.encode()).digest()


def _renew(link: ShareLink, secret: str, *, at: datetime) -> bool:
    still = ShareLink.objects.alive(at).filter(pk=link.pk)
    _cancel_mails(still)
    anew = {"bound_at": None, "delivered_at": None, "waiting_mail": None}
    if not still.update(secret_digest=digest_of(secret), **anew):
        return False
    ShareLinkDevice.objects.filter(link=link).delete()
    notices.untell(link.maker_id, Notice.Kind.SECOND_DEVICE, about=link.pk)
    narrowings.record(Narrowing.Kind.LINK_ENDED, at=at, link=link.pk)
    return True


def _end(links: ShareLinkQuerySet, *, at: datetime) -> None:
    for link_id in _close(links.not_ended(), at=at):
        narrowings.record(Narrowing.Kind.LINK_ENDED, at=at, link=link_id)


def _close(links: QuerySet[ShareLink], *, at: datetime | F) -> list[UUID]:
    """End `links` and delete their devices, address and message; returns their ids."""
    ids = list(links.values_list("pk", flat=True))
    if not ids:
        return []
    ended = ShareLink.objects.filter(pk__in=ids)
    _cancel_mails(ended)
    ended.update(ended_at=at, message="", address="", waiting_mail=None)
    ShareLinkDevice.objects.filter(link__in=ids).delete()
    asked = (Notice.Kind.LINK_APPROVAL_REQUESTED, Notice.Kind.SECOND_DEVICE)
    Notice.objects.filter(kind__in=asked, about__in=ids).delete()
    return ids


def _cancel_mails(links: QuerySet[ShareLink]) -> None:
    """Don't send what would hold a secret that opens nothing any more."""
    outbox.cancel(_waiting_mails(links))


def _waiting_mails(links: QuerySet[ShareLink]) -> list[UUID]:
    return [mail for mail in links.values_list("waiting_mail", flat=True) if mail]
