"""The tus 1.0 protocol: its headers, and a status and a sentence for every refusal.

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
from beside.photos.quota import EmptyFile, NoRoom, PlaceBusy, TooLarge, TooManyOpen
from beside.photos.uploads import NoSuchUpload, OffsetElsewhere
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.sealing import UploadAltered
from beside.photos.vault.store import PartBusy
from beside.posts.authorship import NotAnAuthor
from beside.posts.drafting import LiesElsewhere, PutHereByAnother, ShownByAll
from beside.posts.letter_uploads import AlreadyHere
from beside.web.http.csrf import is_from_our_own_page
from beside.web.http.rate_limits import TooManyUploads

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,termination"
BYTES = uploads.MEDIA_TYPE

View = Callable[..., HttpResponse]


class NotTus(Exception):
    """A request that the protocol doesn't allow, with the answer's `status` and text."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status


# The HTTP status of each domain exception; its message is the body.
STATUSES: dict[type[Exception], int] = {
    EmptyFile: 400,
    AlreadyHere: 409,
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
    PlaceBusy: 429,
    TooManyOpen: 429,
    TooManyUploads: 429,
    NoSuchEpoch: 503,
    CannotKeep: 503,
    PlaceIsFull: 507,
}
NOTHING_HERE = (NoSuchUpload, NotAnAuthor, KeyDestroyed)


def speaks_tus(view: View) -> View:
    """Let a view speak tus: the protocol version is checked first, and every answer states it.

    CSRF tokens aren't needed: no form can send the header `Tus-Resumable`, and no other site may,
    because nothing here answers a CORS preflight request.
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
            answer = refused(refusal)
        answer.headers["Tus-Resumable"] = VERSION
        return answer

    return speaking


def is_spoken(request: HttpRequest) -> bool:
    """Whether a program that speaks tus asks, which shows no pages to anybody."""
    return "Tus-Resumable" in request.headers


def refused(refusal: Exception) -> HttpResponse:
    """The answer for a refusal that has its line in `STATUSES`."""
    answer = say(STATUSES[type(refusal)], str(refusal))
    answer.headers["Tus-Resumable"] = VERSION
    if isinstance(refusal, AlreadyHere):
        answer.headers["Beside-Already-Here"] = (
            "1"  # Our own page then offers to send it all the same.
        )
    return answer


def method(request: HttpRequest) -> str:
    """The method the client means: some networks let only GET and POST through."""
    return request.headers.get("X-HTTP-Method-Override", request.method or "").upper()


def say(status: int, words: str = "") -> HttpResponse:
    """An answer in plain text."""
    answer = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    if status == 412:
        answer.headers["Tus-Version"] = VERSION
    return answer


def options() -> HttpResponse:
    """The answer to OPTIONS: the versions and extensions that this server supports."""
    answer = HttpResponse(status=204)
    answer.headers["Tus-Version"] = VERSION
    answer.headers["Tus-Extension"] = EXTENSIONS
    answer.headers["Tus-Max-Size"] = str(settings.BESIDE.upload_max_bytes)
    return answer


def number(request: HttpRequest, header: str) -> int:
    """The non-negative integer in `header`. Raises `NotTus`."""
    text = request.headers.get(header, "")
    # `isdecimal` also accepts the digits of other scripts, and no file's size has twenty digits.
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
    """Whether the request that creates an upload also carries its first bytes."""
    return request.headers.get("Content-Type", "").startswith(BYTES)


def metadata(request: HttpRequest) -> dict[str, str]:
    """What the client says about the file, by key. Raises `NotTus`."""
    said = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _space, value = pair.strip().partition(" ")
        try:
            said[key] = b64decode(value.strip(), validate=True).decode("utf-8", "replace")
        except NotBase64:
            raise NotTus(400, "Upload-Metadata?") from None
    return said


def post_id(said: dict[str, str]) -> UUID | None:
    """The letter that the photograph is for, if any. Raises `NotTus`."""
    try:
        return UUID(said["post"]) if said.get("post") else None
    except ValueError:
        raise NotTus(400, "Upload-Metadata: post?") from None


def tell_expiry(answer: HttpResponse, upload: Upload) -> None:
    """Add until when the upload can be resumed."""
    answer.headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())


def tell_name(answer: HttpResponse, name: str) -> None:
    """Add the file's name, as the protocol asks."""
    if name:
        answer.headers["Upload-Metadata"] = "filename " + b64encode(name.encode()).decode()


def _require_tus(request: HttpRequest) -> None:
    if not is_from_our_own_page(request):
        raise NotTus(400, "Origin?")
    if method(request) != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
        raise NotTus(412, f"Tus-Resumable: {VERSION}")
