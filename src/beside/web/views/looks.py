"""Who has looked at a letter: every look of a moderator, for its authors."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beside.posts.authorship import own
from beside.web.http.request import Request
from beside.web.pages.looks import looks_page


@require_safe
def index(request: Request, post_id: UUID) -> HttpResponse:
    """The looks, with their reasons. It is a 404 for everybody but the letter's authors."""
    page = looks_page(own(request.account, post_id))
    return render(request, "looks/index.html", {"page": page})
