"""Home: letters by the people one follows, and those written for one. It has an end."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.web.http.request import Request
from beside.web.pages.home import home_page
from beside.web.views import welcome


@login_not_required
@require_safe
def show(request: Request) -> HttpResponse:
    """One page of the feed; for a visitor who isn't signed in, what this place is."""
    if request.viewer.account is None:
        return welcome.show(request)
    page = home_page(request.viewer, request.GET.get("before", ""), at=timezone.now())
    template = "home/not_today.html" if page.is_not_today else "home/show.html"
    return render(request, template, {"page": page})
