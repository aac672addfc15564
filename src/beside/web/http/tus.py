"""The tus 1.0 protocol: headers read and written, and every refusal as a status and a sentence.

https://tus.io/protocols/resumable-upload: the core, creation, creation-with-upload, termination, expiration.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from beside.front import uploads
from beside.photos.deposits import LinkFull, NoRoomThere, NotOpen
from beside.photos.disk_full import CannotKeep, PlaceIsFull
from beside.photos.models import Upload
from beside.photos.quota import EmptyFile, NoRoom, TooLarge, TooManyOpen
from beside.photos.uploads import NoSuchUpload, OffsetElsewhere
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.sealing import UploadAltered
from beside.photos.vault.store import PartBusy
from beside.posts.authorship import NotAnAuthor
from beside.posts.drafting import LiesElsewhere, PutHereByAnother, ShownByAll
from beside.web.http.multipart import is_from_our_own_page

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,termination"
BYTES = uploads.MEDIA_TYPE

View = Callable[..., HttpResponse]


class NotTus(Exception):
    """A request that the protocol doesn't allow: `status` and what the answer says."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status


# What each refusal of the domain is called in HTTP; its sentence is the body.
STATUSES: dict[type[Exception], int] = {
    EmptyFile: 400,
    LiesElsewhere: 409,
    PutHereByAnother: 409,
    ShownByAll: 409,
    OffsetElsewhere: 409,
    NotOpen: 410,
    UploadAltered: 410,
    LinkFull: 413,
    NoRoomThere: 413,
    TooLarge: 413,
    NoRoom: 413,
    PartBusy: 423,
    TooManyOpen: 429,
    NoSuchEpoch: 503,
    CannotKeep: 503,
    PlaceIsFull: 507,
}
NOTHING_HERE = (NoSuchUpload, NotAnAuthor, KeyDestroyed)


def speaks_tus(view: View) -> View:
    """Let a view speak tus: the version is checked before it, and every answer carries it.

    No form can send the header `Tus-Resumable`, and no other site may, since nothing here answers
    its browser's question whether it might (CORS). So clients that know no token are as safe.
    """

    @csrf_exempt
    @wraps(view)
    def speaking(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            _require_tus(request)
            answer = view(request, *args, **kwargs)
        except NotTus as refusal:
            answer = say(refusal.status, str(refusal))
        except NOTHING_HERE:
            answer = say(404, _("There’s nothing at this address."))
        except tuple(STATUSES) as refusal:
            answer = say(STATUSES[type(refusal)], str(refusal))
        answer.headers["Tus-Resumable"] = VERSION
        return answer

    return speaking


def method(request: HttpRequest) -> str:
    """The method that is meant: some networks let nothing but GET and POST through."""
    return request.headers.get("X-HTTP-Method-Override", request.method or "").upper()


def say(status: int, words: str = "") -> HttpResponse:
    """An answer in plain text."""
    answer = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    if status == 412:
        answer.headers["Tus-Version"] = VERSION
    return answer


def options() -> HttpResponse:
    """What this server can do."""
    answer = HttpResponse(status=204)
    answer.headers["Tus-Version"] = VERSION
    answer.headers["Tus-Extension"] = EXTENSIONS
    answer.headers["Tus-Max-Size"] = str(settings.BESIDE.upload_max_bytes)
    return answer


def number(request: HttpRequest, header: str) -> int:
    """The whole number in `header`, not below nought; raises `NotTus`."""
    text = request.headers.get(header, "")
    # `isdecimal` also knows the figures of other scripts, and no file has twenty digits of bytes.
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise NotTus(400, f"{header}?")
    return int(text)


def body_size(request: HttpRequest) -> int:
    """How many bytes the client means to send; a body of unknown length can't be taken. Raises `NotTus`.

    The front hands a long body on in pieces, and says with each how much is still to come.
    """
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != BYTES:
        raise NotTus(415, f"Content-Type: {BYTES}")
    if not request.META.get("CONTENT_LENGTH"):
        raise NotTus(411, "Content-Length?")
    announced: int | None = request.META.get(uploads.ANNOUNCED)
    return number(request, "Content-Length") if announced is None else announced


def has_body(request: HttpRequest) -> bool:
    """Whether the first bytes come along with the creation."""
    return request.headers.get("Content-Type", "").startswith(BYTES)


def metadata(request: HttpRequest) -> dict[str, str]:
    """What the client says of the file; raises `NotTus`."""
    said = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _space, value = pair.strip().partition(" ")
        try:
            said[key] = b64decode(value.strip(), validate=True).decode("utf-8", "replace")
        except NotBase64:
            raise NotTus(400, "Upload-Metadata?") from None
    return said


def post_id(said: dict[str, str]) -> UUID | None:
    """The letter that the photograph is for, if it is for one; raises `NotTus`."""
    try:
        return UUID(said["post"]) if said.get("post") else None
    except ValueError:
        raise NotTus(400, "Upload-Metadata: post?") from None


def tell_expiry(answer: HttpResponse, upload: Upload) -> None:
    """Say until when the upload can be gone on with."""
    answer.headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())


def tell_name(answer: HttpResponse, name: str) -> None:
    """Give the name back, as the protocol asks for."""
    if name:
        answer.headers["Upload-Metadata"] = "filename " + b64encode(name.encode()).decode()


def _require_tus(request: HttpRequest) -> None:
    if not is_from_our_own_page(request):
        raise NotTus(400, "Origin?")
    if method(request) != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
        raise NotTus(412, f"Tus-Resumable: {VERSION}")
