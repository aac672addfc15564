"""Earlier versions of a letter. Only its authors see them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beside.posts.authorship import own
from beside.web.http.request import Request
from beside.web.pages.revisions import revisions_page


@require_safe
def show(request: Request, post_id: UUID) -> HttpResponse:
    """Every version that was replaced, the latest first."""
    page = revisions_page(own(request.account, post_id), request.account)
    return render(request, "revisions/show.html", {"page": page})
