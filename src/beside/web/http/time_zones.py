"""The time zone of a request: the account's own, the browser's, or the place's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from beside.people import time_zones
from beside.people.models import Account

# Written by `static/beside/zone.js`; without JavaScript there is none.
COOKIE = "time_zone"


def activate(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Show every day and time of the answer in the time zone of whoever asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        name = user.time_zone if isinstance(user, Account) else from_browser(request)
        with timezone.override(time_zones.named_or_place(name)):
            return answer(request)

    return middleware


def from_browser(request: HttpRequest) -> str:
    """The name of the time zone that the browser reports, or "" if it is none that exists."""
    name = request.COOKIES.get(COOKIE, "")
    return name if name in time_zones.known() else ""
