"""Sealed responses that are alike, to different families, and files that authors ask for: for moderators."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.access.policy import NothingToSee
from beside.people.moderators import NotAModerator
from beside.web.http.request import Request
from beside.web.pages.cases import cases_page


@require_safe
def index(request: Request) -> HttpResponse:
    """The cases. It is a 404 for everybody but a moderator."""
    try:
        page = cases_page(request.account, at=timezone.now())
    except NotAModerator:
        raise NothingToSee from None
    return render(request, "cases/index.html", {"page": page})
