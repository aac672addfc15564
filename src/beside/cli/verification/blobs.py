"""One file of a photograph: what it is, and whether it is whole in a store."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q

from beside.photos.models import Hold, OriginalPiece, Photo, Rendition
from beside.photos.original_pieces import Joined, ids_of
from beside.photos.vault import keyring
from beside.photos.vault.keyring import KeyDestroyed, Keyring
from beside.photos.vault.sealing import BlobAltered, open_sealed, read_segments
from beside.photos.vault.store import BlobMissing, Reading, StoreUnavailable

ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class NamedBlob:
    """A file that a row names, with the key that opens it. `role` is "original", or the rendition's name."""

    blob: UUID
    photo: UUID
    role: str
    key: bytes
    # Of an original that came into an object store: the files before this one, which is its end.
    pieces: tuple[UUID, ...] = ()

    def __str__(self) -> str:
        return f"photo {self.photo}"

    def what(self) -> str:
        """What it is, at the beginning of a sentence."""
        return "Its original" if self.role == ORIGINAL else f"What readers are sent ({self.role})"

    def fault_in(self, store: Reading, ring: Keyring) -> str:
        """What is wrong with it in `store`, after reading all of it; empty if it is whole."""
        try:
            self._read(store, ring)
        except BlobMissing:
            return "is gone"
        except BlobAltered:
            return "isn't as it was written"
        except StoreUnavailable:
            raise
        except OSError as unreadable:
            return f"can't be read ({unreadable.strerror})"
        return ""

    def _read(self, store: Reading, ring: Keyring) -> None:
        identity = ring.identity(self.photo, self.blob, self.role)
        if self.role != ORIGINAL:
            open_sealed(self.key, identity, store.get(self.blob))
            return
        opened = (
            Joined(store, self.pieces, end=store.get(self.blob))
            if self.pieces
            else store.open(self.blob)
        )
        with closing(opened) as file:
            for _piece in read_segments(file, self.key, identity):
                pass


def named(blob_id: UUID) -> NamedBlob | None:
    """What the database says of a file now, a piece standing for its original; None if nothing names it, or nobody has a key any more."""
    piece = OriginalPiece.objects.filter(pk=blob_id).values("photo")
    try:
        for photo in Photo.objects.filter(Q(original_blob=blob_id) | Q(pk__in=piece)).exclude(
            state=Photo.State.RECEIVING
        ):
            key, pieces = keyring.original_key(photo.pk), tuple(ids_of([photo.pk]))
            return NamedBlob(photo.original_blob, photo.pk, ORIGINAL, key, pieces)
        rendition = Rendition.objects.filter(pk=blob_id).values_list("photo_id", "name")
        for photo_id, name in rendition:
            return NamedBlob(blob_id, photo_id, name, keyring.shown_key(photo_id))
    except KeyDestroyed:
        pass
    return None


def all_named(*, using: str = DEFAULT_DB_ALIAS) -> set[UUID]:
    """Every file that a row of the database `using` names and somebody has a key to."""
    held = {
        kind: Photo.objects.using(using)
        .filter(holds__kind=kind)
        .exclude(state=Photo.State.RECEIVING)
        for kind in Hold.Kind
    }
    originals = held[Hold.Kind.ORIGINAL].values_list("original_blob", flat=True)
    shown = Rendition.objects.using(using).filter(photo__in=held[Hold.Kind.SHOWN].values("pk"))
    pieces = OriginalPiece.objects.using(using).filter(
        photo__in=held[Hold.Kind.ORIGINAL].values("pk")
    )
    return {
        *originals.iterator(),
        *pieces.values_list("pk", flat=True).iterator(),
        *shown.values_list("pk", flat=True).iterator(),
    }
