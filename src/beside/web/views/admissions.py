"""Having been let in at a door."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.web.http.request import Request
from beside.web.pages import content_preferences
from beside.web.pages.admissions import admission_page


@require_safe
def show(request: Request, post_id: UUID) -> HttpResponse:
    """What was said on letting somebody in; the photographs stay folded until they ask for them."""
    now = timezone.now()
    content_preferences.find_post(request, post_id, at=now)
    page = admission_page(post_id, request.viewer, at=now)
    return render(request, "admissions/show.html", {"page": page})
