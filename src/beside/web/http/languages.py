"""The language of a request: the account's own, the one chosen in this browser, the browser's, or the place's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from beside.people import languages
from beside.people.models import Account

Answer = Callable[[HttpRequest], HttpResponse]


def activate(answer: Answer) -> Answer:
    """Say everything in the answer in the language of whoever asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        code = language_of(request)
        with translation.override(code):
            response = answer(request)
        # A photograph or an archive is in no language of ours.
        if response.headers.get("Content-Type", "").startswith("text/"):
            response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return middleware


def language_of(request: HttpRequest) -> str:
    """The code of the language in which `request` is answered."""
    user = request.user
    own = user.language if isinstance(user, Account) else ""
    # Without one of its own: the cookie `settings.LANGUAGE_COOKIE_NAME`, then Accept-Language, then the place's.
    return own if own in languages.offered() else translation.get_language_from_request(request)
