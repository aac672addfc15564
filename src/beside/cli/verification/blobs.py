"""One file of a photograph: what it is, and whether it is whole in a store."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from beside.photos.models import Hold, Photo, Rendition
from beside.photos.vault import keyring
from beside.photos.vault.keyring import KeyDestroyed, Keyring
from beside.photos.vault.sealing import BlobAltered, open_sealed, read_segments
from beside.photos.vault.store import BlobMissing, Store

ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class NamedBlob:
    """A file that a row names, with the key that opens it. `role` is "original", or the rendition's name."""

    blob: UUID
    photo: UUID
    role: str
    key: bytes

    def __str__(self) -> str:
        return f"photo {self.photo}"

    def what(self) -> str:
        """What it is, at the beginning of a sentence."""
        return "Its original" if self.role == ORIGINAL else f"What readers are sent ({self.role})"

    def fault_in(self, store: Store, ring: Keyring) -> str:
        """What is wrong with it in `store`, after reading all of it; empty if it is whole."""
        try:
            self._read(store, ring)
        except BlobMissing:
            return "is gone"
        except BlobAltered:
            return "isn't as it was written"
        except OSError as unreadable:
            return f"can't be read ({unreadable.strerror})"
        return ""

    def _read(self, store: Store, ring: Keyring) -> None:
        identity = ring.identity(self.photo, self.blob, self.role)
        if self.role != ORIGINAL:
            open_sealed(self.key, identity, store.get(self.blob))
            return
        with closing(store.open(self.blob)) as file:
            for _piece in read_segments(file, self.key, identity):
                pass


def named(blob_id: UUID) -> NamedBlob | None:
    """What the database says of a file now; None if nothing names it, or nobody has a key to it any more."""
    try:
        photo = Photo.objects.filter(original_blob=blob_id).exclude(state=Photo.State.RECEIVING)
        for photo_id in photo.values_list("pk", flat=True):
            return NamedBlob(blob_id, photo_id, ORIGINAL, keyring.original_key(photo_id))
        rendition = Rendition.objects.filter(pk=blob_id).values_list("photo_id", "name")
        for photo_id, name in rendition:
            return NamedBlob(blob_id, photo_id, name, keyring.shown_key(photo_id))
    except KeyDestroyed:
        pass
    return None


def all_named() -> set[UUID]:
    """Every file that a row names and somebody has a key to."""
    held = {
        kind: Photo.objects.filter(holds__kind=kind).exclude(state=Photo.State.RECEIVING)
        for kind in Hold.Kind
    }
    originals = held[Hold.Kind.ORIGINAL].values_list("original_blob", flat=True)
    shown = Rendition.objects.filter(photo__in=held[Hold.Kind.SHOWN].values("pk"))
    return {*originals.iterator(), *shown.values_list("pk", flat=True).iterator()}
