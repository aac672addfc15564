"""Blocking somebody, and ending a block."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beside.people import blocks
from beside.web.http.request import Request
from beside.web.pages.people import person_for


@require_POST
def create(request: Request, account_id: UUID) -> HttpResponse:
    """Block somebody with one press. From now on neither can see the other's page."""
    person = person_for(request.viewer, account_id)
    blocks.block(request.account, person, at=timezone.now())
    messages.info(
        request, _("Neither of you will see anything of the other here any more. They aren’t told.")
    )
    return redirect("you")


@require_POST
def destroy(request: Request, account_id: UUID) -> HttpResponse:
    """End a block of one's own."""
    blocks.unblock(request.account, account_id)
    return redirect("you")
