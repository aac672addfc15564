"""Counting what a request guesses or begins: whose it is, and what is said when there was too much."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beside.people import budgets, devices, guesses
from beside.people.guesses import Limit, TooManyGuesses
from beside.people.models import Account
from beside.web.http import device_cookie
from beside.web.http.request import Request

# The code of the `ValidationError`, by which a page answers 429.
TOO_MANY = "too_many"
_MINUTES_OF_TWO_HOURS = 120
_SENTENCES = {
    guesses.CODES_SENT.name: gettext_lazy(
        "That’s a good many codes for one hour. The next can be sent %(when)s."
    ),
    guesses.CODES_OF_ACCOUNT.name: gettext_lazy(
        "That’s a good many codes that weren’t right. You can try again %(when)s."
    ),
    guesses.PASSWORD.name: gettext_lazy("That’s a good many tries. You can try again %(when)s."),
    budgets.INVITATIONS.name: gettext_lazy(
        "That’s a good many invitations for one day. The next can be made %(when)s."
    ),
    budgets.CARDS.name: gettext_lazy(
        "That’s a good many cards for one day. The next can be printed %(when)s."
    ),
    budgets.THANK_YOU_NOTES.name: gettext_lazy(
        "That’s a good many notes for one day. The next can be sent %(when)s."
    ),
    budgets.NOTE_CARDS.name: gettext_lazy(
        "That’s a good many cards for one day. The next can be printed %(when)s."
    ),
    budgets.SHARE_LINKS.name: gettext_lazy(
        "That’s a good many links for one day. The next can be made %(when)s."
    ),
    budgets.SHARE_LINKS_FOR_MANY.name: gettext_lazy(
        "You’ve told many people today already. You can tell more %(when)s."
    ),
    budgets.DEPOSIT_LINKS.name: gettext_lazy(
        "That’s a good many links for one day. The next can be made %(when)s."
    ),
    budgets.ADDED_BY_ADDRESS.name: gettext_lazy(
        "That’s a good many addresses for one hour. The next can be added %(when)s."
    ),
    budgets.CLAIMS.name: gettext_lazy(
        "What you’ve written has reached them. You can write again %(when)s."
    ),
    budgets.REPORTS.name: gettext_lazy(
        "What you’ve reported so far has arrived. You can report more %(when)s."
    ),
    budgets.APPEALS.name: gettext_lazy("Your appeal has arrived. You can write again %(when)s."),
    budgets.RESPONSES.name: gettext_lazy(
        "You’ve written to a good many people today. You can write to others %(when)s."
    ),
    budgets.RESPONSES_TO_LETTER.name: gettext_lazy(
        "What you’ve written to them already is enough for one day. You can write to them again %(when)s."
    ),
    budgets.PRESENCES.name: gettext_lazy(
        "You’ve been with a good many people today. You can leave a sign again %(when)s."
    ),
    budgets.UPLOADS_OF_PERSON.name: gettext_lazy(
        "So many photographs were begun within the hour that the next can come %(when)s. This one is"
        " still with you."
    ),
    budgets.UPLOADS_OF_LINK.name: gettext_lazy(
        "So many photographs were begun through this link within the hour that the next can come"
        " %(when)s. This one is still with you."
    ),
    budgets.UPLOADS_OF_NETWORK.name: gettext_lazy(
        "So many photographs came from where you are within the hour that the next can come %(when)s."
        " This one is still with you."
    ),
    budgets.VISITS_OF_LETTER.name: gettext_lazy(
        "Many people are looking at this letter just now. Please come again %(when)s."
    ),
    budgets.VISITS_OF_LINK.name: gettext_lazy(
        "This link was opened in a great many browsers today. It can be opened in another %(when)s."
    ),
    budgets.VISITS_OF_NETWORK.name: gettext_lazy(
        "A great many visitors came from where you are within the hour. Please come again %(when)s."
    ),
}


class TooManyUploads(Exception):
    """This person, link or network has begun as many uploads as it may within an hour."""


def count_for_account(request: HttpRequest, limit: Limit, address: str) -> None:
    """Count a guess at a secret of the account with `address`, before it is judged.

    A browser that is known to the account has a budget of its own. All others share one, so a stranger
    who uses it up locks out strangers. Raises `ValidationError` with a sentence for the person.
    """
    now = timezone.now()
    device = _known_device(request, address, at=now)
    try:
        if not device:
            guesses.count(guesses.NETWORK, limit.name, network_of(request), at=now)
        guesses.count(limit, address.lower(), device, at=now)
    except TooManyGuesses as refusal:
        raise ValidationError(_too_many(limit, refusal, device), code=TOO_MANY) from None


def give_back_for_account(request: HttpRequest, limit: Limit, address: str) -> None:
    """The guess was right, so it isn't counted."""
    device = _known_device(request, address, at=timezone.now())
    if not device:
        guesses.give_back(guesses.NETWORK, limit.name, network_of(request))
    guesses.give_back(limit, address.lower(), device)


@contextmanager
def counted(request: HttpRequest, limit: Limit) -> Iterator[None]:
    """Count a guess at a secret that belongs to no account, such as a link, before the block judges it.

    Where the block raises, the guess was wrong and stays counted, against the account that is signed in
    or else the network. Raises `TooManyGuesses`, which the middleware answers.
    """
    whose = str(request.user.pk) if isinstance(request.user, Account) else network_of(request)
    guesses.count(limit, whose, at=timezone.now())
    yield
    guesses.give_back(limit, whose)


def count_act(limit: Limit, account: Account) -> None:
    """Count something that `account` is about to do. Raises `TooManyGuesses`, which the middleware answers."""
    guesses.count(limit, str(account.pk), at=timezone.now())


def count_claim(request: Request) -> None:
    """Count a claim, for its network and for who writes it. Raises as `count_act` does."""
    count_for_anybody(request, budgets.CLAIMS)


def count_for_anybody(request: Request, limit: Limit) -> None:
    """Count an act that needs no account, for its network and for who does it. Raises as `count_act` does."""
    now = timezone.now()
    guesses.count(limit, network_of(request), at=now)
    if viewer := request.viewer.account or request.viewer.session:
        guesses.count(limit, str(viewer), at=now)


def count_response(account: Account, post_id: UUID) -> None:
    """Count a response, for its letter and for who writes it. Raises as `count_act` does."""
    writer = str(account.pk)
    guesses.count_each(
        (budgets.RESPONSES_TO_LETTER, (writer, str(post_id))),
        (budgets.RESPONSES, (writer,)),
        at=timezone.now(),
    )


def give_back_response(account: Account, post_id: UUID) -> None:
    """The response wasn't sent, so it isn't counted."""
    guesses.give_back(budgets.RESPONSES_TO_LETTER, str(account.pk), str(post_id))
    guesses.give_back(budgets.RESPONSES, str(account.pk))


def count_letter(account: Account, to_id: UUID) -> None:
    """Count a private letter, for the person it is to and for who writes it. Raises as `count_act` does."""
    now = timezone.now()
    guesses.count(budgets.LETTERS_TO_PERSON, str(account.pk), str(to_id), at=now)
    guesses.count(budgets.RESPONSES, str(account.pk), at=now)


def give_back_letter(account: Account, to_id: UUID) -> None:
    """The letter wasn't sent, so it isn't counted."""
    guesses.give_back(budgets.LETTERS_TO_PERSON, str(account.pk), str(to_id))
    guesses.give_back(budgets.RESPONSES, str(account.pk))


def count_upload(request: HttpRequest, limit: Limit, whose: UUID) -> None:
    """Count an upload before it begins, for the person or link `whose` and for its network.

    Raises `TooManyUploads` with a sentence.
    """
    now = timezone.now()
    try:
        guesses.count(limit, str(whose), at=now)
        guesses.count(budgets.UPLOADS_OF_NETWORK, network_of(request), at=now)
    except TooManyGuesses as refusal:
        raise TooManyUploads(sentence_for(refusal)) from None


def count_visit(request: HttpRequest, limit: Limit, whose: UUID) -> None:
    """Count a visitor's new session, for the letter or link `whose` and for its network. Raises as `count_act` does."""
    now = timezone.now()
    guesses.count(budgets.VISITS_OF_NETWORK, network_of(request), at=now)
    guesses.count(limit, str(whose), at=now)


def sentence_for(refusal: TooManyGuesses) -> str:
    """What is said where this limit was reached; empty for guesses at secrets, which a page speaks of."""
    sentence = _SENTENCES.get(refusal.limit.name)
    return sentence % {"when": in_minutes(refusal.again_at)} if sentence else ""


def network_of(request: HttpRequest) -> str:
    """The IP address of the client; of an IPv6 address the /64, all of which one household has."""
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)


def browser_of(request: HttpRequest) -> str:
    """The browser, where it is known; its network where it isn't."""
    return device_cookie.token_of(request) or network_of(request)


def in_minutes(again_at: datetime) -> str:
    """The wait in words. A time of day would be wrong wherever clocks differ from the server's."""
    minutes = max(1, math.ceil((again_at - timezone.now()).total_seconds() / 60))
    if minutes > _MINUTES_OF_TWO_HOURS:
        return _("in %(hours)d hours") % {"hours": math.ceil(minutes / 60)}
    return ngettext("in a minute", "in %(minutes)d minutes", minutes) % {"minutes": minutes}


def _known_device(request: HttpRequest, address: str, *, at: datetime) -> str:
    return devices.known_for(address, device_cookie.token_of(request), at=at)


def _too_many(limit: Limit, refusal: TooManyGuesses, device: str) -> str:
    """The same for an address with and without an account, unless this browser is known to it."""
    sentence = sentence_for(refusal)
    if device:
        return f"{sentence} {_('A passkey works all the same.')}"
    other_ways = _(
        "This counts only devices that haven’t signed in here before. One that has can go on, and a"
        " passkey works all the same."
    )
    return f"{sentence} {other_ways}"
