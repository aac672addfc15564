"""The way into a demonstration by link.

It is in no address of an ordinary place. A link is signed with the demonstration's own key, which
ends with it; opens one account; works once; and only from this machine.
"""

from __future__ import annotations

from hashlib import sha256
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse  # noqa: TID251
from django.shortcuts import redirect  # noqa: TID251
from django.views.decorators.http import require_GET

from beside.access.policy import NothingToSee
from beside.people.models import Account


def link_for(account: Account) -> str:
    """The path that signs `account` in, once."""
    return f"/demo/{_signer().sign(account.email.partition('@')[0])}/"


@login_not_required
@require_GET
def come_in(request: HttpRequest, link: str) -> HttpResponse:
    """Sign the link's person in, in place of whoever is signed in."""
    account = _account(request, link)
    request.session.flush()
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")


def _account(request: HttpRequest, link: str) -> Account:
    try:
        name = _signer().unsign(link)
    except BadSignature:
        raise NothingToSee from None
    is_here = ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback  # noqa: S104
    used = f"demo-link-{sha256(link.encode()).hexdigest()}"
    if not is_here or not cache.add(used, value=True, timeout=None):
        raise NothingToSee
    return Account.objects.get(email=f"{name}@demo.example")


def _signer() -> Signer:
    return Signer(salt="beside.demo.link")
