"""Photographs on their way through a deposit link: the same tus server, for whoever has opened the link.

An upload's id is known to whoever began it, and to nobody else; with another link's visit it opens nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.access.policy import NothingToSee
from beside.photos import deposits, uploads
from beside.photos.deposits import NotOpen
from beside.photos.models import Photo, Upload
from beside.photos.uploads import NoSuchUpload
from beside.web.http import deposit_session, tus
from beside.web.http.deposit_session import Sent, Visit
from beside.web.http.multipart import Came
from beside.web.http.request import Request
from beside.web.http.tus import NotTus
from beside.web.pages import upload_status
from beside.web.views import uploads as upload_views


@tus.speaks_tus
def _create(request: Request) -> HttpResponse:
    if tus.method(request) == "OPTIONS":
        return tus.options()
    if tus.method(request) != "POST":
        raise NotTus(405, "OPTIONS, POST")
    now = timezone.now()
    visit = deposit_session.visit(request, at=now)
    said = tus.metadata(request)
    name = uploads.shown_name(said.get("filename") or said.get("name", ""))
    total = tus.number(request, "Upload-Length")
    upload = deposits.begin(visit.link, total, name=name, at=now)
    deposit_session.remember(request, [Came(name, upload.photo)])
    return upload_views.created(request, upload, to=reverse("deposit_upload", args=[upload.pk]))


@login_not_required
def collection(request: Request) -> HttpResponse:
    """Begin an upload (tus), or say how those stand that are asked after (GET, JSON)."""
    if request.method != "GET":
        return _create(request)
    try:
        visit = deposit_session.visit(request, at=timezone.now())
    except NotOpen:
        return JsonResponse({"photographs": []})
    ids = request.GET.getlist("id")[: upload_views.ASKED_AT_ONCE]
    through = Photo.objects.filter(deposited_through=visit.link)
    return JsonResponse({"photographs": upload_status.states_of(through, ids)})


collection.csrf_exempt = True  # type: ignore[attr-defined]


@login_not_required
@tus.speaks_tus
def one(request: Request, upload_id: UUID) -> HttpResponse:
    """One upload: how far it is (HEAD), its next bytes (PATCH), its end (DELETE)."""
    if tus.method(request) == "OPTIONS":
        return tus.options()
    now = timezone.now()
    visit = deposit_session.visit(request, at=now)
    if not _through(visit, upload_id):
        raise NoSuchUpload
    answer = upload_views.answer(request, visit.link.keeper, upload_id)
    if not Upload.objects.filter(pk=upload_id).exists() and _through(visit, upload_id):
        deposits.tell_keeper(visit.link, since=visit.since, at=now)
    return answer


@login_not_required
@require_safe
def line(request: Request, photo_id: UUID) -> HttpResponse:
    """Whether one of them was kept, as a part of the page: it has just arrived."""
    visit = _visit(request, at=timezone.now())
    photo = Photo.objects.filter(pk=photo_id, deposited_through=visit.link).first()
    if photo is None:
        raise NothingToSee
    sent = Sent(photo.name_on_phone, deposit_session.says_of(photo))
    return render(request, "deposits/_sent.html", {"one": sent})


def _visit(request: Request, *, at: datetime) -> Visit:
    try:
        return deposit_session.visit(request, at=at)
    except NotOpen:
        raise NothingToSee from None


def _through(visit: Visit, photo_id: UUID) -> bool:
    return Photo.objects.filter(pk=photo_id, deposited_through=visit.link).exists()
