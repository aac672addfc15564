"""Where a form came from, and the answer to one whose token is missing, wrong or too old."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_lapsed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that nothing was changed, and how to do it again. Django's `CSRF_FAILURE_VIEW`."""
    return render(request, "csrf_lapsed.html", status=400)


def is_from_our_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages, or the person themselves, sent this.

    Browsers from before 2023 don't send `Sec-Fetch-Site`, and programs that aren't browsers send neither
    header. Our own origin is the one in `BESIDE_URL`: behind a proxy the request knows only the proxy's.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin in settings.CSRF_TRUSTED_ORIGINS
