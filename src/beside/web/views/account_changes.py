"""Changing what opens an account, and undoing a change that somebody else made."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account import views as account
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal import flows
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.people import account_changes, devices, guesses, sessions
from beside.people.account_changes import AddressTaken, Kind, NothingToUndo
from beside.people.models import Account
from beside.people.sign_in_models import AccountChange
from beside.querysets import shared_clock
from beside.web import account_mails
from beside.web.allauth_adapter import kind_of_device
from beside.web.forms.account_changes import PastedForm
from beside.web.http import device_cookie
from beside.web.http.rate_limits import counted
from beside.web.http.request import Request
from beside.web.views.sign_in import require_recent_sign_in, signed_in_lately

after_recent_sign_in = method_decorator(signed_in_lately, name="dispatch")


@after_recent_sign_in
class ChangePassword(account.PasswordChangeView):
    """Choose another password."""

    template_name = "account/password.html"
    success_url = reverse_lazy("you")

    def get_default_success_url(self) -> str:
        return str(self.success_url)


@after_recent_sign_in
class SetPassword(account.PasswordSetView):
    """Choose a first password."""

    template_name = "account/password.html"
    success_url = reverse_lazy("you")

    def get_default_success_url(self) -> str:
        return str(self.success_url)


@after_recent_sign_in
class ChangeAddress(account.EmailView):
    """Have codes sent to another address."""


@after_recent_sign_in
class AddPasskey(passkeys.AddWebAuthnView):
    """Add a passkey."""

    def form_valid(self, form: Form) -> HttpResponse:
        told, now = form.cleaned_data, shared_clock.now()
        mine = _signed_in(self.request)
        with transaction.atomic():
            passkey, _codes = flows.add_authenticator(
                self.request, name=told["name"], credential=told["credential"]
            )
            change, to_tell = account_changes.record(
                mine, Kind.PASSKEY_ADDED, at=now, passkey=passkey.pk
            )
        account_mails.send_change(change, to_tell, device=kind_of_device(self.request))
        return redirect("mfa_list_webauthn")


@after_recent_sign_in
class RemovePasskey(passkeys.RemoveWebAuthnView):
    """Remove a passkey, and end every other session: somebody may have it on a device that was lost."""

    http_method_names = ["post"]

    def get_object(self, queryset: QuerySet[Authenticator] | None = None) -> Authenticator:
        own = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN)
        try:
            passkey: Authenticator = own.get(pk=_whole(self.request.POST.get("passkey")))
        except Authenticator.DoesNotExist:
            raise NothingToSee from None
        return passkey

    def form_valid(self, form: Form) -> HttpResponse:
        mine, now = _signed_in(self.request), shared_clock.now()
        with transaction.atomic():
            change, to_tell = account_changes.record(
                mine, Kind.PASSKEY_REMOVED, at=now, removed=self.object
            )
            response: HttpResponse = super().form_valid(form)
            sessions.end_others(mine, this=self.request.session.session_key, at=now)
            devices.forget_others(mine, device_cookie.token_of(self.request))
        account_mails.send_change(change, to_tell, device=kind_of_device(self.request))
        return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Request) -> HttpResponse:
    """Undo a change with the secret from a mail, without signing in.

    The secret comes in the body of a form and is in no address. The first press shows what will be undone.
    """
    form = PastedForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/undo/open.html", {"pasted": form})
    secret, now = form.cleaned_data["secret"], timezone.now()
    try:
        with counted(request, guesses.UNDO_LINK):
            change = account_changes.find(secret, at=now)
        return _undo(request, change, pasted=form, secret=secret)
    except (NothingToUndo, AddressTaken) as refusal:
        return render(request, "account/undo/stopped.html", {"says": str(refusal)})


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request, change_id: UUID) -> HttpResponse:
    """The same from News, for somebody who is signed in."""
    try:
        change = account_changes.own(request.account, change_id, at=timezone.now())
        if request.method == "POST":
            require_recent_sign_in(request)
        return _undo(request, change)
    except NothingToUndo:
        raise NothingToSee from None
    except AddressTaken as refusal:
        return render(request, "account/undo/stopped.html", {"says": str(refusal)})


def _undo(request: Request, change: AccountChange, **told: Any) -> HttpResponse:  # noqa: ANN401
    if request.POST.get("do") != "undo":
        undone = account_changes.undone_with(change)
        return render(request, "account/undo/confirm.html", {"undone": undone, **told})
    if replaced := account_changes.undo(change, at=timezone.now()):
        account_mails.send_undone(replaced)
    logout(request)
    response = render(request, "account/undo/done.html")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _signed_in(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
