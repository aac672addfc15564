"""Opening a share link: the first browser is the person's own, any other waits for the link's maker."""

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
from beside.querysets.prepared import prepared

# A link that has spread asks its maker a few times, and no more.
_MOST_WAITING = 5


class ShareLinkNotOpen(Exception):
    """The link was ended, renewed or has expired, lacks an approval, or never existed. Nobody is told which."""

    def __init__(self) -> None:
        super().__init__(
            _("This link has been stopped. The person who sent it can send you another.")
        )


def find(digest: bytes, *, at: datetime) -> ShareLink:
    """The openable link whose secret has this SHA-256 digest, with its maker. Raises `ShareLinkNotOpen`."""
    found = ShareLink.objects.openable(at).select_related("maker__profile", "post")
    link = found.filter(secret_digest=digest).first()
    if link is None:
        raise ShareLinkNotOpen
    return link


@transaction.atomic
def open_in(session: str, link: ShareLink, *, device: str, at: datetime) -> bool:
    """Open `link` in the visit with the key `session`, whose row exists; returns whether it may be seen at once.

    `device` is the kind of device. Raises `ShareLinkNotOpen` if the link ended at this moment.
    """
    # Whatever ends a link locks its post too, so the two can't interleave.
    post = Post.objects.select_for_update().filter(pk=link.post_id).first()
    still = ShareLink.objects.openable(at).filter(
        pk=link.pk, secret_digest=bytes(link.secret_digest)
    )
    if post is None or not still.exists():
        raise ShareLinkNotOpen
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
    """Let a waiting device see the post too, or forget that it asked; its user isn't told of a no.

    If the device no longer waits, nothing changes. Raises `NotAnAuthor` for everybody but the link's maker.
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
    """The devices waiting for the maker's answer, oldest first."""
    return ShareLinkDevice.objects.filter(link=link, allowed_at=None).order_by("opened_at", "pk")


def is_allowed(link: ShareLink, session: str | None) -> bool:
    """Whether the link's post may be seen in the visit with the key `session`."""
    opened = ShareLinkDevice.objects.filter(link=link, session=session, allowed_at__isnull=False)
    return session is not None and opened.exists()


def by_link(session: str | None, post_id: UUID, *, at: datetime) -> ShareLink | None:
    """The link by which the visit `session` sees this post, with its maker; of several, the one that opens most."""
    if session is None:
        return None
    return _opened_in.first(session, post_id, at)


@prepared
def _opened_in(session: str, post_id: UUID, at: datetime) -> QuerySet[ShareLink]:
    opened = ShareLink.objects.openable(at).filter(
        post=post_id, devices__session=session, devices__allowed_at__isnull=False
    )
    return opened.select_related("maker__profile").order_by("-with_photographs", "-ends_at")
