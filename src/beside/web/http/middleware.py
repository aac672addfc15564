"""Headers on every answer, and who is looking."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from beside.access.policy import Viewer
from beside.people.models import Account
from beside.web.http import unsent

_HEALTH = "/healthz"
Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def headers(answer: Answer) -> Answer:
    """Set the security headers on every answer that leaves Django."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        # Other sites get no referrer. "no-referrer" would also hide the origin of our own forms, and then
        # they couldn't be told from forged ones.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers["X-Robots-Tag"] = "noindex, noarchive, noimageindex"
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def health_by_any_name(answer: Answer) -> Answer:
    """Let a balancer ask after the health of a machine by that machine's own name or address.

    The answer names no address and nothing of this place. Every other path answers only to the place's own names.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info == _HEALTH:
            request.META["HTTP_HOST"] = "localhost"
        return answer(request)

    return middleware


def viewer(answer: Answer) -> Answer:
    """Set `request.viewer`, and `request.account` where somebody is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        account = request.user.pk if isinstance(request.user, Account) else None
        request.viewer = Viewer(account, request.session.session_key)  # type: ignore[attr-defined]
        if account is not None:
            request.account = request.user  # type: ignore[attr-defined]
        return answer(request)

    return middleware


# What somebody can do whose account moderators have suspended (`people.suspensions`), by the name of the page's URL:
# read why, appeal, take their archive, close the account, sign in and out, and read what is for everybody.
OPEN_TO_SUSPENDED = {
    *("suspension", "archive", "archive_file", "close_account", "reopen_account"),
    *("step_away", "help", "what_is_kept", "appearance", "language", "manifest", "healthz"),
    *("sessions", "sign_out_everywhere", "account_logout", "account_login", "mfa_login_webauthn"),
    *("account_request_login_code", "account_confirm_login_code", "undo_account_change"),
    *("account_reauthenticate", "reauthenticate_by_code", "mfa_reauthenticate_webauthn"),
}


def suspension(answer: Answer) -> Answer:
    """Send somebody whose account is suspended to the page that says so, whatever else they ask for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def process_view(request: HttpRequest, *_view: object) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not isinstance(user, Account) or user.suspended_at is None:
            return None
        is_open = match is not None and match.url_name in OPEN_TO_SUSPENDED
        if is_open:
            return None
        return unsent.refuse(request) if unsent.texts(request) else redirect("suspension")

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware
