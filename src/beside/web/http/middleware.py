"""What stands around every page: headers, who is looking, and the one page for "nothing"."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from beside.access.content_preferences import AskFirst
from beside.access.policy import NothingToSee, Viewer
from beside.people.guesses import TooManyGuesses
from beside.people.models import Account
from beside.photos import disk_full
from beside.posts.authorship import NotAnAuthor
from beside.web.http.rate_limits import in_minutes
from beside.web.pages import content_preferences

log = logging.getLogger(__name__)

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
    """Put the headers on every answer that leaves Django."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        # Nothing is told to other places. "no-referrer" would also make browsers hide the
        # origin of our own forms, and no form could be told from a forged one.
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
    """Say once per request who is looking, and turn what goes up from views into pages: the one 404, a question, a full disk's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        account = request.user.pk if isinstance(request.user, Account) else None
        request.viewer = Viewer(account, request.session.session_key)  # type: ignore[attr-defined]
        if account is not None:
            request.account = request.user  # type: ignore[attr-defined]
        return answer(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NothingToSee | NotAnAuthor):
            return render(request, "404.html", status=404)
        if isinstance(exception, TooManyGuesses):
            when = in_minutes(exception.again_at)
            return render(request, "429.html", {"when": when}, status=429)
        if isinstance(exception, AskFirst):
            return render(
                request,
                "content_preferences/ask.html",
                {"question": content_preferences.question(exception)},
            )
        if told := disk_full.refusal(exception):
            log.error("the disk or the database refuses", exc_info=exception)
            is_full = isinstance(told, disk_full.PlaceIsFull)
            return render(request, "disk_full.html", {"is_full": is_full}, status=503)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
