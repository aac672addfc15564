"""Searching."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.web.http.request import Request
from beside.web.pages.search import search_page


@require_safe
def index(request: Request) -> HttpResponse:
    """What was found, or the empty box."""
    page = search_page(request.account, request.viewer, request.GET, at=timezone.now())
    return render(request, "search/index.html", {"page": page})
