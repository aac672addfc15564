"""Mails in our own words: plain text, never with a photograph, a title, anybody's name or anybody's words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.notices import mail, mail_endings, outbox
from beside.notices.mail import Became
from beside.notices.notice_preferences import HowOften
from beside.people import languages
from beside.people.models import Account
from beside.posts import share_links
from beside.posts.models import ShareLink

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def link_of(secret: str) -> str:
    """The address of the invitation with this secret."""
    return settings.BESIDE.url.rstrip("/") + reverse("invitation", args=[secret])


def send_invitation(email: str, *, by: Account, secret: str) -> bool:
    """Put somebody's invitation into the outbox; returns whether it was. Who has ended such mails is sent none.

    Without a mail server it is written to a folder, and doesn't count as sent.
    """
    if mail_endings.is_ended(email):
        return False
    told = {"link": link_of(secret)}
    with languages.speaking_for(by):
        _with_ending(_("A place has been made for you"), "mail/invitation.txt", told, email).send()
    return mail.has_server()


def address_of_link(secret: str) -> str:
    """The link with this secret after the "#", so that it reaches no server, log or link preview."""
    return settings.BESIDE.url.rstrip("/") + reverse("share_link_visit") + "#" + secret


@dataclass(frozen=True)
class Deliveries:
    """Of links that were mailed, the ids of those that a mail server accepted, and of those that it may accept later."""

    accepted: Collection[UUID] = ()
    waiting: Collection[UUID] = ()


def deliver_links(made: list[tuple[ShareLink, str]], *, at: datetime) -> Deliveries:
    """Mail the links that have an address and wait for no author.

    A link that waits is mailed, with a new secret, once the last author has agreed.
    """
    pending = {link.pk for link, _secret in made if share_links.pending_authors(link)}
    mailed = [
        (link, secret)
        for link, secret in made
        if link.address and link.pk not in pending and not mail_endings.is_ended(link.address)
    ]
    deliveries = _send_links(mailed, at=at)
    shown = (link.pk for link, _secret in made if not (link.address and link.pk in pending))
    share_links.went_out(shown, at=at)
    return deliveries


def _send_links(made: list[tuple[ShareLink, str]], *, at: datetime) -> Deliveries:
    handed = mail.hand_over([_link_mail(link, secret) for link, secret in made], at=at)
    accepted, waiting = set(), set()
    for (link, _secret), one in zip(made, handed, strict=True):
        if one.became is Became.ACCEPTED:
            share_links.delivered(link, at=at)
            accepted.add(link.pk)
        elif one.became is Became.WAITING:
            share_links.waits(link, one.mail)
            waiting.add(link.pk)
    return Deliveries(accepted, waiting)


def _link_mail(link: ShareLink, secret: str) -> EmailMessage:
    told = {"link": address_of_link(secret)}
    with languages.speaking_for(link.maker):
        return _with_ending(_("Something is here for you"), "mail/link.txt", told, link.address)


def _with_ending(subject: str, template: str, told: dict[str, str], address: str) -> EmailMessage:
    """A mail that somebody here has sent to an address, which need not be an account's."""
    ending = _address_of_ending(mail_endings.token_of_address(address))
    body = render_to_string(template, told | {"ending": ending}).strip()
    headers = {**_one_press(ending), outbox.LANGUAGE: languages.active()}
    return EmailMessage(subject, body, to=[address], headers=headers)


def send_news_of_asking(author: Account) -> None:
    """Tell an author that one of their helpers asks to act for them. It doesn't say who."""
    _send_of_after(author, gettext_lazy("Someone is asking you something"), "mail/asks_to_act.txt")


def send_news_of_taking(author: Account) -> None:
    """Tell an author that one of their helpers has taken their archive. It doesn't say who."""
    _send_of_after(author, gettext_lazy("Something was done for you"), "mail/archive_taken.txt")


def news_mail(account: Account, how_often: HowOften) -> EmailMessage:
    """The mail that says to `account` that there is news, and not what or from whom. It is the same for all news.

    One press ends such mails (RFC 8058).
    """
    place = settings.BESIDE.url.rstrip("/")
    ending = _address_of_ending(mail_endings.token_of(account.pk, how_often))
    told = {"link": place + reverse("notices"), "ending": ending}
    headers = {**_one_press(ending), "Auto-Submitted": "auto-generated"}
    headers[outbox.LANGUAGE] = languages.of(account)
    with languages.speaking_to(account):
        body = render_to_string("mail/news.txt", told).strip()
        return EmailMessage(_("There’s news"), body, to=[account.email], headers=headers)


def _address_of_ending(token: str) -> str:
    return settings.BESIDE.url.rstrip("/") + reverse("mail_ending", args=[token])


def _one_press(ending: str) -> dict[str, str]:
    """The headers with which a mail program ends such mails (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{ending}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _send_of_after(author: Account, subject: StrPromise, template: str) -> None:
    link = settings.BESIDE.url.rstrip("/") + reverse("delegations")
    with languages.speaking_to(author):
        body = render_to_string(template, {"link": link}).strip()
        EmailMessage(str(subject), body, to=[author.email]).send()
