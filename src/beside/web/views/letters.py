"""Your letters: everything that an author wrote, and where each of it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.web.http.request import Request
from beside.web.pages.letters import letters_page


@require_safe
def index(request: Request) -> HttpResponse:
    """Drafts, letters that wait for an answer, and those that were published, closed or taken back."""
    page = letters_page(request.account, at=timezone.now())
    return render(request, "letters/index.html", {"page": page})
