"""The open shelf, and what robots are told."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.web.http.request import Request
from beside.web.pages.shelf import shelf_page


@login_not_required
@require_safe
def index(request: Request) -> HttpResponse:
    """One page of the shelf. Without an account only where the host lets visitors read it."""
    if request.viewer.account is None and not settings.BESIDE.shelf_for_visitors:
        return redirect_to_login(request.get_full_path())
    page = shelf_page(request.viewer, request.GET, at=timezone.now())
    template = "home/not_today.html" if page.is_not_today else "shelf/index.html"
    return render(request, template, {"page": page})


@login_not_required
@require_safe
def robots(request: Request) -> HttpResponse:
    """Nothing here is for robots."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
