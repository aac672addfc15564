"""News: the notices addressed to the person, and nothing else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from beside.notices import notices
from beside.web.http.request import Request
from beside.web.pages.notices import notices_page


@require_safe
def index(request: Request) -> HttpResponse:
    """The newest notices. Opening the page marks them as read; they stay until they are cleared."""
    at = timezone.now()
    page = notices_page(request.account, request.viewer, at=at)
    if request.method == "GET":
        notices.mark_read(request.account.pk, at=at)
    return render(request, "notices/index.html", {"page": page})


@require_POST
def clear(request: Request) -> HttpResponse:
    """Remove every notice except requests that wait for an answer."""
    notices.put_away(request.account.pk)
    return redirect("notices")
