"""Counting the guesses of a request: whose they are, and what is said when there were too many."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from beside.people import devices, guesses
from beside.people.guesses import Limit, TooManyGuesses
from beside.people.models import Account
from beside.web.http import device_cookie

# The code of the `ValidationError`, by which a page answers 429.
TOO_MANY = "too_many"
_SENTENCES = {
    guesses.CODES_SENT: gettext_lazy(
        "That’s a good many codes for one hour. The next can be sent %(when)s."
    ),
    guesses.CODES_OF_ACCOUNT: gettext_lazy(
        "That’s a good many codes that weren’t right. You can try again %(when)s."
    ),
    guesses.PASSWORD: gettext_lazy("That’s a good many tries. You can try again %(when)s."),
}


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


def network_of(request: HttpRequest) -> str:
    """The IP address of the client; of an IPv6 address the /64, all of which one household has."""
    address = ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)


def in_minutes(again_at: datetime) -> str:
    """The wait in words. A time of day would be wrong wherever clocks differ from the server's."""
    minutes = max(1, math.ceil((again_at - timezone.now()).total_seconds() / 60))
    return ngettext("in a minute", "in %(minutes)d minutes", minutes) % {"minutes": minutes}


def _known_device(request: HttpRequest, address: str, *, at: datetime) -> str:
    return devices.known_for(address, device_cookie.token_of(request), at=at)


def _too_many(limit: Limit, refusal: TooManyGuesses, device: str) -> str:
    """The same for an address with and without an account, unless this browser is known to it."""
    sentence = _SENTENCES[limit] % {"when": in_minutes(refusal.again_at)}
    if device:
        return f"{sentence} {_('A passkey works all the same.')}"
    other_ways = _(
        "This counts only devices that haven’t signed in here before. One that has can go on, and a"
        " passkey works all the same."
    )
    return f"{sentence} {other_ways}"
