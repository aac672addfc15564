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
from beside.web.forms.profiles import AnswerForm
from beside.web.http.request import Request
from beside.web.pages.people import person_for
from beside.web.views.circle_history import ask_what_is_meant


@require_POST
def ask(request: Request, account_id: UUID) -> HttpResponse:
    """Ask to follow somebody."""
    person = person_for(request.viewer, account_id)
    follows.ask(request.account, person, at=timezone.now())
    return redirect("profile", account_id)


@require_POST
def stop(request: Request, account_id: UUID) -> HttpResponse:
    """Stop following. Nobody is told; the page may not be there to come back to."""
    follows.stop(request.account, account_id)
    messages.info(request, _("You don’t follow them any more. They aren’t told."))
    return redirect("home")


@require_POST
def withdraw(request: Request, account_id: UUID) -> HttpResponse:
    """Take one's asking back. The page may not be there to come back to."""
    follows.withdraw(request.account, account_id)
    messages.info(request, _("You don’t ask any more. Nobody is told."))
    return redirect("home")


@require_POST
def answer(request: Request, account_id: UUID) -> HttpResponse:
    """Answer somebody who asks to follow: yes, yes and into a circle, or no.

    Into a circle with which something was shared before only once it is said whether that is meant.
    """
    form = AnswerForm(request.POST, owner=request.account)
    if not form.is_valid():
        return redirect("notices")
    at, into = timezone.now(), form.cleaned_data["circle"]
    if form.cleaned_data["answer"] != "yes":
        follows.decline(request.account, account_id, at=at)
        return redirect("notices")
    named = {"person": account_id, "email": ""}
    asks = ask_what_is_meant(request, into, named) if into else None
    follows.accept(request.account, account_id, at=at, into=None if asks else into)
    return asks or redirect("notices")


@require_POST
def remove(request: Request, account_id: UUID) -> HttpResponse:
    """Let somebody follow no longer. They aren't told."""
    follows.remove(request.account, account_id, at=timezone.now())
    return redirect("you")
