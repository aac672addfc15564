"""Uploads through a deposit link: the same tus server, for the browser that has opened the link.

Only the browser that began an upload knows its id; with a visit by another link the id opens nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.access.policy import NothingToSee
from beside.photos import deposits, file_names
from beside.photos.deposits import NotOpen
from beside.photos.models import Photo, Upload
from beside.photos.uploads import NoSuchUpload
from beside.web.http import deposit_session, tus, tus_uploads
from beside.web.http.deposit_session import Visit
from beside.web.http.multipart import Came
from beside.web.http.request import Request
from beside.web.pages import deposits as deposits_page
from beside.web.pages import upload_status


@login_not_required
def index(request: Request) -> HttpResponse:
    """Begin an upload (tus); or the states of those whose ids are given (GET, JSON)."""
    if request.method != "GET":
        return _create(request)
    try:
        visit = deposit_session.visit(request, at=timezone.now())
    except NotOpen:
        return JsonResponse({"photographs": []})
    through = Photo.objects.filter(deposited_through=visit.link)
    states = upload_status.states(through, request.GET.getlist("id"))
    return JsonResponse({"photographs": [one._asdict() for one in states]})


index.csrf_exempt = True  # type: ignore[attr-defined]


@login_not_required
@tus.speaks_tus
def show(request: Request, upload_id: UUID) -> HttpResponse:
    """One upload: how far it is (HEAD), its next bytes (PATCH), its end (DELETE)."""
    if tus.method(request) == "OPTIONS":
        return tus.options()
    now = timezone.now()
    visit = deposit_session.visit(request, at=now)
    if not _through(visit, upload_id):
        raise NoSuchUpload
    answer = tus_uploads.show(request, visit.link.keeper, upload_id)
    if not Upload.objects.filter(pk=upload_id).exists() and _through(visit, upload_id):
        deposits.tell_keeper(visit.link, since=visit.since, at=now)
    return answer


@login_not_required
@require_safe
def status(request: Request, photo_id: UUID) -> HttpResponse:
    """Whether a photograph that has just arrived was kept, as a part of the page."""
    visit = _visit(request, at=timezone.now())
    photo = Photo.objects.filter(pk=photo_id, deposited_through=visit.link).first()
    if photo is None:
        raise NothingToSee
    return render(request, "deposits/_sent.html", {"one": deposits_page.sent_photo(photo)})


@tus.speaks_tus
def _create(request: Request) -> HttpResponse:
    now = timezone.now()
    visit = deposit_session.visit(request, at=now)

    def begin(metadata: dict[str, str], total_bytes: int) -> Upload:
        name = file_names.shown_name(tus_uploads.name_in(metadata))
        upload = deposits.begin(visit.link, total_bytes, name=name, at=now)
        deposit_session.remember(request, [Came(name, upload.photo)])
        return upload

    return tus_uploads.create(request, begin, url_name="deposit_upload")


def _visit(request: Request, *, at: datetime) -> Visit:
    try:
        return deposit_session.visit(request, at=at)
    except NotOpen:
        raise NothingToSee from None


def _through(visit: Visit, photo_id: UUID) -> bool:
    return Photo.objects.filter(pk=photo_id, deposited_through=visit.link).exists()
