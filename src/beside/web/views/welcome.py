"""The first page, for someone who isn't signed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What this place is for, and the way in."""
    return render(request, "welcome/show.html")
