"""Coming in and going out: allauth's views, where they need a word or an act of ours."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.stages import PasskeySignupStage
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from beside.access.policy import NothingToSee
from beside.people import accounts, sessions
from beside.people.models import Account
from beside.web.allauth_adapter import invitation_of
from beside.web.forms.sign_in import AskForCodeForm

View = Callable[..., HttpResponseBase]


def signed_in_lately(view: View) -> View:
    """Ask somebody who signed in more than five minutes ago to do it again before `view`.

    allauth asks for a passkey or a password; whoever has neither comes in again with a code.
    """

    @wraps(view)
    def asked_first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        adapter = get_adapter()
        is_known = request.user.is_authenticated
        if not is_known or not adapter.is_reauthentication_required(app="beside"):
            return view(request, *args, **kwargs)
        if adapter.get_reauthentication_methods(request.user):
            raise ReauthenticationRequired
        return render(request, "account/again.html", {"back": request.path})

    return asked_first


fresh = method_decorator(signed_in_lately, name="dispatch")


class SignIn(account.LoginView):
    """Passkey, code or password, on one page."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "code_form": AskForCodeForm(prefix=None)}


class SignOut(account.LogoutView):
    """Going out. The browser is asked to forget what these pages kept; they were never in its cache."""

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"storage"'
        return response


class ConfirmCode(account.ConfirmLoginCodeView):
    """The six figures of a code for coming in; one that has grown old says so."""

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", False) is None:
            messages.info(request, gettext("That code has grown old. Here’s how to get another."))
        return response


class SignUp(account.SignupView):
    """A name and an address; then a code."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "inviter": _inviter(self.request)}

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        invitation = invitation_of(self.request)
        if invitation is not None:
            initial.update(name=invitation.name, email=invitation.email)
        return initial


class SignUpByPasskey(SignUp, account.SignupByPasskeyView):
    """The same, and a passkey after the code."""

    template_name = "account/signup.html"


@fresh
class ChangePassword(account.PasswordChangeView):
    """Another password, for someone who has just signed in."""

    template_name = "account/password.html"
    success_url = reverse_lazy("you")

    def get_default_success_url(self) -> str:
        return str(self.success_url)


@fresh
class SetPassword(account.PasswordSetView):
    """A first password."""

    template_name = "account/password.html"
    success_url = reverse_lazy("you")

    def get_default_success_url(self) -> str:
        return str(self.success_url)


@fresh
class ChangeAddress(account.EmailView):
    """Another address for codes."""


@fresh
class AddPasskey(passkeys.AddWebAuthnView):
    """Another passkey."""

    def get_success_url(self) -> str:
        return str(reverse_lazy("mfa_list_webauthn"))


@fresh
class RemovePasskey(passkeys.RemoveWebAuthnView):
    """A passkey less, and every session but this one: whoever lost the device may be in one."""

    http_method_names = ["post"]

    def get_object(self, queryset: QuerySet[Authenticator] | None = None) -> Authenticator:
        own = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN)
        try:
            passkey: Authenticator = own.get(pk=_whole(self.request.POST.get("passkey")))
        except Authenticator.DoesNotExist:
            raise NothingToSee from None
        return passkey

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        account_here = self.request.user
        assert isinstance(account_here, Account)
        sessions.end_others(account_here, this=self.request.session.session_key, at=timezone.now())
        return response


@login_not_required
@require_POST
def passkey_later(request: HttpRequest) -> HttpResponse:
    """Come in without a passkey. One can be made on any day."""
    stage = LoginStageController.enter(request, PasskeySignupStage.key)
    if stage is None:
        return redirect("account_login")
    response: HttpResponse = stage.exit()
    return response


@login_not_required
@require_POST
def another_address(request: HttpRequest) -> HttpResponse:
    """Begin the sign-up again: the address had a slip in it. It looks the same for a known one."""
    login = unstash_login(request, peek=True)
    stage = login.state.get("stages", {}).get("current") if login else None
    begun = login.user if login and login.signup else None
    if isinstance(begun, Account) and stage == EmailVerificationStage.key:
        accounts.give_up(begun)
    clear_login(request)
    request.session.pop("account_email_verification_code", None)
    return redirect("account_signup")


def _inviter(request: HttpRequest) -> str:
    invitation = invitation_of(request)
    if invitation is None or invitation.inviter is None:
        return ""
    return str(invitation.inviter.profile.name)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
