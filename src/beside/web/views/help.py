"""What this place does and can't do, and what it keeps about people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """How this place works."""
    return render(request, "help/show.html")


@login_not_required
@require_safe
def what_is_kept(request: HttpRequest) -> HttpResponse:
    """Which data this place keeps about its reader."""
    return render(request, "help/what_is_kept.html")
