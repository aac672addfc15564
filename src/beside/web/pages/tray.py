"""The photographs of a letter that is being written, as small prints with the state of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beside.access import capability
from beside.access.policy import SeenPhoto, photographs_of
from beside.people import formats
from beside.photos import duplicates, hidden
from beside.photos.intake import KEPT, Notice, Refusal, sentence
from beside.photos.models import Photo, Upload
from beside.posts import autosave, removed_photos
from beside.posts.authorship import NotAnAuthor
from beside.posts.markup import PhotographLine, parts
from beside.posts.models import Post, RemovedPhoto
from beside.posts.text import PhotoText, Text
from beside.web import numbers
from beside.web.http.request import Request

SMALL = "w480"
# More than so many are shown smaller.
MANY = 12


@dataclass(frozen=True)
class Tile:
    """One photograph as a small print. `address` is empty while it may not be shown to this author.

    `state` is "ready", "hidden", "coming", "developing", "refused" or "kept": refused for now, with its
    original kept. `percent` is how much of it has come; `reason` says why it was refused. `is_waiting`
    says that it is this author's own upload and hasn't come yet. `note` is about its file. `name` is the file's, for its uploader.
    `is_repeated`: its uploader had put the same file here before.
    """

    id: UUID
    post_id: UUID
    number: int
    state: str
    address: str
    width: int | None
    height: int | None
    words: PhotoText
    percent: int | None
    reason: str
    note: str
    name: str
    is_in_words: bool
    is_waiting: bool
    is_own: bool
    is_repeated: bool
    is_turning: bool

    @property
    def is_here(self) -> bool:
        """Whether all of it is on the server and can be shown, now or soon."""
        return self.state in ("ready", "hidden", "developing")

    @property
    def is_refused(self) -> bool:
        """Whether it can't be opened, at least for now."""
        return self.state in ("refused", "kept")

    @property
    def is_undescribed(self) -> bool:
        """Whether it needs a description that this author can give."""
        return self.state in ("ready", "developing") and not self.words.description.strip()


@dataclass(frozen=True)
class Tray:
    """All photographs of a letter, in order, with what the section says about them.

    `waiting` are this author's uploads that haven't come; `removed` can be put back.
    """

    tiles: Sequence[Tile] = ()
    removed: RemovedPhoto | None = None

    @property
    def shown(self) -> list[Tile]:
        """Those with a place among the prints."""
        return [tile for tile in self.tiles if not tile.is_waiting]

    @property
    def waiting(self) -> list[Tile]:
        """Those of this author's that haven't come yet."""
        return [tile for tile in self.tiles if tile.is_waiting]

    @property
    def waiting_says(self) -> str:
        """ "19 of 30 haven’t come yet." """
        count, total = len(self.waiting), len(self.tiles)
        said = ngettext(
            "%(number)s of %(total)s hasn’t come yet.",
            "%(number)s of %(total)s haven’t come yet.",
            count,
        )
        words = {"number": numbers.in_words(count), "total": numbers.in_words(total)}
        return numbers.capital(said % words)

    @property
    def is_many(self) -> bool:
        """Whether the prints are smaller."""
        return len(self.tiles) > MANY

    @property
    def says(self) -> str:
        """How many are on the server, and how many aren't."""
        return _tray_in_words(self.tiles)

    @property
    def hint(self) -> str:
        """How many have no description yet; empty if all have."""
        count = sum(tile.is_undescribed for tile in self.tiles)
        if not count:
            return ""
        said = ngettext(
            "%(number)s has no description yet.", "%(number)s have no description yet.", count
        )
        return numbers.capital(said % {"number": numbers.in_words(count)})

    @property
    def first(self) -> UUID | None:
        """The photograph with which describing them begins."""
        shown = [tile for tile in self.shown if not tile.is_refused]
        undescribed = [tile for tile in shown if tile.is_undescribed]
        return next((tile.id for tile in [*undescribed, *shown]), None)


def tray(request: Request, post: Post, says: Text, *, at: datetime) -> Tray:
    """The photographs of a letter whose author is writing `says`."""
    return Tray(
        tiles_of(request, post, says, at=at),
        removed_photos.latest(post, by=request.account, at=at),
    )


def tile_of(request: Request, post: Post, photo_id: UUID, *, at: datetime) -> Tile:
    """One photograph of the letter; raises `NotAnAuthor` if it isn't in it."""
    says = autosave.current_text(post, by=request.account)
    tiles = tiles_of(request, post, says, at=at)
    found = next((tile for tile in tiles if tile.id == photo_id), None)
    if found is None:
        raise NotAnAuthor
    return found


def tiles_of(request: Request, post: Post, says: Text, *, at: datetime) -> list[Tile]:
    """The photographs of a letter, in order, for the author `request.account`, who is writing `says`.

    Each table is read once: a photograph may come, or be taken out, between any two statements.
    """
    photos = list(photographs_of(post, request.viewer, at=at).select_related("placed"))
    hidden_ids = hidden.hidden_from(request.account, [photo.pk for photo in photos])
    uploads = {one.photo_id: one for one in Upload.objects.filter(photo__in=photos)}
    repeated = duplicates.repeated(photos, by=request.account)
    in_words = _numbers_in(says["words"], [photo.placed.number for photo in photos])
    return [
        _tile(
            request,
            photo,
            _words_of(photo, says.photos),
            is_hidden=photo.pk in hidden_ids,
            upload=uploads.get(photo.pk),
            is_in_words=photo.placed.number in in_words,
            is_repeated=photo.pk in repeated,
            at=at,
        )
        for photo in photos
    ]


def _words_of(photo: SeenPhoto, saved: Mapping[UUID, PhotoText]) -> PhotoText:
    own = PhotoText(photo.description, photo.caption, photo.placed.beside_previous)
    return saved.get(photo.pk, own)


def _numbers_in(words: str, given: Sequence[int]) -> set[int]:
    """The numbers of the photographs that have a line among the words."""
    if "[" not in words:
        return set()
    return {one.number for one in parts(words, given) if isinstance(one, PhotographLine)}


def _tile(  # noqa: PLR0913 -- each is one of the tables that were read
    request: Request,
    photo: SeenPhoto,
    words: PhotoText,
    *,
    is_hidden: bool,
    upload: Upload | None,
    is_in_words: bool,
    is_repeated: bool,
    at: datetime,
) -> Tile:
    is_own = photo.uploader_id == request.account.pk
    state = _state(photo, is_hidden=is_hidden)
    return Tile(
        id=photo.pk,
        post_id=photo.placed.post_id,
        number=photo.placed.number,
        state=state,
        address=capability.issue(photo, SMALL, viewer=request.viewer, at=at)
        if photo.is_open
        else "",
        width=photo.width,
        height=photo.height,
        words=words,
        percent=100 * upload.received_bytes // upload.total_bytes if upload else None,
        reason=sentence(Refusal(photo.refusal)) if photo.refusal else "",
        note=sentence(Notice(photo.notice)) if photo.notice and state == "ready" else "",
        name=photo.name_on_phone if is_own and (not is_hidden or state == "coming") else "",
        is_in_words=is_in_words,
        is_waiting=state == "coming" and is_own,
        is_own=is_own,
        is_repeated=is_repeated,
        is_turning=photo.is_turning,
    )


def _state(photo: SeenPhoto, *, is_hidden: bool) -> str:
    if photo.state == Photo.State.RECEIVING:
        return "coming"
    if photo.state == Photo.State.REFUSED:
        return "kept" if photo.refusal in KEPT else "refused"
    if is_hidden:
        return "hidden"
    return "developing" if photo.state == Photo.State.RECEIVED else "ready"


def _tray_in_words(tiles: Sequence[Tile]) -> str:
    """ "Six are on the server ✓, one is on its way. You can keep writing." """
    here = sum(tile.is_here for tile in tiles)
    if here and here == len(tiles):
        if here == 1:
            return _("It’s on the server ✓.")
        return _("All %(number)s are on the server ✓.") % {"number": numbers.in_words(here)}
    waiting = sum(tile.is_waiting for tile in tiles)
    coming = sum(tile.state == "coming" for tile in tiles) - waiting
    refused = sum(tile.is_refused for tile in tiles)
    counted = [
        (here, ngettext("%(n)s is on the server ✓", "%(n)s are on the server ✓", here)),
        (coming, ngettext("%(n)s is on its way", "%(n)s are on their way", coming)),
        (waiting, ngettext("%(n)s hasn’t come yet", "%(n)s haven’t come yet", waiting)),
        (refused, ngettext("%(n)s can’t be opened", "%(n)s can’t be opened", refused)),
    ]
    said = [words % {"n": numbers.in_words(count)} for count, words in counted if count]
    line = numbers.capital(formats.listed(said, style="unit")) + "." if said else ""
    return _("%(line)s You can keep writing.") % {"line": line} if coming else line
