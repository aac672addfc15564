"""Seeing less of somebody, and ending that."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beside.people import mutes
from beside.web.http.request import Request
from beside.web.pages.people import person_for


@require_POST
def create(request: Request, account_id: UUID) -> HttpResponse:
    """Show less of somebody, with one press."""
    person = person_for(request.viewer, account_id)
    mutes.mute(request.account, person, at=timezone.now())
    messages.info(
        request,
        _("From now on you’ll be shown less of them. They aren’t told."),
    )
    return redirect("profile", person.pk)


@require_POST
def destroy(request: Request, account_id: UUID) -> HttpResponse:
    """Show everything of somebody again, even if their page can't be opened any more."""
    mutes.end(request.account, account_id)
    return redirect("you")
