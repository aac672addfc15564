"""The desk of somebody who reads first: one response at a time, and what they decide about it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.people.delegations import NoSuchDelegation
from beside.responses import choices, desk, queue
from beside.responses.desk import NotInHand
from beside.web.forms.desk import QuestionForm, ReplyForm, SortingForm
from beside.web.http.request import Request
from beside.web.pages.desk import SortingPage, desk_page, sorting_form, stop_reading_page


@dataclass(frozen=True)
class Decision:
    """What a button on the desk does, what is said afterwards, and the form with the words that it needs."""

    act: Callable[..., None]
    says: str | Promise
    form: type[ReplyForm | QuestionForm] | None = None


DECISIONS = {
    "pass on": Decision(desk.pass_on, _("It’s let through.")),
    "later": Decision(desk.decide_later, _("It comes round again.")),
    "decline": Decision(desk.decline, _("It’s declined, and what it said is deleted.")),
    "seal": Decision(desk.seal, _("It’s sealed.")),
    "block": Decision(desk.seal_and_block, _("It’s sealed, and they’re blocked.")),
    "hand over": Decision(desk.hand_over, _("It’s for somebody else to read now.")),
    "ask": Decision(
        desk.ask_authors, _("They’ve been asked. They see only your line."), QuestionForm
    ),
    "decline with a word": Decision(
        desk.decline,
        _("Your words are sent. It’s declined, and what it said is deleted."),
        ReplyForm,
    ),
    "seal with a word": Decision(desk.seal, _("Your words are sent, and it’s sealed."), ReplyForm),
}


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request) -> HttpResponse:
    """The response in hand, or the next one; opening the page again changes nothing."""
    if request.method != "POST":
        return _page(request)
    do = request.POST.get("do", "")
    if do == "rest":
        queue.rest(request.account, at=timezone.now())
    elif do == "go on":
        queue.go_on(request.account)
    else:
        return _decide(request, do)
    return redirect("desk")


@require_http_methods(["GET", "HEAD", "POST"])
def sorting(request: Request) -> HttpResponse:
    """What falls to the end of the queue. A person decides everything."""
    form = SortingForm(request.POST) if request.method == "POST" else sorting_form(request.account)
    if form.is_valid():
        queue.sort_by(request.account, **form.cleaned_data, at=timezone.now())
        messages.info(request, _("That’s how it’s sorted from now on."))
        return redirect("desk_sorting")
    return render(request, "desk/sorting.html", {"page": SortingPage(form)})


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: Request) -> HttpResponse:
    """Stop reading first: for one author, for all of them, or for oneself."""
    if request.method != "POST":
        return render(request, "desk/stop.html", {"page": stop_reading_page(request.account)})
    if request.POST.get("do") == "wait":
        choices.let_wait(request.account)
        messages.info(request, _("They wait now, unread. Nobody who wrote is told."))
    else:
        for delegation_id in _delegations_named(request):
            with suppress(NoSuchDelegation):
                queue.stop_reading(delegation_id, by=request.account, at=timezone.now())
        messages.info(request, _("It has ended. Thank you for everything you’ve read."))
    return redirect("desk")


def _page(request: Request, form: ReplyForm | QuestionForm | None = None) -> HttpResponse:
    page = desk_page(request.account, request.viewer, form, at=timezone.now())
    return render(request, "desk/show.html", {"page": page})


def _decide(request: Request, do: str) -> HttpResponse:
    """Do what the button says. If the words that it needs are missing, the page keeps what was typed."""
    if do not in DECISIONS:
        raise NothingToSee
    decision, typed = DECISIONS[do], {}
    if decision.form is not None:
        form = decision.form(request.POST)
        if not form.is_valid():
            return _page(request, form) if _still_has(request) else _gone(request)
        typed = form.cleaned_data
    try:
        decision.act(_response_named(request), **typed, by=request.account, at=timezone.now())
    except NotInHand:
        return _gone(request)
    messages.info(request, str(decision.says))
    return redirect("desk")


def _gone(request: Request) -> HttpResponse:
    messages.info(request, str(NotInHand()))
    return redirect("desk")


def _still_has(request: Request) -> bool:
    held = queue.in_hand(request.account, at=timezone.now())
    return held is not None and str(held.pk) == request.POST.get("response")


def _response_named(request: Request) -> UUID:
    """The id that was sent. Raises `NotInHand` if it isn't one."""
    try:
        return UUID(request.POST.get("response", ""))
    except ValueError:
        raise NotInHand from None


def _delegations_named(request: Request) -> list[UUID]:
    """The delegations that were chosen, of those under which this account reads first."""
    held = queue.delegations_of(request.account).values_list("pk", flat=True)
    named = request.POST.get("delegation", "")
    if chosen := [one for one in held if named in ("all", str(one))]:
        return chosen
    raise NothingToSee
