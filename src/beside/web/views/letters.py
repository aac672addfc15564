"""An author's own letters that only their authors can see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beside.web.http.request import Request
from beside.web.pages.letters import letters_page


@require_safe
def index(request: Request) -> HttpResponse:
    """Drafts, and letters that were closed or taken back. Nothing brings them up unasked."""
    return render(request, "letters/index.html", {"page": letters_page(request.account)})
