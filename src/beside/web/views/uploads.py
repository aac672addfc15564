"""Photographs on their way: the tus server, and how each of them stands."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from beside.people.models import Account
from beside.photos import uploads
from beside.photos.models import Photo, Upload
from beside.photos.uploads import NoSuchUpload
from beside.posts import drafting
from beside.posts.authorship import locked
from beside.web.draft_ids import begun
from beside.web.http import tus
from beside.web.http.request import Request
from beside.web.http.tus import NotTus
from beside.web.pages import upload_status

# A page asks after the photographs that were picked with it, and never after all there are.
ASKED_AT_ONCE = 100


@tus.speaks_tus
def _create(request: Request) -> HttpResponse:
    if tus.method(request) == "OPTIONS":
        return tus.options()
    if tus.method(request) != "POST":
        raise NotTus(405, "OPTIONS, POST")
    upload = _begin(request)
    return created(request, upload, to=reverse("upload", args=[upload.pk]))


def created(request: Request, upload: Upload, *, to: str) -> HttpResponse:
    """Say that an upload has begun, which goes on at `to`, and take the bytes that came along."""
    offset = 0
    if tus.has_body(request):
        offset = _receive(request, upload, offset=0)
    answer = HttpResponse(status=201)
    answer.headers["Location"] = to
    answer.headers["Upload-Offset"] = str(offset)
    tus.tell_expiry(answer, upload)
    return answer


def collection(request: Request) -> HttpResponse:
    """Begin an upload (tus), or say how those stand that are asked after (GET, JSON)."""
    if request.method != "GET":
        return _create(request)
    ids = request.GET.getlist("id")[:ASKED_AT_ONCE]
    return JsonResponse({"photographs": upload_status.states(request.account, ids)})


collection.csrf_exempt = True  # type: ignore[attr-defined]


@tus.speaks_tus
def one(request: Request, upload_id: UUID) -> HttpResponse:
    """One upload: how far it is (HEAD), its next bytes (PATCH), its end (DELETE)."""
    if tus.method(request) == "OPTIONS":
        return tus.options()
    return answer(request, request.account, upload_id)


def answer(request: Request, account: Account, upload_id: UUID) -> HttpResponse:
    """What was asked of an upload of `account`; raises what `tus.speaks_tus` turns into answers."""
    asked = tus.method(request)
    if asked in ("HEAD", "GET"):
        return _head(account, upload_id)
    upload = _mine(account, upload_id)
    if asked == "PATCH":
        return _patch(request, upload)
    if asked != "DELETE":
        raise NotTus(405, "OPTIONS, HEAD, PATCH, DELETE")
    uploads.stop(upload, at=timezone.now())
    return HttpResponse(status=204)


def _begin(request: Request) -> Upload:
    said = tus.metadata(request)
    total, post_id, now = tus.number(request, "Upload-Length"), tus.post_id(said), timezone.now()
    name = said.get("filename") or said.get("name", "")
    with transaction.atomic():
        post = None
        if post_id is not None:
            # Before the keys, as by every act on a post.
            post = locked(begun(post_id, by=request.account, at=now), by=request.account)
        upload = uploads.begin(
            request.account, total, name_on_phone=name, closed="closed" in said, at=now
        )
        if post is not None:
            drafting.place(post, upload.photo, by=request.account)
    return upload


def _head(account: Account, upload_id: UUID) -> HttpResponse:
    received, total = uploads.progress(upload_id, by=account)
    answer = HttpResponse(status=200)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Upload-Offset"] = str(received)
    answer.headers["Upload-Length"] = str(total)
    photo = Photo.objects.filter(pk=upload_id).select_related("upload").first()
    if photo is not None:
        tus.tell_name(answer, photo.name_on_phone)
        if hasattr(photo, "upload"):
            tus.tell_expiry(answer, photo.upload)
    return answer


def _patch(request: Request, upload: Upload) -> HttpResponse:
    offset = _receive(request, upload, offset=tus.number(request, "Upload-Offset"))
    answer = HttpResponse(status=204)
    answer.headers["Upload-Offset"] = str(offset)
    tus.tell_expiry(answer, upload)
    return answer


def _receive(request: Request, upload: Upload, *, offset: int) -> int:
    if tus.body_size(request) > upload.total_bytes - offset >= 0:
        raise NotTus(413, "Upload-Length?")
    return uploads.receive(upload, request.read, offset=offset, at=timezone.now())


def _mine(account: Account, upload_id: UUID) -> Upload:
    upload = Upload.objects.select_related("photo").filter(pk=upload_id, account=account).first()
    if upload is None:
        raise NoSuchUpload
    return upload
