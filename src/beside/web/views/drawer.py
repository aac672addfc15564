"""The drawer: photographs and letters that an account has put here and shown to nobody."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.policy import NothingToSee
from beside.people import sessions
from beside.photos import descriptions, developing, hidden, originals
from beside.photos.hidden import NotYours
from beside.photos.models import Photo
from beside.posts import drafting
from beside.posts.authorship import own
from beside.posts.drafting import PutHereByAnother, ShownByAll
from beside.posts.models import Post
from beside.web.forms.drawer import WordsForm
from beside.web.http.multipart import takes_photographs
from beside.web.http.request import Request
from beside.web.pages import drawer as pages
from beside.web.views import form_uploads


@takes_photographs
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """What is in the drawer; and adding photographs."""
    if request.method == "POST":
        return form_uploads.into_drawer(request)
    before = _photo_named(request, request.GET.get("before", ""))
    letter = _letter_named(request, request.GET.get("letter", ""))
    page = pages.drawer_page(request, before=before, letter=letter, at=timezone.now())
    return render(request, "drawer/index.html", {"page": page})


@require_safe
def show(request: Request, photo_id: UUID) -> HttpResponse:
    """One photograph that has just arrived, as a part of the drawer's page."""
    photo = pages.own(request.account, photo_id)
    (one,) = pages.kept(request, [photo], at=timezone.now())
    return render(request, "drawer/_photograph.html", {"one": one})


@require_POST
def describe(request: Request, photo_id: UUID) -> HttpResponse:
    """Save a photograph's description and caption."""
    photo = pages.own(request.account, photo_id)
    form = WordsForm(request.POST)
    if form.is_valid():
        descriptions.describe(photo, by=request.account, **form.cleaned_data)
        messages.info(request, _("The words are saved with it."))
    else:
        messages.info(request, _("These words are longer than there’s room for."))
    return _back(photo)


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


@require_POST
def begin_letter(request: Request) -> HttpResponse:
    """Put the photographs that were ticked in the letter that is named, or in a new one; oldest first."""
    chosen = [pages.own(request.account, _id(text)) for text in request.POST.getlist("photo")]
    letter = _letter_named(request, request.POST.get("letter", ""))
    try:
        with transaction.atomic():
            post = letter or drafting.begin(uuid.uuid4(), by=request.account, at=timezone.now())
            for photo in sorted(chosen, key=lambda one: one.uploaded_at):
                drafting.place(post, photo, by=request.account)
    except (PutHereByAnother, ShownByAll) as refusal:
        messages.info(request, str(refusal))
        return redirect("drawer")
    return redirect("edit_letter", post.pk)


@require_safe
def original(request: Request, photo_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """The account's own original, byte for byte, as a download under its own name."""
    found = originals.original(photo_id, of=request.account, before_each=_require_session(request))
    answer = StreamingHttpResponse(found.pieces, content_type=found.media_type)
    answer.headers["Content-Length"] = str(found.size)
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=found.name
    )
    return answer


def _require_session(request: Request) -> Callable[[], None]:
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


def _photo_named(request: Request, text: str) -> Photo | None:
    return pages.own(request.account, _id(text)) if text else None


def _letter_named(request: Request, text: str) -> Post | None:
    return own(request.account, _id(text)) if text else None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NothingToSee from None
