"""What somebody typed into a form that wasn't accepted, so that the page which says so gives it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from beside.web.http.csrf import is_from_our_own_page

_SECRETS = re.compile("pass|code|secret|token|credential")


def texts(request: HttpRequest) -> Sequence[str]:
    """Each text of more than one word that `request` carried, but no secret, and none from another site's form.

    None either for a script's own request: it keeps what it sent, and looks for the page to sign in.
    """
    is_navigation = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if request.method != "POST" or not is_navigation or not is_from_our_own_page(request):
        return []
    try:
        fields = request.POST.lists()
    except (OSError, SuspiciousOperation):
        return []
    said = [text for name, values in fields if not _SECRETS.search(name) for text in values]
    return [text for text in said if len(text.split()) > 1]


class SignInRequired(LoginRequiredMiddleware):
    """Django's middleware. Somebody who was signed out while they wrote keeps what they wrote."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        if not texts(request):
            return super().handle_no_permission(request, view_func)
        before = urlsplit(request.headers.get("Referer", "")).path or reverse("home")
        return refuse(request, before)


def refuse(request: HttpRequest, back_to: str = "") -> HttpResponse:
    """The page that says that nothing was sent and gives the texts back, with a way to sign in and go on at `back_to`."""
    return render(request, "unsent.html", {"back_to": back_to}, status=403)
