"""What Beside changes in how django-allauth signs people in."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from beside.notices import outbox
from beside.people import (
    account_changes,
    accounts,
    devices,
    guesses,
    hosts,
    invitations,
    languages,
    sessions,
    suspensions,
)
from beside.people.account_changes import Kind
from beside.people.models import Account, Invitation
from beside.people.suspensions import AddressSuspended
from beside.querysets import shared_clock
from beside.web import account_mails
from beside.web.http import device_cookie, identity_provider, pending_links, time_zones
from beside.web.http.rate_limits import count_for_account, give_back_for_account

INVITATION = "invitation"
# How somebody has signed in who came from the organisation's identity provider.
ORGANISATION = "organisation"
UNKNOWN_ACCOUNT = "account/email/unknown_account"

# The messages after an act that we show. allauth has more; the pages themselves say the rest.
SAID = {
    "account/messages/password_changed.txt": _(
        "Your password is changed. Everywhere else you’ve been signed out."
    ),
    "account/messages/password_set.txt": _(
        "You have a password now. Everywhere else you’ve been signed out."
    ),
    "mfa/messages/webauthn_added.txt": _("You can sign in with it from now on."),
    "mfa/messages/webauthn_removed.txt": _(
        "You can’t sign in with it any more. Everywhere else you’ve been signed out."
    ),
}


class Adapter(DefaultAccountAdapter):
    """Sign-up needs an invitation unless the host opens it, guesses are counted, and changes are told."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "duplicate_email": _("That’s your address already."),
        "same_as_current": _("That’s your address already."),
        "email_password_mismatch": _(
            "That address and that password don’t belong together. A code by mail always works."
        ),
        "incorrect_code": _("That isn’t the code that we sent last. Please look again."),
        "incorrect_password": _("That isn’t your password."),
        "email_taken": _("This address can’t be used here. Please use another."),
        "too_many_login_attempts": _("That code can’t be tried any more. Please ask for another."),
        "begun_elsewhere": _(
            "This sign-up was begun in another browser. Please go on there, or with the link that Beside prints when"
            " it’s started again."
        ),
        "rate_limited": _("You’ve asked for a good many codes. Please wait a moment."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.BESIDE.open_sign_up) or invitation_of(request) is not None

    def clean_email(self, email: str) -> str:
        """The address of somebody who joins or changes theirs. A suspended one is refused like one that is taken."""
        try:
            suspensions.require_address(email)
        except AddressSuspended:
            raise ValidationError(str(self.error_messages["email_taken"])) from None
        return str(super().clean_email(email))

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
        """Sign in, note in the session on which kind of device and since when, and tell of a new device.

        The first time, take the browser's time zone, and the language of these pages.
        """
        assert isinstance(user, Account)
        at, token = shared_clock.now(), device_cookie.token_of(request)
        is_first = user.last_login is None
        is_new = not is_first and not devices.is_known(user, token, at=at)
        hosts.confirm(user, opened=request.session.get(INVITATION), at=at)
        super().login(request, user)
        request.session[sessions.DEVICE] = kind_of_device(request)
        request.session[sessions.BEGAN_AT] = at.isoformat()
        request.session.pop(INVITATION, None)
        if is_first:
            accounts.choose_time_zone(user, time_zones.from_browser(request))
            languages.choose(user, languages.active())
        if not get_authentication_records(request, user):
            # Somebody who has just signed up has just entered the code sent to their address.
            record_authentication(request, user, method="code", email=user.email)
        if is_new:
            change, told = account_changes.record(user, Kind.SIGNED_IN, at=at)
            account_mails.send_change(change, told, device=kind_of_device(request))

    def pre_login(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        **kwargs: Any,  # noqa: ANN401
    ) -> HttpResponse | None:
        """Refuse a code that went to an address which the account has lost meanwhile, or that the first host mistyped."""
        email = kwargs["email"]
        assert isinstance(user, Account)
        if hosts.is_begun_elsewhere(user, opened=request.session.get(INVITATION)):
            clear_login(request)
            messages.error(request, str(self.error_messages["begun_elsewhere"]))
            return redirect("account_login")
        if email and email.lower() != user.email.lower():
            clear_login(request)
            return self.respond_user_inactive(request, user)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        **kwargs: Any,  # noqa: ANN401
    ) -> HttpResponse:
        """Know this browser from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        assert isinstance(user, Account)
        device_cookie.remember(request, response, user, at=timezone.now())
        pending = pending_links.of(request, at=timezone.now())
        is_theirs = pending is not None and pending_links.is_for(pending, user.email)
        if not is_theirs or not identity_provider.is_offered():
            pending_links.forget(request)
            return response
        asking = redirect("organisation_yours")
        asking.cookies = response.cookies
        return asking

    def authenticate(self, request: HttpRequest, **credentials: str) -> AbstractBaseUser | None:
        """Compare a password, at sign-in or before something that matters, after counting the try."""
        address = credentials.get("email", "")
        count_for_account(request, guesses.PASSWORD, address)
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            give_back_for_account(request, guesses.PASSWORD, address)
        return user

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set it, and end every other session, since somebody who had one may have had the old password."""
        assert isinstance(user, Account)
        with transaction.atomic():
            super().set_password(user, password)
            end_others(self.request, user)
            change, told = account_changes.record(user, Kind.PASSWORD, at=shared_clock.now())
        account_mails.send_change(change, told, device=kind_of_device(self.request))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take the address. If it replaces that of somebody who is signed in, end their other sessions."""
        if not isinstance(request.user, Account):
            return bool(super().confirm_email(request, email_address))
        old, account, now = request.user.email, email_address.user, shared_clock.now()
        with transaction.atomic():
            if not super().confirm_email(request, email_address):
                return False
            end_others(request, account)
            change, told = account_changes.record(account, Kind.ADDRESS, at=now, old_address=old)
        account_mails.send_change(change, told, device=kind_of_device(request))
        return True

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """A passkey first, then a password, and always a code by mail."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        methods.reverse()
        code = {
            "id": "code",
            "description": "code",
            "url": reverse("reauthenticate_by_code"),
        }
        return [*methods, code] if user.is_authenticated else []

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Nobody who signed in within the last five minutes, by whatever means, is asked again.

        So a forgotten password can be replaced after signing in with a code.
        """
        records = get_authentication_records(self.request, self.request.user)
        since = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        return not any(
            # The provider may have asked nothing, for somebody who has left their computer.
            record["at"] > since and record["method"] != ORGANISATION
            for record in records
        )

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "allauth.account.stages.EmailVerificationStage",
            "allauth.mfa.webauthn.stages.PasskeySignupStage",
        ]

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path within this place, without a host."""
        is_path = bool(url) and str(url).startswith("/")
        return is_path and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Answer for a closed account as if there were none."""
        sentence = self.error_messages["email_password_mismatch"]
        messages.error(request, str(sentence))
        return redirect("account_login")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix == UNKNOWN_ACCOUNT:
            code = {"code": self.generate_login_code()}
            # As slow as for an account: the same row, which is never sent.
            decoy = self.render_mail("account/email/login_code", email, code)
            outbox.add(decoy, at=timezone.now(), is_decoy=True)
            return
        user = context.get("user")
        with languages.speaking_for(user) if isinstance(user, Account) else nullcontext():
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


def invitation_of(request: HttpRequest) -> Invitation | None:
    """The invitation that this visitor has opened, while it can be used."""
    opened = request.session.get(INVITATION)
    try:
        return invitations.get_open(UUID(opened), at=timezone.now()) if opened else None
    except invitations.InvitationNotOpen:
        return None


def kind_of_device(request: HttpRequest) -> str:
    """What sort of device the browser says it runs on."""
    return sessions.kind_of_device(request.headers.get("User-Agent", ""))


def end_others(request: HttpRequest, account: Account) -> None:
    """End every other session of `account`, and know no other browser of theirs any more."""
    sessions.end_others(account, this=request.session.session_key, at=timezone.now())
    devices.forget_others(account, device_cookie.token_of(request))
