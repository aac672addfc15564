"""The page "You"."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.web.http.request import Request
from beside.web.pages.you import you_page


@require_safe
def show(request: Request) -> HttpResponse:
    """Everything that an account decides for itself."""
    page = you_page(request.account, session_key=request.session.session_key, at=timezone.now())
    return render(request, "you/show.html", {"page": page})
