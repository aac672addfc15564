"""News: what is addressed to the person, and nothing else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from beside.notices import telling
from beside.people import circles
from beside.web import news
from beside.web.request import Request
from beside.web.resting import rest_of


@require_safe
def index(request: Request) -> HttpResponse:
    """What there is. Having looked ends the dot; the lines stay until they are put away."""
    at = timezone.now()
    days = news.days(telling.newest(request.account.pk), request.viewer, at=at)
    if request.method == "GET":
        telling.mark_read(request.account.pk, at=at)
    context = {
        "days": days,
        "circles": circles.of(request.account),
        "rest": rest_of(request.account, at=at),
    }
    return render(request, "news/index.html", context)


@require_POST
def put_away(request: Request) -> HttpResponse:
    """Put it all away, but for whoever waits for an answer."""
    telling.put_away(request.account.pk)
    return redirect("news")
