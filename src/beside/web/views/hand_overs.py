"""The team's page of notes of thanks: printing their cards, and saying that one was handed over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.people import budgets, moderators
from beside.thanks import hand_overs
from beside.thanks.hand_overs import NotWithTheTeam
from beside.web.http.rate_limits import count_act
from beside.web.http.request import Request, posted_id
from beside.web.pages.hand_overs import hand_overs_page


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """What waits to be handed over. Cards are shown once, on the answer that makes them."""
    if not moderators.is_moderator(request.account):
        raise NothingToSee
    if request.POST.get("do") == "handed over":
        return _hand_over(request)
    printed = []
    if request.POST.get("do") == "print":
        count_act(budgets.NOTE_CARDS, request.account)
        chosen = _chosen(request)
        printed = hand_overs.print_cards(chosen, by=request.account, at=timezone.now())
        if not printed:
            messages.info(request, _("Choose at least one to print."))
    page = hand_overs_page(request.account, printed)
    return render(request, "hand_overs/index.html", {"page": page})


def _hand_over(request: Request) -> HttpResponse:
    note = posted_id(request, "note")
    try:
        hand_overs.hand_over(note, by=request.account, at=timezone.now())
    except NotWithTheTeam:
        raise NothingToSee from None
    messages.info(request, _("Thank you. The person who wrote it sees that it’s been handed over."))
    return redirect("hand_overs")


def _chosen(request: Request) -> list[UUID]:
    found = []
    for typed in request.POST.getlist("note"):
        try:
            found.append(UUID(typed))
        except ValueError:
            raise NothingToSee from None
    return found
