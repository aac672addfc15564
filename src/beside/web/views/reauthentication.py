"""Signing in again before something that matters, in place: by passkey, password, or a code by mail."""

from __future__ import annotations

import secrets
import time
from typing import Any

from allauth.account import app_settings
from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from beside.people import guesses
from beside.people.guesses import TooManyGuesses
from beside.people.models import Account
from beside.web.forms.sign_in import WRONG_LENGTH, CodeForm, SendCodeForm
from beside.web.http.rate_limits import count_for_account, give_back_for_account
from beside.web.views.sign_in import AnswersRefusals

# In the session: the code that was sent, when (in seconds since 1970), to which address, and a name for it.
SENT = "reauthentication_code"


class ByPassword(AnswersRefusals, account.ReauthenticateView):
    """Enter the password again. `Adapter.authenticate` counts the tries."""


class ByPasskey(passkeys.ReauthenticateWebAuthnView):
    """Use a passkey again. Tries are counted by account: only somebody signed in gets here."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        guesses.count(guesses.PASSKEY, str(request.user.pk), at=timezone.now())
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        guesses.give_back(guesses.PASSKEY, str(self.request.user.pk))
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        for sentence in form.errors.get("credential", []):
            messages.error(self.request, str(sentence))
        return redirect(_with_next(self))


class ByCode(AnswersRefusals, account.BaseReauthenticateView):
    """Have a code sent to the account's address, and enter it.

    It asks nothing that the account may not have, so nobody has to sign out in order to confirm who they are.
    """

    template_name = "account/reauthenticate_by_code.html"

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if self._is_entered and self._sent() is None:
            return self._start_again(_("That code has expired. Please ask for another."))
        try:
            response: HttpResponse = super().post(request, *args, **kwargs)
        except TooManyGuesses:
            request.session.pop(SENT, None)
            used_up = get_adapter().error_messages["too_many_login_attempts"]
            return self._start_again(str(used_up))
        return response

    def get_form_class(self) -> type[Form]:
        return CodeForm if self._is_entered or self.request.method != "POST" else SendCodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if self.get_form_class() is SendCodeForm:
            return {**kwargs, "address": self._account.email}
        sent = self._sent() or {}
        return {**kwargs, "code": sent.get("code", ""), "count": self._count}

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "is_sent": self._sent() is not None, "email": self._account.email}

    def form_valid(self, form: Form) -> HttpResponse:
        if isinstance(form, SendCodeForm):
            self._send()
            return self._start_again(_("We’ve sent you a code."))
        del self.request.session[SENT]
        give_back_for_account(self.request, guesses.CODES_OF_ACCOUNT, self._account.email)
        record_authentication(self.request, self._account, "code", reauthenticated=True)
        response: HttpResponse = super().form_valid(form)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        if form.has_error("code", WRONG_LENGTH):
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_invalid(form)

    @property
    def _is_entered(self) -> bool:
        return self.request.POST.get("action") == "verify"

    @property
    def _account(self) -> Account:
        assert isinstance(self.request.user, Account)
        return self.request.user

    def _sent(self) -> dict[str, Any] | None:
        """What was sent, while it is good: for fifteen minutes, and while codes go to that address."""
        sent: dict[str, Any] | None = self.request.session.get(SENT)
        if sent is None or sent["address"] != self._account.email:
            return None
        is_good = time.time() - sent["at"] <= app_settings.LOGIN_BY_CODE_TIMEOUT
        return sent if is_good else None

    def _send(self) -> None:
        code, address = get_adapter().generate_login_code(), self._account.email
        self.request.session[SENT] = {
            "code": code,
            "at": time.time(),
            "address": address,
            "name": secrets.token_hex(16),
        }
        get_adapter().send_mail("account/email/login_code", address, {"code": code})

    def _start_again(self, message: str) -> HttpResponse:
        messages.info(self.request, message)
        return redirect(_with_next(self))

    def _count(self) -> None:
        sent = self._sent() or {}
        guesses.count(guesses.CODE, sent["name"], at=timezone.now())
        count_for_account(self.request, guesses.CODES_OF_ACCOUNT, self._account.email)


def _with_next(view: account.BaseReauthenticateView) -> str:
    """The page of `view` itself, with where to go afterwards."""
    return str(view.passthrough_next_url(view.request.path))  # type: ignore[no-untyped-call]
