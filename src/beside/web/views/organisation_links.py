"""Signing in by the organisation's own identity provider, and connecting an account with it.

The provider's word alone opens no account that was there before: whoever has one signs in as usual first, and then says yes.
"""

from __future__ import annotations

from functools import wraps

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import EmailAddress, Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.policy import NothingToSee
from beside.people import guesses, organisation_links
from beside.people.models import Account
from beside.people.organisation_links import LinkedAlready, LinkedWithAnother
from beside.web import account_mails
from beside.web.allauth_adapter import ORGANISATION, end_others
from beside.web.http import identity_provider, pending_links
from beside.web.http.identity_provider import Identity, NoSignIn, ProviderAway
from beside.web.http.rate_limits import browser_of
from beside.web.http.request import Request
from beside.web.pages.organisation_links import organisation_name
from beside.web.views.sign_in import View, require_recent_sign_in, signed_in_lately


def _where_offered(view: View) -> View:
    """There is no such page unless the host has named a provider."""

    @wraps(view)
    def offered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not identity_provider.is_offered():
            raise NothingToSee
        return view(request, *args, **kwargs)

    return offered


@login_not_required
@require_safe
@_where_offered
def begin(request: HttpRequest) -> HttpResponse:
    """Go there by a link of ours. Another site's link leads to the page with ours on it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return redirect("account_login")
    guesses.count(guesses.ORGANISATION, browser_of(request), at=timezone.now())
    require_recent_sign_in(request)
    try:
        return redirect(identity_provider.begin(request, next_page=request.GET.get("next", "")))
    except NoSignIn as said:
        _give_back_where_nothing_was_tried(request, said)
        return _back_to_where_it_began(request, said)


@login_not_required
@require_safe
@_where_offered
def back(request: HttpRequest) -> HttpResponse:
    """Come back from there: sign in, connect, or be asked whether an account is theirs."""
    try:
        returned = identity_provider.end(request)
    except NoSignIn as said:
        _give_back_where_nothing_was_tried(request, said)
        return _back_to_where_it_began(request, said)
    guesses.give_back(guesses.ORGANISATION, browser_of(request))
    if request.user.is_authenticated or returned.account:
        return _connect(request, returned.identity, asked_as=returned.account)
    account = organisation_links.account_of(returned.identity.digest)
    if account is None:
        return _not_linked_yet(request, returned.identity)
    record_authentication(request, account, method=ORGANISATION)
    return perform_login(request, Login(user=account, redirect_url=returned.next or None))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_where_offered
def yours(request: HttpRequest) -> HttpResponse:
    """Ask whether an account is theirs; once they have signed in to it, connect it with their yes."""
    pending = pending_links.of(request, at=timezone.now())
    if pending is None:
        return redirect("account_login")
    said = {"address": pending.address, "organisation": organisation_name()}
    if not isinstance(request.user, Account):
        return render(request, "organisation_links/yours.html", said)
    if not pending_links.is_for(pending, request.user.email):
        pending_links.forget(request)
        return redirect("home")
    if request.method != "POST":
        return render(request, "organisation_links/connect.html", said)
    return _connect(request, pending, asked_as=str(request.user.pk))


@require_safe
@_where_offered
def show(request: Request) -> HttpResponse:
    """Whether one's account is connected."""
    linked = organisation_links.link_of(request.account)
    said = {"linked": linked, "organisation": organisation_name()}
    return render(request, "organisation_links/show.html", said)


@require_POST
@_where_offered
@signed_in_lately
def end(request: Request) -> HttpResponse:
    """Disconnect it, and sign out everywhere else: somebody there may be signed in by it."""
    with transaction.atomic():
        organisation_links.disconnect(request.account, at=timezone.now())
        end_others(request, request.account)
    messages.success(
        request, _("You can’t sign in with it any more. Everywhere else you’ve been signed out.")
    )
    return redirect("organisation_link")


def _connect(request: HttpRequest, identity: Identity, *, asked_as: str) -> HttpResponse:
    """Connect the account that asked for it, and is still the one that is signed in."""
    pending_links.forget(request)
    account = request.user
    if not isinstance(account, Account) or str(account.pk) != asked_as:
        messages.error(request, _("That sign-in has lapsed. Please begin again."))
        return redirect("organisation_link")
    try:
        organisation_links.link(account, identity.digest)
    except (LinkedWithAnother, LinkedAlready) as said:
        messages.error(request, str(said))
        return redirect("organisation_link")
    account_mails.send_linked(account, organisation_name())
    sentence = _("You can sign in with %(name)s from now on.") % {"name": organisation_name()}
    messages.success(request, sentence)
    return redirect("organisation_link")


def _not_linked_yet(request: HttpRequest, identity: Identity) -> HttpResponse:
    """Ask whether the account with this address is theirs. Where there is none, the same door is open as to everybody."""
    if not identity.address:
        sentence = _(
            "%(name)s hasn’t confirmed an address of yours. Sign in as you usually do; then you can connect the two under “You”."
        )
        messages.info(request, sentence % {"name": organisation_name()})
        return redirect("account_login")
    pending_links.remember(request, identity, at=timezone.now())
    known = EmailAddress.objects.filter(email__iexact=identity.address, verified=True)
    return redirect("organisation_yours" if known.exists() else "account_signup")


def _back_to_where_it_began(request: HttpRequest, said: NoSignIn) -> HttpResponse:
    messages.error(request, str(said))
    return redirect("organisation_link" if request.user.is_authenticated else "account_login")


def _give_back_where_nothing_was_tried(request: HttpRequest, said: NoSignIn) -> None:
    """Where the provider was away, nobody in this network has tried anything."""
    if isinstance(said, ProviderAway):
        guesses.give_back(guesses.ORGANISATION, browser_of(request))
