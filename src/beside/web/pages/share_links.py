"""Links for one person, as their letter's authors see them.

Nobody is told whether a link was ever opened. They are told that a second browser asks, since that needs an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.people.names import isolated
from beside.posts import share_link_devices, share_links
from beside.posts.authorship import name_of
from beside.posts.models import Post, ShareLink, ShareLinkDevice
from beside.web import mails
from beside.web.forms.share_links import LinkForm, ManyLinksForm
from beside.web.mails import Deliveries
from beside.web.pages.people import in_a_row
from beside.web.pages.reach import link_opens, others_in_words


@dataclass(frozen=True)
class Line:
    """One link, in a list or on its own page."""

    id: UUID
    name: str
    opens: str
    with_photographs: bool
    ends_at: datetime
    is_alive: bool
    waits_for: str
    waits_for_me: bool
    is_mine: bool
    maker: str
    message: str
    mail: str


@dataclass(frozen=True)
class Made:
    """What became of a link that was just made: a mail server accepted its mail, or may yet, or `link` is to be copied."""

    name: str
    address: str
    link: str
    waits_for: str
    is_delivered: bool
    may_be_delivered: bool


@dataclass(frozen=True)
class ShareLinksPage:
    """A letter's links, and the form for one more; `others` must agree before it opens anything."""

    post: Post
    links: Sequence[Line]
    form: LinkForm
    made: Sequence[Made]
    is_shown: bool
    others: str


@dataclass(frozen=True)
class ManyLinksPage:
    """Making a link for each of many people."""

    post: Post
    form: ManyLinksForm
    others: str


@dataclass(frozen=True)
class MadeLinksPage:
    """The links that were just made for many people."""

    post: Post
    made: Sequence[Made]


@dataclass(frozen=True)
class ShareLinkPage:
    """One link, for one of its letter's authors. `needs` says why an act was refused."""

    post: Post
    line: Line
    made: Sequence[Made]
    needs: str
    devices: Sequence[ShareLinkDevice]


def share_links_page(
    post: Post, viewer: Account, form: LinkForm, *, made: Sequence[Made] = (), at: datetime
) -> ShareLinksPage:
    """Every link to `post`, newest first, for one of its authors."""
    links = share_links.of(post).select_related("maker__profile")
    return ShareLinksPage(
        post=post,
        links=[line(link, viewer, at=at) for link in links],
        form=form,
        made=made,
        is_shown=post.state == Post.State.PUBLISHED,
        others=others_in_words(post, viewer),
    )


def share_link_page(
    link: ShareLink, viewer: Account, *, made: Sequence[Made] = (), needs: str = "", at: datetime
) -> ShareLinkPage:
    """One link, as it is now."""
    link = share_links.own(link.pk, by=viewer)
    told = line(link, viewer, at=at)
    devices = list(share_link_devices.waiting(link)) if told.is_mine else []
    return ShareLinkPage(link.post, told, made, needs, devices)


def line(link: ShareLink, viewer: Account, *, at: datetime) -> Line:
    """One link, for one of its authors."""
    missing = share_links.pending_authors(link)
    return Line(
        id=link.pk,
        name=isolated(link.name),
        opens=link_opens(link),
        with_photographs=link.with_photographs,
        ends_at=link.ends_at,
        is_alive=link.ended_at is None and link.ends_at > at,
        waits_for=in_a_row([name_of(one) for one in missing if one.pk != viewer.pk]),
        waits_for_me=any(one.pk == viewer.pk for one in missing),
        is_mine=link.maker_id == viewer.pk,
        maker=name_of(link.maker),
        message=link.message,
        mail="" if missing else _mail(link),
    )


def made_links(made: list[tuple[ShareLink, str]], deliveries: Deliveries) -> list[Made]:
    """What to say of links that were just made, and mailed as `deliveries` says."""
    return [_made(link, secret, deliveries) for link, secret in made]


def _made(link: ShareLink, secret: str, deliveries: Deliveries) -> Made:
    is_delivered = link.pk in deliveries.accepted
    waits_for = in_a_row([name_of(one) for one in share_links.pending_authors(link)])
    is_mailed = is_delivered or bool(link.address and waits_for)
    return Made(
        name=isolated(link.name),
        address=link.address,
        link="" if is_mailed else mails.address_of_link(secret),
        waits_for=waits_for,
        is_delivered=is_delivered,
        may_be_delivered=link.pk in deliveries.waiting,
    )


def _mail(link: ShareLink) -> str:
    """Whether a mail server accepted it. Nobody is told more about a mail."""
    if link.delivered_at:
        return _("Delivered")
    if link.waiting_mail:
        return _("Its mail hasn’t been taken yet, and is tried again")
    return _("Its mail couldn’t be delivered") if link.address else ""
