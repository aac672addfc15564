"""Uploads of photographs: the tus server, and the state of each."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from beside.people import budgets
from beside.photos.models import Photo, Upload
from beside.posts.letter_uploads import begin_upload
from beside.web import draft_ids
from beside.web.http import tus, tus_uploads
from beside.web.http.rate_limits import count_upload
from beside.web.http.request import Request
from beside.web.pages import upload_status


def index(request: Request) -> HttpResponse:
    """Begin an upload (tus); or the states of those whose ids are given (GET, JSON)."""
    if request.method != "GET":
        return _create(request)
    states = upload_status.states(
        Photo.objects.filter(uploader=request.account), request.GET.getlist("id")
    )
    return JsonResponse({"photographs": [one._asdict() for one in states]})


index.csrf_exempt = True  # type: ignore[attr-defined]


@tus.speaks_tus
def show(request: Request, upload_id: UUID) -> HttpResponse:
    """One upload: how far it is (HEAD), its next bytes (PATCH), its end (DELETE)."""
    if tus.method(request) == "OPTIONS":
        return tus.options()
    return tus_uploads.show(request, request.account, upload_id)


@tus.speaks_tus
def _create(request: Request) -> HttpResponse:
    def begin(metadata: dict[str, str], total_bytes: int) -> Upload | Photo:
        count_upload(request, budgets.UPLOADS_OF_PERSON, request.account.pk)
        post_id = tus.post_id(metadata)
        if post_id is not None:
            draft_ids.require_id(post_id, of=request.account)
        announced = tus_uploads.announced_in(metadata, total_bytes)
        return begin_upload(request.account, announced, post_id=post_id, at=timezone.now())

    return tus_uploads.create(request, begin, url_name="upload")
