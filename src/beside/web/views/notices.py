"""News: the notices addressed to the person, and nothing else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from beside.notices import notices
from beside.notices.models import Notice
from beside.web.http.request import Request
from beside.web.pages.notices import notices_page

# A key in the session: the notices that were cleared last, and the most that it remembers.
CLEARED, MOST = "cleared_notices", 200


@require_safe
def index(request: Request) -> HttpResponse:
    """The newest notices. Opening the page marks them as read; they stay until they are cleared."""
    at = timezone.now()
    page = notices_page(request.account, request.viewer, at=at)
    if request.method == "GET":
        notices.mark_read(request.account.pk, at=at)
    told = {"page": page, "was_cleared": CLEARED in request.session}
    return render(request, "notices/index.html", told)


@require_POST
def clear(request: Request) -> HttpResponse:
    """Remove every notice except requests that wait for an answer, or bring back what was removed last."""
    me, cleared = request.account.pk, request.session.pop(CLEARED, [])
    if request.POST.get("do") == "undo":
        notices.bring_back(me, [_read(*one) for one in cleared])
    elif gone := notices.put_away(me):
        request.session[CLEARED] = [
            (
                one.kind,
                one.about and str(one.about),
                one.actor_id and str(one.actor_id),
                one.at.isoformat(),
            )
            for one in gone[:MOST]
        ]
    return redirect("notices")


def _read(kind: str, about: str | None, actor: str | None, at: str) -> Notice:
    return Notice(
        kind=kind,
        about=UUID(about) if about else None,
        actor_id=UUID(actor) if actor else None,
        at=datetime.fromisoformat(at),
    )
