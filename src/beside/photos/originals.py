"""Downloading an original, byte for byte as it was uploaded. Only its holders can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from beside.people.models import Account
from beside.photos.file_names import safe_name
from beside.photos.hidden import NotYours
from beside.photos.models import HiddenPhoto, Hold, KeyEpoch, Photo
from beside.photos.original_pieces import open_original
from beside.photos.vault import keyring
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.sealing import Identity, read_segments
from beside.photos.vault.store import BlobMissing, Readable

_MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "heic": "image/heic",
}
_UNKNOWN = "application/octet-stream"


def _allow() -> None:
    """Raise nothing."""


@dataclass(frozen=True, slots=True)
class Original:
    """An original as a download. Each piece is authenticated as it is read; `size` is in bytes.

    `name` is the file's own, made safe (`file_names`).
    """

    name: str
    media_type: str
    size: int
    pieces: Pieces


def original(photo_id: UUID, *, of: Account, before_each: Callable[[], None] = _allow) -> Original:
    """The original that `of` holds.

    Raises `NotYours` if `of` doesn't hold it, has hidden it, or if it hasn't arrived in full. This is checked
    again before each piece is read, and so is `before_each`, which may raise to end the download.
    """
    photo = available_to(of).filter(pk=photo_id).first()
    if photo is None:
        raise NotYours

    def require_still() -> None:
        before_each()
        require_available(photo_id, to=of)

    try:
        pieces = pieces_of(photo, before_each=require_still)
    except (KeyDestroyed, BlobMissing):
        raise NotYours from None
    media_type = _MEDIA_TYPES.get(photo.kind, _UNKNOWN)
    return Original(safe_name(photo), media_type, photo.original_bytes, pieces)


def available_to(account: Account) -> QuerySet[Photo]:
    """The photographs whose originals `account` may download: they hold them, haven't hidden them, and all of each is here."""
    closed = HiddenPhoto.objects.filter(photo=OuterRef("pk"), account=account)
    held = Hold.objects.filter(photo=OuterRef("pk"), account=account, kind=Hold.Kind.ORIGINAL)
    arrived = Photo.objects.exclude(state=Photo.State.RECEIVING)
    return arrived.filter(Exists(held), ~Exists(closed))


def require_available(photo_id: UUID, *, to: Account) -> None:
    """Raise `NotYours` unless `to` may download this original now."""
    if not available_to(to).filter(pk=photo_id).exists():
        raise NotYours


def pieces_of(photo: Photo, *, before_each: Callable[[], None] = _allow) -> Pieces:
    """The original's bytes, in order. Raises `KeyDestroyed` and `BlobMissing` at once.

    Reading them calls `before_each` before each piece, and raises `BlobAltered` if the file isn't as it
    was written.
    """
    ring = keyring.keyring_of(KeyEpoch.objects.get().instance)
    identity = ring.identity(photo.pk, photo.original_blob, "original")
    key = keyring.original_key(photo.pk)
    file = open_original(photo)
    return Pieces(file, key, identity, before_each)


class Pieces:
    """The pieces of an open original. Call `close`, whether it was read or not."""

    def __init__(
        self, file: Readable, key: bytes, identity: Identity, before_each: Callable[[], None]
    ) -> None:
        self._file = file
        self._pieces = read_segments(file, key, identity)
        self._before_each = before_each

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._before_each()
        return next(self._pieces)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
