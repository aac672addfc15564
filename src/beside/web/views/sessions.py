"""Where one is signed in: ending one, or all."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from beside.people import sessions
from beside.web.http.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request) -> HttpResponse:
    """End one of one's own; the list itself stands under You."""
    if request.method == "POST":
        sessions.end(request.account, request.POST.get("device", ""), at=timezone.now())
    return redirect("you")


@require_POST
def end_everywhere(request: Request) -> HttpResponse:
    """Sign out everywhere, here too."""
    account = request.account
    logout(request)
    sessions.end_everywhere(account, at=timezone.now())
    response = redirect("home")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
