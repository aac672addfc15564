"""A tus server's answers, whoever uploads: beginning an upload, how far it is, its next bytes, its end."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from beside.people.models import Account
from beside.photos import uploads
from beside.photos.duplicates import HASH_BYTES
from beside.photos.models import Photo, Upload
from beside.photos.uploads import NoSuchUpload
from beside.posts.letter_uploads import Announced
from beside.web.http import tus
from beside.web.http.request import Request
from beside.web.http.tus import NotTus

# Takes the upload's metadata and its length in bytes. A photograph is one that is here already, whole.
Begin = Callable[[dict[str, str], int], Upload | Photo]


def create(request: Request, begin: Begin, *, url_name: str) -> HttpResponse:
    """Begin an upload with `begin`; it goes on at `url_name`. Takes the bytes that came with the request.

    Raises what `tus.speaks_tus` turns into answers.
    """
    if tus.method(request) == "OPTIONS":
        return tus.options()
    if tus.method(request) != "POST":
        raise NotTus(405, "OPTIONS, POST")
    begun = begin(tus.metadata(request), tus.number(request, "Upload-Length"))
    answer = HttpResponse(status=201)
    answer.headers["Location"] = reverse(url_name, args=[begun.pk])
    if isinstance(begun, Photo):
        answer.headers["Upload-Offset"] = str(begun.original_bytes)
        return answer
    offset = begun.received_bytes
    if tus.has_body(request) and not offset:
        offset = _receive(request, begun, offset=0)
    answer.headers["Upload-Offset"] = str(offset)
    tus.tell_expiry(answer, begun)
    return answer


def name_in(metadata: dict[str, str]) -> str:
    """The file's name as the client says it, or nothing."""
    return metadata.get("filename") or metadata.get("name", "")


def announced_in(metadata: dict[str, str], total_bytes: int) -> Announced:
    """What our own page says of a file: its name, whether to hide it, its hash, and whether to send it all the same."""
    return Announced(
        total_bytes,
        name_on_phone=name_in(metadata),
        closed="closed" in metadata,
        content_hash=_hash_in(metadata),
        again="again" in metadata,
    )


def _hash_in(metadata: dict[str, str]) -> bytes | None:
    """The `ContentHash`; None for anything that is none, so that the file simply comes."""
    try:
        found = bytes.fromhex(metadata.get("hash", ""))
    except ValueError:
        return None
    return found if len(found) == HASH_BYTES else None


def show(request: Request, account: Account, upload_id: UUID) -> HttpResponse:
    """Answer a request about one upload of `account`. Raises what `tus.speaks_tus` turns into answers."""
    asked = tus.method(request)
    if asked in ("HEAD", "GET"):
        return _head(account, upload_id)
    upload = _own(account, upload_id)
    if asked == "PATCH":
        return _patch(request, upload)
    if asked != "DELETE":
        raise NotTus(405, "OPTIONS, HEAD, PATCH, DELETE")
    uploads.stop(upload, at=timezone.now())
    return HttpResponse(status=204)


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


def _own(account: Account, upload_id: UUID) -> Upload:
    upload = Upload.objects.select_related("photo").filter(pk=upload_id, account=account).first()
    if upload is None:
        raise NoSuchUpload
    return upload
