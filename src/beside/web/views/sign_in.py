"""Signing in, up and out: allauth's views, with our sentences, and every guess counted before it is judged."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.stages import PasskeySignupStage
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from django.views.generic.edit import FormView

from beside.people import accounts, guesses
from beside.people.guesses import TooManyGuesses
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.web.allauth_adapter import invitation_of
from beside.web.forms.sign_in import WRONG_LENGTH, AskForCodeForm
from beside.web.http import pending_links
from beside.web.http.rate_limits import (
    TOO_MANY,
    browser_of,
    count_for_account,
    give_back_for_account,
)
from beside.web.pages.organisation_links import organisation_name

View = Callable[..., HttpResponseBase]

if TYPE_CHECKING:
    _FormView = FormView[Form]
else:
    _FormView = object


def require_recent_sign_in(request: HttpRequest) -> None:
    """Ask somebody who signed in more than five minutes ago to do it again; then the request is repeated.

    A passkey is asked for first, then a password, then a code by mail. Raises `ReauthenticationRequired`,
    which allauth's middleware answers.
    """
    if request.user.is_authenticated and get_adapter().is_reauthentication_required(app="beside"):
        raise ReauthenticationRequired


def signed_in_lately(view: View) -> View:
    """`require_recent_sign_in` before the whole of `view`."""

    @wraps(view)
    def asked_first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        require_recent_sign_in(request)
        return view(request, *args, **kwargs)

    return asked_first


class AnswersRefusals(_FormView):
    """A form's page that answers 429 where there were too many guesses."""

    def form_invalid(self, form: Form) -> HttpResponse:
        if any(form.has_error(field, TOO_MANY) for field in (*form.fields, NON_FIELD_ERRORS)):
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().form_invalid(form)


class JudgesCodes(AnswersRefusals):
    """A page for a code that was sent, of which three tries are judged whatever the session says.

    allauth's own count is in the session, where parallel requests overwrite each other's.
    """

    _process: Any
    _action: str

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyGuesses:
            self._process.abort()
            messages.error(request, str(get_adapter().error_messages["too_many_login_attempts"]))
            return redirect("account_email" if request.user.is_authenticated else "account_login")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return {**kwargs, "count": self._count} if self._action == "verify" else kwargs

    def form_invalid(self, form: Form) -> HttpResponse:
        if form.has_error("code", WRONG_LENGTH):
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_invalid(form)

    def form_valid(self, form: Form) -> HttpResponse:
        if self._action == "verify":
            give_back_for_account(self.request, guesses.CODES_OF_ACCOUNT, self._address)
        return super().form_valid(form)

    @property
    def _address(self) -> str:
        return str(self._process.state["email"])

    def _count(self) -> None:
        """Each code that is sent has a counter of its own, also one that was never sent to anybody."""
        state = self._process.state
        sent = (self._address, str(state["at"]), str(state["resend_count"]))
        guesses.count(guesses.CODE, *sent, at=timezone.now())
        count_for_account(self.request, guesses.CODES_OF_ACCOUNT, self._address)


class SignIn(AnswersRefusals, account.LoginView):
    """Sign in by passkey, code or password, on one page."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "code_form": AskForCodeForm(prefix=None),
            "organisation": organisation_name(),
        }


class SignInByPasskey(passkeys.LoginWebAuthnView):
    """Sign in by passkey. Tries are counted by browser where one is known, and else by network.

    Nobody's account is locked by them: whose passkey it is comes only with the right answer.
    """

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        guesses.count(guesses.PASSKEY, browser_of(request), at=timezone.now())
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        guesses.give_back(guesses.PASSKEY, browser_of(self.request))
        response: HttpResponse = super().form_valid(form)
        return response


class SignOut(account.LogoutView):
    """Sign out. The browser is asked to delete what scripts stored; pages were never in its cache."""

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"storage"'
        return response


class AskForCode(AnswersRefusals, account.RequestLoginCodeView):
    """Ask for a code by mail."""


class ConfirmCode(JudgesCodes, account.ConfirmLoginCodeView):
    """Enter the code to sign in. Where it has expired, a message says so."""

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", False) is None:
            messages.info(request, gettext("That code has expired. Here’s how to get another."))
        return response


@method_decorator(login_not_required, name="dispatch")
class ConfirmAddress(JudgesCodes, account.ConfirmEmailVerificationCodeView):
    """Enter the code that confirms an address, at sign-up or after changing it."""


class SignUp(account.SignupView):
    """Sign up with a name and an address, which a code then confirms."""

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "inviter": _inviter(self.request)}

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        invitation = invitation_of(self.request)
        if invitation is not None:
            initial.update(name=invitation.name, email=invitation.email)
        if pending := pending_links.of(self.request, at=timezone.now()):
            initial.update(email=pending.address)
        return initial


class SignUpByPasskey(SignUp, account.SignupByPasskeyView):
    """The same, and a passkey after the code."""

    template_name = "account/signup.html"


@login_not_required
@require_POST
def passkey_later(request: HttpRequest) -> HttpResponse:
    """Finish signing up without a passkey. One can be added on any day."""
    stage = LoginStageController.enter(request, PasskeySignupStage.key)
    if stage is None:
        return redirect("account_login")
    response: HttpResponse = stage.exit()
    return response


@login_not_required
@require_POST
def another_address(request: HttpRequest) -> HttpResponse:
    """Begin the sign-up again with another address. The answer is the same for one that has an account."""
    login = unstash_login(request, peek=True)
    stage = login.state.get("stages", {}).get("current") if login else None
    begun = login.user if login and login.signup else None
    if isinstance(begun, Account) and stage == EmailVerificationStage.key:
        accounts.discard(begun)
    clear_login(request)
    request.session.pop("account_email_verification_code", None)
    return redirect("account_signup")


def _inviter(request: HttpRequest) -> str:
    invitation = invitation_of(request)
    if invitation is None or invitation.inviter is None:
        return ""
    return name_of(invitation.inviter)
