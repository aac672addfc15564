"""Giving an original back to somebody who holds it, byte for byte as it came. Nobody else ever gets one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from uuid import UUID

from django.conf import settings

from beside.people.models import Account
from beside.photos.hidden import NotYours
from beside.photos.models import Hold, KeyEpoch, Photo
from beside.photos.vault import keyring
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.sealing import Identity, read_segments
from beside.photos.vault.store import BlobMissing, FolderStore

_FORMS = {
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
    "avif": ("image/avif", "avif"),
    "heic": ("image/heic", "heic"),
}
_UNKNOWN = ("application/octet-stream", "bin")


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was given. Its name says nothing; the pieces are checked one by one as they are read."""

    name: str
    media_type: str
    size: int
    pieces: Pieces


def original(photo_id: UUID, *, of: Account) -> Original:
    """The original that `of` holds; raises `NotYours` also where it isn't there, or hasn't arrived."""
    held = Hold.objects.filter(account=of, kind=Hold.Kind.ORIGINAL)
    photo = Photo.objects.filter(pk=photo_id, holds__in=held).first()
    if photo is None or photo.state == Photo.State.RECEIVING:
        raise NotYours
    media_type, ending = _form_of(photo)
    try:
        pieces = pieces_of(photo)
    except (KeyDestroyed, BlobMissing):
        raise NotYours from None
    return Original(f"photograph.{ending}", media_type, photo.original_bytes, pieces)


def ending_of(photo: Photo) -> str:
    """What the name of its file ends in, after the dot."""
    return _form_of(photo)[1]


def pieces_of(photo: Photo) -> Pieces:
    """The original's bytes, in order. Raises `KeyDestroyed` and `BlobMissing` at once.

    Reading them raises `BlobAltered` where the file isn't as it was written.
    """
    ring = keyring.keyring_of(KeyEpoch.objects.get().instance)
    identity = ring.identity(photo.pk, photo.original_blob, "original")
    key = keyring.original_key(photo.pk)
    return Pieces(FolderStore(settings.BESIDE.data).open(photo.original_blob), key, identity)


class Pieces:
    """The pieces of an open original. Whoever asked for them closes them, read or not."""

    def __init__(self, file: FileIO, key: bytes, identity: Identity) -> None:
        self._file = file
        self._pieces = read_segments(file, key, identity)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def _form_of(photo: Photo) -> tuple[str, str]:
    return _FORMS.get(photo.kind, _UNKNOWN)
