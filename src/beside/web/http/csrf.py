"""The answer to a form whose token is missing, wrong or too old."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_lapsed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that nothing was changed, and how to do it again. Django's `CSRF_FAILURE_VIEW`."""
    return render(request, "csrf_lapsed.html", status=400)
