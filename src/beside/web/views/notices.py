"""News: what is addressed to the person, and nothing else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from beside.notices import notices
from beside.people import circles
from beside.web.http.request import Request
from beside.web.pages import notices as notices_page
from beside.web.pages.quiet_days import rest_of


@require_safe
def index(request: Request) -> HttpResponse:
    """What there is. Having looked ends the dot; the lines stay until they are put away."""
    at = timezone.now()
    days = notices_page.days(notices.newest(request.account.pk), request.viewer, at=at)
    if request.method == "GET":
        notices.mark_read(request.account.pk, at=at)
    context = {
        "days": days,
        "circles": circles.of(request.account),
        "rest": rest_of(request.account, at=at),
    }
    return render(request, "notices/index.html", context)


@require_POST
def put_away(request: Request) -> HttpResponse:
    """Put it all away, but for whoever waits for an answer."""
    notices.put_away(request.account.pk)
    return redirect("notices")
