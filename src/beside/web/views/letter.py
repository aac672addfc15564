"""One letter, as far as its reader may see it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.access import consents
from beside.web.http.request import Request, signed_in_as
from beside.web.pages import content_preferences
from beside.web.pages.letter import letter_page
from beside.web.pages.responses import letter_responses


@login_not_required
@require_safe
def show(request: Request, post_id: UUID) -> HttpResponse:
    """The words, what stands beside them, and the photographs: open, folded, or not mentioned at all."""
    at = timezone.now()
    post = content_preferences.find_post(request, post_id, at=at)
    page = letter_page(post, request, at=at)
    if page.letter.can_fold:
        consents.extend(request.viewer, post_id, at=at)
    me, is_mine = signed_in_as(request), page.letter.is_mine
    responses = letter_responses(post, me, request.viewer, is_mine=is_mine, at=at)
    mine = {"here": "letters"} if page.own else {}
    return render(request, "letter/show.html", {"page": page, "responses": responses, **mine})
