"""Headers on every answer, and who is looking."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from beside.access.policy import Viewer
from beside.people.models import Account

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


def viewer(answer: Answer) -> Answer:
    """Set `request.viewer`, and `request.account` where somebody is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        account = request.user.pk if isinstance(request.user, Account) else None
        request.viewer = Viewer(account, request.session.session_key)  # type: ignore[attr-defined]
        if account is not None:
            request.account = request.user  # type: ignore[attr-defined]
        return answer(request)

    return middleware
