"""The door of a letter, for somebody who comes to it: why they have come, and waiting."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.door import requests, state
from beside.access.door.requests import AskedRecently, DoorClosed, TooManyRequests
from beside.access.door.state import DoorView
from beside.access.policy import Sight
from beside.people import guesses
from beside.web.forms.access_requests import AskForm
from beside.web.http.rate_limits import counted
from beside.web.http.request import Request
from beside.web.pages import content_preferences
from beside.web.pages.door import door_page
from beside.web.pages.letter import title_of

REFUSALS = (AskedRecently, DoorClosed, TooManyRequests)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, post_id: UUID) -> HttpResponse:
    """The door of a letter whose words the reader sees. Someone who is let in goes on to the letter."""
    now = timezone.now()
    if content_preferences.find_post(request, post_id, at=now).sight > Sight.DOOR:
        return redirect("letter", post_id)
    return _answer(request, state.by_post(request.viewer, post_id, at=now))


@require_http_methods(["GET", "HEAD", "POST"])
def show_by_address(request: Request, door_address: UUID) -> HttpResponse:
    """A door that only its own address leads to. Nothing of the letter is said."""
    now = timezone.now()
    with counted(request, guesses.DOOR):
        if post_id := state.readable_post(request.viewer, door_address, at=now):
            return redirect("letter", post_id)
        here = state.by_address(request.viewer, door_address, at=now)
    return _answer(request, here, address=door_address)


def _answer(request: Request, here: DoorView, *, address: UUID | None = None) -> HttpResponse:
    do = request.POST.get("do")
    if do == "ask":
        return _ask(request, here, address)
    if do == "withdraw":
        requests.withdraw(here.post.pk, by=request.account, at=timezone.now())
        messages.info(request, _("It’s taken back, and what you wrote is gone. Nobody is told."))
        return redirect("door_by_address", address) if address else redirect("letter", here.post.pk)
    return _page(request, here, AskForm())


def _ask(request: Request, here: DoorView, address: UUID | None) -> HttpResponse:
    form, now = AskForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, here, form)
    try:
        is_in = requests.ask(
            here.post.pk, form.request_text(), by=request.viewer, at=now, address=address
        )
    except REFUSALS as refusal:
        return _page(request, here, form, needs=str(refusal))
    return redirect("admission", here.post.pk) if is_in else redirect(request.path)


def _page(request: Request, here: DoorView, form: AskForm, *, needs: str = "") -> HttpResponse:
    page = door_page(here, form, title=title_of(here.post), needs=needs)
    return render(request, "door/show.html", {"page": page})
