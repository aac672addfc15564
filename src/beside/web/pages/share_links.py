"""Links for one person in words: as their letter's authors see them, and what became of a link's mail.

Whether a link was ever opened is said to nobody. That a second browser asks is, as it needs an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.posts import share_links
from beside.posts.authorship import name_of
from beside.posts.models import Post, ShareLink
from beside.web import mails
from beside.web.pages.people import in_a_row
from beside.web.pages.reach import link_opens


@dataclass(frozen=True)
class Line:
    """One link, in a list or on its own page."""

    id: UUID
    name: str
    opens: str
    ends_at: datetime
    is_alive: bool
    waits_for: str
    waits_for_me: bool
    is_mine: bool
    maker: str
    said: str
    mail: str


@dataclass(frozen=True)
class Made:
    """What became of a link that was just made: its mail was taken, or here it is to be copied."""

    name: str
    address: str
    link: str
    waits_for: str
    is_delivered: bool


def lines(post: Post, viewer: Account, *, at: datetime) -> list[Line]:
    """Every link to `post`, for one of its authors, newest first."""
    return [
        line(link, viewer, at=at) for link in share_links.of(post).select_related("maker__profile")
    ]


def line(link: ShareLink, viewer: Account, *, at: datetime) -> Line:
    """One link, for one of its authors."""
    missing = share_links.pending_authors(link)
    return Line(
        id=link.pk,
        name=link.name,
        opens=link_opens(link),
        ends_at=link.ends_at,
        is_alive=link.ended_at is None and link.ends_at > at,
        waits_for=in_a_row([name_of(one) for one in missing if one.pk != viewer.pk]),
        waits_for_me=any(one.pk == viewer.pk for one in missing),
        is_mine=link.maker_id == viewer.pk,
        maker=name_of(link.maker),
        said=link.said,
        mail="" if missing else _mail(link),
    )


def hand_over(made: list[tuple[ShareLink, str]], *, at: datetime) -> list[Made]:
    """Mail those that have an address and wait for nobody; answers with what to say of each.

    One that waits is mailed once the last author has agreed, with another secret.
    """
    waiting = {
        link.pk: in_a_row([name_of(one) for one in share_links.pending_authors(link)])
        for link, _s in made
    }
    mailed = [(link, secret) for link, secret in made if link.address and not waiting[link.pk]]
    taken = {
        link.pk
        for (link, _secret), was_taken in zip(mailed, mails.send_links(mailed), strict=True)
        if was_taken
    }
    for link, _secret in mailed:
        if link.pk in taken:
            share_links.delivered(link, at=at)
    share_links.went_out(
        (link.pk for link, _s in made if not (link.address and waiting[link.pk])), at=at
    )
    return [
        Made(
            name=link.name,
            address=link.address,
            link="" if _needs_no_copy(link, waiting, taken) else mails.address_of_link(secret),
            waits_for=waiting[link.pk],
            is_delivered=link.pk in taken,
        )
        for link, secret in made
    ]


def _needs_no_copy(link: ShareLink, waiting: dict[UUID, str], taken: set[UUID]) -> bool:
    return link.pk in taken or bool(link.address and waiting[link.pk])


def _mail(link: ShareLink) -> str:
    """A mail server took it, or it didn't. Nobody is told more of a mail."""
    if link.delivered_at:
        return _("Delivered")
    return _("Its mail couldn’t be delivered") if link.address else ""
