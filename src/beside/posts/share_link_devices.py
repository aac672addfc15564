"""Opening a link for one person: the first browser is the person's own, any other waits for the link's maker."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people.models import Account
from beside.posts import share_links
from beside.posts.models import Post, ShareLink, ShareLinkDevice

# So that a link which got about asks its maker a few times and no more.
_MOST_WAITING = 5


class NotOpen(Exception):
    """The link was ended or made anew, its time is over, an author hasn't agreed, or it never was. Nobody is told which."""

    def __init__(self) -> None:
        super().__init__(
            _("This link has been stopped. The person who sent it can send you another.")
        )


def find(digest: bytes, *, at: datetime) -> ShareLink:
    """The link that can be opened and whose secret has this digest, with its maker. Raises `NotOpen`."""
    found = share_links.good(at).select_related("maker__profile", "post")
    link = found.filter(secret_digest=digest).first()
    if link is None:
        raise NotOpen
    return link


@transaction.atomic
def open_in(session: str, link: ShareLink, *, device: str, at: datetime) -> bool:
    """Open `link` in the visit of `session`, whose row is there; answers whether it may be seen at once.

    `device` is what kind it is. Raises `NotOpen` if the link came to its end in this moment.
    """
    # Whatever ends a link keeps its post, and so does this: of the two, one comes after the other.
    kept = Post.objects.select_for_update().filter(pk=link.post_id).first()
    still = share_links.good(at).filter(pk=link.pk, secret_digest=bytes(link.secret_digest))
    if kept is None or not still.exists():
        raise NotOpen
    known = ShareLinkDevice.objects.filter(link=link, session=session).first()
    if known is not None:
        return known.allowed_at is not None
    is_first = bool(ShareLink.objects.filter(pk=link.pk, bound_at=None).update(bound_at=at))
    if not is_first and waiting(link).count() >= _MOST_WAITING:
        return False
    ShareLinkDevice.objects.create(
        link=link,
        session_id=session,
        device=device,
        opened_at=at,
        allowed_at=at if is_first else None,
    )
    if not is_first:
        notices.tell(link.maker_id, Notice.Kind.SECOND_DEVICE, about=link.pk, at=at)
    return is_first


@transaction.atomic
def answer(link: ShareLink, device_id: UUID, *, allow: bool, by: Account, at: datetime) -> None:
    """Let a device that waits see it too, or forget that it asked: whoever asked isn't told.

    One that waits no more changes nothing. Raises `NotAnAuthor` for everybody but the link's maker.
    """
    share_links.require_maker(link, by=by)
    asked = waiting(link).filter(pk=device_id)
    if allow:
        asked.update(allowed_at=at)
    else:
        asked.delete()
    if not waiting(link).exists():
        notices.untell(by.pk, Notice.Kind.SECOND_DEVICE, about=link.pk)


def waiting(link: ShareLink) -> QuerySet[ShareLinkDevice]:
    """The devices that wait for the maker's answer, oldest first."""
    return ShareLinkDevice.objects.filter(link=link, allowed_at=None).order_by("opened_at", "pk")


def is_allowed(link: ShareLink, session: str | None) -> bool:
    """Whether the link may be seen in the visit of `session`."""
    opened = ShareLinkDevice.objects.filter(link=link, session=session, allowed_at__isnull=False)
    return session is not None and opened.exists()


def by_link(session: str | None, post_id: UUID, *, at: datetime) -> ShareLink | None:
    """The link by which the visit of `session` sees this post, with its maker; the one that opens most, if there are two."""
    if session is None:
        return None
    opened = share_links.good(at).filter(
        post=post_id, devices__session=session, devices__allowed_at__isnull=False
    )
    return opened.select_related("maker__profile").order_by("-with_photographs", "-ends_at").first()
