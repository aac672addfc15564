"""One photograph of the drawer: its sheet, its words, hiding it, and downloading its original."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from beside.access.policy import NothingToSee
from beside.people import sessions
from beside.photos import descriptions, developing, hidden, originals
from beside.photos.hidden import NotYours
from beside.photos.models import Photo
from beside.web.forms.drawer import WordsForm
from beside.web.http.request import Request
from beside.web.pages import drawer_photographs as pages


@require_safe
def show(request: Request, photo_id: UUID) -> HttpResponse:
    """One photograph that has just arrived, as a part of the drawer's page."""
    photo = pages.own(request.account, photo_id)
    (one,) = pages.kept(request, [photo], at=timezone.now())
    return render(request, "drawer/_photograph.html", {"one": one})


@require_safe
def sheet(request: Request, photo_id: UUID) -> HttpResponse:
    """One photograph, larger, with its words; or folded, while it is hidden from its owner."""
    photo = pages.own(request.account, photo_id)
    then = pages.own_all(request.account, request.GET.getlist("then"))
    page = pages.sheet_page(request, photo, then=then, at=timezone.now())
    return render(request, "drawer/sheet.html", {"page": page})


@require_POST
def describe(request: Request, photo_id: UUID) -> HttpResponse:
    """Save a photograph's description and caption, and go on with the next of those that were chosen."""
    photo = pages.own(request.account, photo_id)
    form = WordsForm(request.POST)
    if form.is_valid():
        descriptions.describe(photo, by=request.account, **form.cleaned_data)
        messages.info(request, _("The words are saved with it."))
    else:
        messages.info(request, _("These words are longer than there’s room for."))
    following = pages.own_all(request.account, request.POST.getlist("then"))
    if not following:
        return _back(photo)
    then = urlencode([("then", one.pk) for one in following[1:]])
    return redirect(f"{reverse('drawer_sheet', args=[following[0].pk])}?{then}")


@require_POST
def hide(request: Request, photo_id: UUID) -> HttpResponse:
    """Hide a photograph from oneself, or show it again."""
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        raise NotYours
    if request.POST.get("do") == "open":
        hidden.release(photo, account=request.account)
    else:
        hidden.hold(photo, account=request.account, at=timezone.now())
    if "sheet" in request.POST:
        return redirect("drawer_sheet", photo.pk)
    placed = getattr(photo, "placed", None)
    return redirect("edit_letter", placed.post_id) if placed else _back(photo)


@require_POST
def put_note_away(request: Request, photo_id: UUID) -> HttpResponse:
    """Dismiss the note about a photograph that was refused, or try that photograph again."""
    photo = pages.own(request.account, photo_id)
    if request.POST.get("do") == "again":
        developing.try_again(photo)
    else:
        developing.put_note_away(photo, by=request.account)
    return redirect("drawer")


@require_safe
def original(request: Request, photo_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """The account's own original, byte for byte, as a download under its own name."""
    found = originals.original(photo_id, of=request.account, before_each=require_session(request))
    answer = StreamingHttpResponse(found.pieces, content_type=found.media_type)
    answer.headers["Content-Length"] = str(found.size)
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=found.name
    )
    return answer


def require_session(request: Request) -> Callable[[], None]:
    """What raises `NothingToSee` once the session has ended."""
    me, session = request.account, request.session.session_key

    def require() -> None:
        if not sessions.is_alive(session, of=me, at=timezone.now()):
            raise NothingToSee

    return require


def _back(photo: Photo) -> HttpResponse:
    answer = redirect("drawer")
    answer.headers["Location"] += f"#photograph-{photo.pk}"
    return answer
