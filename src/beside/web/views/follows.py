"""Asking to follow, answering, and ending it from either side."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beside.people import follows
from beside.querysets import shared_clock
from beside.web.forms.follows import AnswerForm
from beside.web.http.request import Request
from beside.web.pages.people import person_for
from beside.web.views.circle_history import ask_what_is_meant


@require_POST
def create(request: Request, account_id: UUID) -> HttpResponse:
    """Ask to follow somebody."""
    person = person_for(request.viewer, account_id)
    follows.ask(request.account, person, at=timezone.now())
    return redirect("profile", account_id)


@require_POST
def stop(request: Request, account_id: UUID) -> HttpResponse:
    """Stop following. Nobody is told; the person's page may no longer be there to return to."""
    follows.stop(request.account, account_id)
    messages.info(request, _("You don’t follow them any more. They aren’t told."))
    return redirect("home")


@require_POST
def withdraw(request: Request, account_id: UUID) -> HttpResponse:
    """Withdraw a request. The person's page may no longer be there to return to."""
    follows.withdraw(request.account, account_id)
    messages.info(request, _("Your request is withdrawn. Nobody is told."))
    return redirect("home")


@require_POST
def answer(request: Request, account_id: UUID) -> HttpResponse:
    """Answer somebody who asks to follow: yes, yes and into a circle, or no.

    If something was already shared with the circle, they join it only once the owner has said whether they may see it.
    """
    form = AnswerForm(request.POST, owner=request.account)
    if not form.is_valid():
        return redirect("notices")
    at, into = shared_clock.now(), form.cleaned_data["circle"]
    if form.cleaned_data["answer"] != "yes":
        follows.decline(request.account, account_id, at=at)
        return redirect("notices")
    named = {"person": account_id, "email": ""}
    asks = ask_what_is_meant(request, into, named) if into else None
    follows.accept(request.account, account_id, at=at, into=None if asks else into)
    return asks or redirect("notices")


@require_POST
def remove(request: Request, account_id: UUID) -> HttpResponse:
    """Remove a follower. They aren't told."""
    follows.remove(request.account, account_id, at=timezone.now())
    return redirect("you")
