"""Photographs in a plain form: each file is sealed into the vault while it streams, and is written nowhere else.

`SealingUploadHandler` is the only way in which Django takes a file. On every page but those wrapped in
`takes_photographs` it discards the bytes as they come.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from beside.people import budgets, names
from beside.photos import uploads
from beside.photos.deposits import LinkFull, NotOpen
from beside.photos.disk_full import CannotKeep, PlaceIsFull
from beside.photos.form_uploads import Arrival
from beside.photos.models import Photo
from beside.photos.quota import EmptyFile, NoRoom, TooLarge, TooManyOpen
from beside.web.http.csrf import csrf_lapsed, is_from_our_own_page
from beside.web.http.rate_limits import TooManyUploads, count_upload
from beside.web.http.request import Request

FIELD = "photographs"
NOT_KEPT = (
    *(EmptyFile, NoRoom, TooLarge, TooManyOpen, TooManyUploads),
    *(PlaceIsFull, CannotKeep, LinkFull, NotOpen),
)

View = Callable[..., HttpResponse]
Begin = Callable[[str], Arrival]


@dataclass(frozen=True, slots=True)
class Came:
    """One file of a form: the photograph it became, or the sentence that says why it didn't."""

    name: str
    photo: Photo | None = None
    says: str = ""


class SealingUploadHandler(FileUploadHandler):
    """Seals each file of one form as it arrives. A file that can't be kept never stops the others."""

    def __init__(self, request: HttpRequest | None = None, *, begin: Begin | None = None) -> None:
        super().__init__(request)
        self.came: list[Came] = []
        self.was_cut_off = False
        self.were_taken = False
        self._begin = begin
        self._arrival: Arrival | None = None
        self._name = ""
        self._says = ""

    def new_file(self, field_name: str, file_name: str, *args: object, **kwargs: object) -> None:
        """Begin a file, unless this page takes none."""
        if self._begin is None or field_name != FIELD:
            raise SkipFile
        self._name, self._says, self._arrival = names.of_file(file_name), "", None
        if len(self.came) >= settings.BESIDE.upload_max_photographs:
            self._says = _("That’s more than can be put here at once. Choose it again in a moment.")
            return
        try:
            self._arrival = self._begin(file_name)
        except NOT_KEPT as refusal:
            self._says = str(refusal)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Seal the next bytes. Nothing is ever handed on to another handler."""
        if self._arrival is not None:
            try:
                self._arrival.write(raw_data)
            except NOT_KEPT as refusal:
                self._give_up(str(refusal))
        return None

    def file_complete(self, file_size: int) -> None:
        """Keep the photograph. The form is given no file: the view calls `came`."""
        photo = None
        if self._arrival is not None:
            try:
                photo = self._arrival.finish()
            except NOT_KEPT as refusal:
                self._give_up(str(refusal))
        self._arrival = None
        self.came.append(Came(self._name, photo, self._says))

    def upload_interrupted(self) -> None:
        """The line broke in the middle of a file: what came before it is whole, and stays."""
        self.was_cut_off = True
        if self._arrival is not None:
            self._give_up(_("It stopped part of the way, when the line dropped."))
            self.came.append(Came(self._name, None, self._says))

    def undo(self) -> None:
        """Destroy what came with a form that wasn't ours, unless it was cut off: then nobody can tell."""
        if not self.was_cut_off:
            uploads.discard([one.photo for one in self.came if one.photo], at=timezone.now())

    def _give_up(self, says: str) -> None:
        assert self._arrival is not None
        # Destroying its keys writes to the disk as well. Where even that fails, the upload expires.
        with suppress(PlaceIsFull, CannotKeep):
            self._arrival.stop(at=timezone.now())
        self._arrival, self._says = None, says


def takes_photographs(view: View) -> View:
    """Let a page take photographs in a form with the usual CSRF token.

    The token may come after the files in the body; photographs that came with a wrong token are
    destroyed again. So what the browser says about where the form came from is checked before
    a byte is read.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def taking(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return protected(request, *args, **kwargs)
        if not is_from_our_own_page(request):
            return csrf_lapsed(request)
        return take(protected, request, _for_account(request), *args, **kwargs)

    return taking


def takes_shared_photographs(view: View) -> View:
    """The same for what a phone's own "Share" sends, which has no token, so only the browser's word counts."""

    @csrf_exempt
    @wraps(view)
    def taking(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if request.headers.get("Sec-Fetch-Site") not in ("none", "same-origin"):
            return csrf_lapsed(request)
        return take(view, request, _for_account(request), *args, **kwargs)

    return taking


def came(request: Request) -> list[Came]:
    """The files of this request's form, in the order in which they were picked."""
    len(request.POST)
    handler = request.upload_handlers[0]
    assert isinstance(handler, SealingUploadHandler)
    handler.were_taken = True
    return handler.came


def take(
    view: View, request: Request, begin: Begin, *args: object, **kwargs: object
) -> HttpResponse:
    """Answer with `view`, beginning each file of the form with `begin`; what `view` doesn't ask for is destroyed."""
    handler = SealingUploadHandler(request, begin=begin)
    request.upload_handlers = [handler]
    answer = view(request, *args, **kwargs)
    if not handler.were_taken:
        handler.undo()
    return answer


def _for_account(request: Request) -> Begin:
    def begin(name: str) -> Arrival:
        count_upload(request, budgets.UPLOADS_OF_PERSON, request.account.pk)
        return Arrival(request.account, name_on_phone=name, at=timezone.now())

    return begin
