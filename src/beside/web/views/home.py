"""Home: what the people I follow have written, and what somebody gave me. It has an end."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.access import feeds
from beside.access.feeds import Place
from beside.web.http.request import Request
from beside.web.pages import feed
from beside.web.pages.feed import Entry
from beside.web.views import welcome


@login_not_required
@require_safe
def show(request: Request) -> HttpResponse:
    """A page of it; for someone who isn't signed in, what this place is."""
    if request.viewer.account is None:
        return welcome.show(request)
    behind = request.GET.get("before")
    at = timezone.now()
    page = feeds.home(request.viewer, at=at, before=Place.read(behind) if behind else None)
    if page.not_today:
        return render(request, "home/not_today.html")
    entries = feed.entries(page.posts, request.viewer, at=at, asks=page.asks)
    return render(
        request,
        "home/show.html",
        {
            "entries": entries,
            "further": page.further,
            "is_first": behind is None,
            "shows_photographs": any(isinstance(one, Entry) and one.print for one in entries),
        },
    )
