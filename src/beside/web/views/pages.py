"""Pages that belong to nobody in particular."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one page for whatever is not there, or not for this viewer."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something broke here, and it isn't the reader's doing."""
    return render(request, "500.html", status=500)


def csrf_lapsed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came from elsewhere, or from a page that had grown old."""
    return render(request, "lapsed.html", status=400)
