"""Who has looked at a letter or a response: every look of a moderator, for those whom it concerns."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.moderation import looks
from beside.posts.authorship import own
from beside.web.http.request import Request
from beside.web.pages.looks import looks_page, response_looks_page


@require_safe
def index(request: Request, post_id: UUID) -> HttpResponse:
    """The looks, with their reasons. It is a 404 for everybody but the letter's authors."""
    page = looks_page(own(request.account, post_id))
    return render(request, "looks/index.html", {"page": page})


@require_safe
def of_response(request: Request, response_id: UUID) -> HttpResponse:
    """The looks at a response. It is a 404 for everybody but its writer, and the authors to whom it was passed on."""
    response = looks.response_concerning(response_id, request.account, at=timezone.now())
    page = response_looks_page(response, request.account)
    return render(request, "looks/index.html", {"page": page})
