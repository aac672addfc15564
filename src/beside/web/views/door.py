"""A door, for whoever comes to it: why they have come, waiting, and having been let in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.access.door import admissions, requests, state
from beside.access.door.requests import AskedRecently, DoorClosed, TooManyRequests
from beside.access.door.state import DoorView, State
from beside.access.policy import Sight
from beside.people import guesses
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Post
from beside.web.forms.door import AskForm
from beside.web.http.rate_limits import counted
from beside.web.http.request import Request
from beside.web.pages import content_preferences, door, letter
from beside.web.pages.people import in_a_row

REFUSALS = (AskedRecently, DoorClosed, TooManyRequests)


@require_http_methods(["GET", "HEAD", "POST"])
def of_letter(request: Request, post_id: UUID) -> HttpResponse:
    """The door of a letter whose words one reads. Whoever is in already goes to the letter."""
    now = timezone.now()
    if content_preferences.meet(request, post_id, at=now).sight > Sight.DOOR:
        return redirect("letter", post_id)
    return _answer(request, state.by_post(request.viewer, post_id, at=now))


@require_http_methods(["GET", "HEAD", "POST"])
def by_address(request: Request, door_address: UUID) -> HttpResponse:
    """A door that is found only by its own address. Nothing of the letter is said."""
    now = timezone.now()
    with counted(request, guesses.DOOR):
        if post_id := state.readable_post(request.viewer, door_address, at=now):
            return redirect("letter", post_id)
        here = state.by_address(request.viewer, door_address, at=now)
    return _answer(request, here, address=door_address)


@require_safe
def let_in(request: Request, post_id: UUID) -> HttpResponse:
    """One has been let in, with what was said; the photographs stay folded until one asks for them."""
    now = timezone.now()
    content_preferences.meet(request, post_id, at=now)
    post, admission = admissions.admission_of(request.viewer, post_id, at=now)
    context = {
        "letter": letter.letter(post, request.viewer, at=now),
        "said": admission.said,
        "names": in_a_row(_names(post)),
        "authors": len(_names(post)),
    }
    return render(request, "door/let_in.html", context)


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
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, here, form)
    try:
        is_in = requests.ask(
            here.post.pk, form.said(), by=request.viewer, at=timezone.now(), address=address
        )
    except REFUSALS as refusal:
        return _page(request, here, form, needs=str(refusal))
    if is_in:
        return redirect("admissions", here.post.pk)
    return redirect(request.path)


def _page(request: Request, here: DoorView, form: AskForm, *, needs: str = "") -> HttpResponse:
    names, met = _names(here.post), here.status
    says = {
        State.OPEN: "",
        State.WAITING: door.waiting_since(names, met),
        State.TOO_SOON: door.again_from(met),
        State.CLOSED: door.kept_shut(names),
    }
    context = {
        "names": in_a_row(names),
        "first": in_a_row([name_of(one) for one in admissions.screeners_of(here.post)]),
        "state": met.state.name,
        "says": says[met.state],
        "greeting": here.post.door_says,
        "asked_at": met.asked_at,
        "letter": here.post if here.may_read else None,
        "title": letter.title_of(here.post) if here.may_read else "",
        "form": form,
        "needs": needs,
    }
    return render(request, "door/show.html", context)


def _names(post: Post) -> list[str]:
    return [name_of(author) for author in authors_of(post)]
