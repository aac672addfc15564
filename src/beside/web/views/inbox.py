"""Written to you: what was passed on to an author, and what those who read first ask them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.policy import NothingToSee
from beside.people.models import Account
from beside.responses import desk, inbox
from beside.responses.desk import NotInHand
from beside.responses.inbox import ForAuthorsOnly, NoSuchResponse
from beside.web.http.request import Request, next_path
from beside.web.pages.inbox import inbox_page, put_away_page, response_page


@require_safe
def index(request: Request) -> HttpResponse:
    """What was passed on, by letter, newest first, and the questions that wait."""
    page = inbox_page(request.account, request.GET.get("before", ""), at=timezone.now())
    return render(request, "inbox/index.html", {"page": page})


@require_safe
def index_put_away(request: Request) -> HttpResponse:
    """What this author has put away."""
    page = put_away_page(request.account, request.GET.get("before", ""), at=timezone.now())
    return render(request, "inbox/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, response_id: UUID) -> HttpResponse:
    """One response; showing it beside the letter or not, and putting it away."""
    try:
        if request.method == "POST":
            return _act(request, response_id)
        response = inbox.get(response_id, by=request.account, at=timezone.now())
    except NoSuchResponse:
        raise NothingToSee from None
    page = response_page(response, request.account)
    return render(request, "inbox/show.html", {"page": page})


@require_POST
def answer(request: Request, response_id: UUID) -> HttpResponse:
    """Whether an author wants a response that they were asked about, or leaves it to those who read first."""
    wants = {"yes": True, "no": False}.get(request.POST.get("wants", ""))
    try:
        desk.answer(response_id, by=request.account, wants=wants, at=timezone.now())
    except NotInHand:
        raise NothingToSee from None
    said = {
        True: _("It’s here for you to read."),
        False: _("You won’t be shown it. Its writer isn’t told."),
        None: _("It’s left to those who read first."),
    }
    messages.info(request, said[wants])
    return redirect("inbox")


def _act(request: Request, response_id: UUID) -> HttpResponse:
    act, said = _ACTS.get(request.POST.get("do", ""), _TAKE_OUT)
    try:
        act(response_id, by=request.account, at=timezone.now())
    except ForAuthorsOnly as refusal:
        said = str(refusal)
    messages.info(request, str(said))
    return redirect(next_path(request, otherwise=request.path))


def _take_out(response_id: UUID, *, by: Account, at: datetime) -> None:
    inbox.get(response_id, by=by, at=at)
    inbox.take_out(response_id, by=by)


_Act = tuple[Callable[..., None], str | Promise]
_TAKE_OUT: _Act = (_take_out, gettext_lazy("It’s back among the others."))
_ACTS: dict[str, _Act] = {
    "show": (
        inbox.show,
        gettext_lazy("It stands beside your letter now, for anyone who can read the letter."),
    ),
    "hide": (
        inbox.stop_showing,
        gettext_lazy("It’s taken down. Only those who wrote the letter can read it."),
    ),
    "put away": (inbox.put_away, gettext_lazy("It’s put away. Nobody is told.")),
    "take out": _TAKE_OUT,
}
