"""Links for one person: each shows one letter to somebody without an account, until it ends.

The secret leaves this module once, as the answer of the function that made it; only its SHA-256 is kept.
A link opens nothing until each author has said yes to it, and any one of them ends it, for good.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import reserve
from beside.posts import audiences
from beside.posts.audiences import NoteNeeded
from beside.posts.authorship import NotAnAuthor, authors_of, locked, written_by
from beside.posts.models import Authorship, Post, ShareLink, ShareLinkApproval, ShareLinkDevice

SECRET_BYTES = 32
USUALLY, LONGEST = timedelta(days=90), timedelta(days=365)


class NotShown(Exception):
    """What is a draft, closed or taken back can't be shown by a link."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A link opens only what is published, and this isn’t at the moment. Nothing was made."
            )
        )


class IsOver(Exception):
    """The link has ended; it never comes back."""

    def __init__(self) -> None:
        super().__init__(_("This link has ended. You can make another."))


class Terms(NamedTuple):
    """Whom a link is for and what it opens, the maker's own line to them, and for how long."""

    name: str
    said: str = ""
    address: str = ""
    with_photographs: bool = False
    good_for: timedelta = USUALLY


@transaction.atomic
def make(post: Post, terms: Terms, *, by: Account, at: datetime) -> tuple[ShareLink, str]:
    """Make a link to `post` for one named person; answers with it and its secret.

    The maker's yes is in it; the other authors are asked for theirs. Raises `NotAnAuthor`,
    `NotShown`, and `NoteNeeded` where folded photographs would be met with nothing said of them.
    """
    post = locked(post, by=by)
    if post.state != Post.State.PUBLISHED:
        raise NotShown
    if terms.with_photographs and post.veiled and not post.note.strip() and post.placed.exists():
        raise NoteNeeded
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = ShareLink.objects.create(
        post=post,
        maker=by,
        name=terms.name.strip(),
        said=terms.said.strip(),
        address=terms.address,
        with_photographs=terms.with_photographs,
        secret_digest=digest_of(secret),
        made_at=at,
        ends_at=at + min(terms.good_for, LONGEST),
    )
    ShareLinkApproval.objects.create(link=link, account=by, at=at)
    for author in waits_for(link):
        notices.tell(author.pk, Notice.Kind.LINK_ASKED, about=link.pk, at=at)
    return link, secret


@transaction.atomic
def make_for_each(
    post: Post, people: Iterable[Terms], *, by: Account, at: datetime
) -> list[tuple[ShareLink, str]]:
    """One letter for many: each their own link, all of them or none. Raises what `make` raises."""
    return [make(post, terms, by=by, at=at) for terms in people]


@transaction.atomic
def say_yes(link: ShareLink, *, by: Account, at: datetime) -> bool:
    """Say one author's yes; answers whether its mail can go out with it, and never has.

    Raises `NotAnAuthor`, `IsOver`.
    """
    post = locked(link.post, by=by)
    if not alive(at).filter(pk=link.pk).exists():
        raise IsOver
    waited = bool(waits_for(link))
    ShareLinkApproval.objects.get_or_create(link=link, account=by, defaults={"at": at})
    notices.untell(by.pk, Notice.Kind.LINK_ASKED, about=link.pk)
    is_last = waited and not waits_for(link)
    if is_last and link.maker_id != by.pk:
        notices.tell(link.maker_id, Notice.Kind.AGREED, about=post.pk, at=at)
    return is_last and to_be_mailed().filter(pk=link.pk).exists()


@transaction.atomic
def make_anew(link: ShareLink, *, by: Account, at: datetime) -> str:
    """Give the link another secret, and answer with it. Every browser that opened it before is out.

    Whoever opens it next is the first again. A restore that doesn't know of it ends the link.
    Raises `NotAnAuthor` for everybody but its maker, `IsOver`.
    """
    require_maker(link, by=by)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    if not _anew(link, secret, at=at):
        raise IsOver
    return secret


@transaction.atomic
def secret_for_mail(link: ShareLink, *, at: datetime) -> str:
    """A secret for the link's mail, once the last author has agreed: the one before was shown to nobody."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    _anew(link, secret, at=at)
    return secret


def to_be_mailed() -> QuerySet[ShareLink]:
    """Those that are for an address, and whose secret nobody has been given."""
    return ShareLink.objects.filter(went_out_at=None).exclude(address="")


def went_out(ids: Iterable[UUID], *, at: datetime) -> None:
    """Keep that somebody has these links' secrets now: who made them, or whoever they were mailed to."""
    ShareLink.objects.filter(pk__in=list(ids)).update(went_out_at=at)


def delivered(link: ShareLink, *, at: datetime) -> None:
    """Keep that a mail server took the link's mail. Whether anybody read it is not known to anybody."""
    ShareLink.objects.filter(pk=link.pk).update(delivered_at=at)


@reserve.used_if_full
@transaction.atomic
def end(link: ShareLink, *, by: Account, at: datetime) -> None:
    """End a link at once, for good; any author can, alone; twice is harmless. Raises `NotAnAuthor`."""
    locked(link.post, by=by)
    _end(ShareLink.objects.filter(pk=link.pk), at=at)


@reserve.used_if_full
@transaction.atomic
def show_to_nobody(post: Post, *, by: Account, at: datetime) -> None:
    """Make the post only its authors', and end every link to it, at once. Raises what `audiences.change` raises."""
    audiences.show_to_nobody(post, by=by, at=at)
    _end(ShareLink.objects.filter(post=post), at=at)


@transaction.atomic
def lapse(*, at: datetime) -> None:
    """Put an end to the links whose time is over, and forget what was needed only meanwhile."""
    _over(ShareLink.objects.filter(ended_at=None, ends_at__lte=at), at=F("ends_at"))


def of(post: Post) -> QuerySet[ShareLink]:
    """Every link to `post`, ended ones too, newest first."""
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
    """Return only if `by` has made the link and still writes the post; raises `NotAnAuthor`."""
    locked(link.post, by=by)
    if link.maker_id != by.pk:
        raise NotAnAuthor


def waits_for(link: ShareLink) -> list[Account]:
    """The authors of its post who haven't said yes to it, in the order in which they came to the post."""
    yes = set(ShareLinkApproval.objects.filter(link=link).values_list("account_id", flat=True))
    return [author for author in authors_of(link.post) if author.pk not in yes]


def alive(at: datetime) -> QuerySet[ShareLink]:
    """The links that have not ended at `at`; some may still wait for a yes."""
    return ShareLink.objects.filter(ended_at=None, ends_at__gt=at)


def good(at: datetime) -> QuerySet[ShareLink]:
    """Those of them that can be opened: of a published post, with every yes, and made by one of its authors."""
    yes = ShareLinkApproval.objects.filter(
        link=OuterRef(OuterRef("pk")), account=OuterRef("account")
    )
    no_yes_yet = Authorship.objects.filter(~Exists(yes), post=OuterRef("post"))
    writes_it = Authorship.objects.filter(post=OuterRef("post"), account=OuterRef("maker"))
    agreed = ~Exists(no_yes_yet) & Q(Exists(writes_it))
    return alive(at).filter(agreed, post__state=Post.State.PUBLISHED)


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def _anew(link: ShareLink, secret: str, *, at: datetime) -> bool:
    still = alive(at).filter(pk=link.pk)
    if not still.update(secret_digest=digest_of(secret), bound_at=None, delivered_at=None):
        return False
    ShareLinkDevice.objects.filter(link=link).delete()
    notices.untell(link.maker_id, Notice.Kind.SECOND_DEVICE, about=link.pk)
    narrowings.record(Narrowing.Kind.LINK_ENDED, at=at, link=link.pk)
    return True


def _end(links: QuerySet[ShareLink], *, at: datetime) -> None:
    for link_id in _over(links.filter(ended_at=None), at=at):
        narrowings.record(Narrowing.Kind.LINK_ENDED, at=at, link=link_id)


def _over(links: QuerySet[ShareLink], *, at: datetime | F) -> list[UUID]:
    """End them: the devices, the address and the line to the person are needed no more."""
    ids = list(links.values_list("pk", flat=True))
    ended = ShareLink.objects.filter(pk__in=ids)
    ended.update(ended_at=at, said="", address="")
    ShareLinkDevice.objects.filter(link__in=ids).delete()
    asked = (Notice.Kind.LINK_ASKED, Notice.Kind.SECOND_DEVICE)
    Notice.objects.filter(kind__in=asked, about__in=ids).delete()
    return ids
