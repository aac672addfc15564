"""How people come in: what Beside asks of django-allauth."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import accounts, invitations, sessions
from beside.people.models import Account, Invitation

INVITATION = "invitation"
UNKNOWN_ACCOUNT = "account/email/unknown_account"

# What is said after an act; allauth has more to say, and the pages say the rest themselves.
SAID = {
    "account/messages/password_changed.txt": _(
        "Your password is changed. Everywhere else you’ve been signed out."
    ),
    "account/messages/password_set.txt": _(
        "You have a password now. Everywhere else you’ve been signed out."
    ),
    "mfa/messages/webauthn_added.txt": _("It opens your place from now on."),
    "mfa/messages/webauthn_removed.txt": _(
        "It doesn’t open your place any more. Everywhere else you’ve been signed out."
    ),
}


class Adapter(DefaultAccountAdapter):
    """Sign-up only with an invitation, unless the host opens it; and our own words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "duplicate_email": _("That’s your address already."),
        "same_as_current": _("That’s your address already."),
        "email_password_mismatch": _(
            "That address and that password don’t belong together. A code by mail always works."
        ),
        "incorrect_code": _("That isn’t the code that we sent last. Please look again."),
        "incorrect_password": _("That isn’t your password."),
        "email_taken": _("This address can’t be used here. Please take another."),
        "too_many_login_attempts": _(
            "That’s a good many tries. Please ask for a code, or try again in a quarter of an hour."
        ),
        "rate_limited": _("That’s a good many codes. Please wait for a moment."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.BESIDE.open_sign_up) or invitation_of(request) is not None

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        """Make the account, its profile and the used invitation in one transaction."""
        told = form.cleaned_data
        try:
            return accounts.make_account(
                told["email"],
                name=told["name"],
                at=timezone.now(),
                invitation=invitation_of(request),
            )
        except invitations.InvitationNotOpen:
            raise ImmediateHttpResponse(redirect("account_signup")) from None

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and write into the session on what and since when."""
        assert isinstance(user, Account)
        at = timezone.now()
        kind = sessions.kind_of_device(request.headers.get("User-Agent", ""))
        is_new = user.last_login is not None and sessions.is_new_kind(user, kind)
        super().login(request, user)
        request.session[sessions.DEVICE] = kind
        request.session[sessions.BEGAN_AT] = at.isoformat()
        request.session.pop(INVITATION, None)
        if not get_authentication_records(request, user):
            # Whoever has just signed up has just given the code that was sent to their address.
            record_authentication(request, user, method="code", email=user.email)
        if is_new:
            notices.tell(user.pk, Notice.Kind.SIGNED_IN, at=at)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set it, and end every other session: whoever had one may have had the old password."""
        super().set_password(user, password)
        assert isinstance(user, Account)
        _end_others(self.request, user)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take the address; if it is a new one of somebody signed in, end their other sessions."""
        is_confirmed = bool(super().confirm_email(request, email_address))
        if is_confirmed and request.user.is_authenticated:
            _end_others(request, email_address.user)
        return is_confirmed

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Whoever signed in within the last five minutes, by whatever means, needn't again.

        So a forgotten password can be replaced after coming in with a code.
        """
        records = get_authentication_records(self.request, self.request.user)
        since = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > since for record in records)

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "allauth.account.stages.EmailVerificationStage",
            "allauth.mfa.webauthn.stages.PasskeySignupStage",
        ]

    def is_safe_url(self, url: str | None) -> bool:
        """Only an address within this place: a path, without a host."""
        is_path = bool(url) and str(url).startswith("/")
        return is_path and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """A closed account looks like none."""
        sentence = self.error_messages["email_password_mismatch"]
        messages.error(request, str(sentence))
        return redirect("account_login")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix == UNKNOWN_ACCOUNT:
            code = {"code": self.generate_login_code()}
            self.render_mail("account/email/login_code", email, code)
            return
        super().send_mail(template_prefix, email, context)

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail("account/email/account_already_exists", email, {"url": settings.BESIDE.url})

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        sentence = message or SAID.get(message_template or "")
        if sentence:
            messages.add_message(request, level, str(sentence))


class Passkeys(DefaultMFAAdapter):
    """What a device shows of a passkey: this place, and the person by name and address."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That didn’t open it. A code by mail always works."),
        "unverified_email": _("Please confirm your address first."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """Named for what it was made on; people tell their own apart by that and the day."""
        return gettext("A passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.BESIDE.place_name}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        assert isinstance(user, Account)
        return {**entity, "display_name": user.profile.name}


def invitation_of(request: HttpRequest) -> Invitation | None:
    """The invitation that this visitor has opened, while it can be used."""
    opened = request.session.get(INVITATION)
    try:
        return invitations.get_open(UUID(opened), at=timezone.now()) if opened else None
    except invitations.InvitationNotOpen:
        return None


def _end_others(request: HttpRequest, account: Account) -> None:
    sessions.end_others(account, this=request.session.session_key, at=timezone.now())
