"""Where an account is signed in: ending one session, or all of them."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from beside.people import sessions
from beside.web.http.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def destroy(request: Request) -> HttpResponse:
    """End a session of one's own; the list is on the page "You"."""
    if request.method == "POST":
        sessions.end(request.account, request.POST.get("device", ""), at=timezone.now())
    return redirect("you")


@require_POST
def destroy_all(request: Request) -> HttpResponse:
    """Sign out everywhere, including here."""
    account = request.account
    logout(request)
    sessions.end_everywhere(account, at=timezone.now())
    response = redirect("home")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
