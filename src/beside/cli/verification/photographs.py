"""Checks of each photograph: every hold unwraps, and every file opens with its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from beside.cli.verification.faults import Fault, leftover
from beside.photos import parts
from beside.photos.models import AuthorKey, Hold, KeyEpoch, Photo, Rendition, Tombstone, Upload
from beside.photos.original_pieces import open_original
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import Keyring
from beside.photos.vault.sealing import BlobAltered, open_sealed, read_segments
from beside.photos.vault.store import BlobMissing, Store, StoreUnavailable
from beside.photos.vault.wrapping import KeyDoesNotOpen

_UNREADABLE = (BlobMissing, BlobAltered, OSError)
Keys = dict[int, bytes]


@dataclass(frozen=True)
class Prover:
    """Checks photographs with a place's keyring and store."""

    ring: Keyring
    store: Store

    def prove(self, photo_id: UUID) -> list[Fault]:
        """What is wrong with one photograph. Checked twice, as it may have changed in between."""
        return self._look(photo_id) and self._look(photo_id)

    def _look(self, photo_id: UUID) -> list[Fault]:
        photo = Photo.objects.filter(pk=photo_id).first()
        if photo is None:
            return []
        faults: list[Fault] = []
        keys = self._keys(photo, faults)
        faults += self._missing_keys(photo, keys)
        if Hold.Kind.ORIGINAL in keys:
            faults += self._original(photo, keys[Hold.Kind.ORIGINAL])
        faults += self._renditions(photo, keys)
        return faults

    def _keys(self, photo: Photo, faults: list[Fault]) -> Keys:
        """Open every hold of every holder; all holds on one key must give the same key."""
        keys: Keys = {}
        generation = KeyEpoch.objects.get().generation
        authors = dict(
            AuthorKey.objects.filter(account__holds__photo=photo).values_list("pk", "wrapped")
        )
        for hold in Hold.objects.filter(photo=photo):
            try:
                key = self.ring.open_hold(
                    generation,
                    bytes(authors[hold.account_id]),
                    hold_wrapped=bytes(hold.wrapped),
                    account=hold.account_id.bytes,
                    photo=photo.pk.bytes,
                    kind=hold.kind,
                )
            except (KeyDoesNotOpen, NoSuchEpoch, OtherRoot, KeyError):
                faults.append(Fault(str(photo), f"{hold} doesn't open."))
                continue
            if keys.setdefault(hold.kind, key) != key:
                faults.append(Fault(str(photo), f"{hold} opens another key than the others."))
        return keys

    def _missing_keys(self, photo: Photo, keys: Keys) -> Iterator[Fault]:
        """A missing key was destroyed on purpose, or the photograph is lost."""
        needed = {Hold.Kind.ORIGINAL}
        if photo.state == Photo.State.READY:
            needed.add(Hold.Kind.SHOWN)
        for kind in needed - keys.keys():
            buried = Tombstone.objects.filter(photo_id=photo.pk, kind=kind).exists()
            if photo.state == Photo.State.READY or not buried:
                yield Fault(
                    str(photo), f"Its {kind.name.lower()} key is missing, and nobody destroyed it."
                )

    def _original(self, photo: Photo, key: bytes) -> Iterator[Fault]:
        try:
            if photo.state == Photo.State.RECEIVING:
                self._read_part(photo, key)
                return
            received = self._read_blob(photo, key)
        except StoreUnavailable:
            raise
        except _UNREADABLE as unreadable:
            yield Fault(str(photo), f"Its original: {unreadable}")
            return
        if received != photo.original_bytes:
            yield Fault(
                str(photo), f"Its original has {received} bytes instead of {photo.original_bytes}."
            )

    def _read_blob(self, photo: Photo, key: bytes) -> int:
        identity = self.ring.identity(photo.pk, photo.original_blob, "original")
        with closing(open_original(photo)) as file:
            return sum(len(piece) for piece in read_segments(file, key, identity))

    def _read_part(self, photo: Photo, key: bytes) -> None:
        """Check that every byte confirmed to the phone is in the part, or in the blob that replaced it."""
        upload = Upload.objects.filter(photo=photo).first()
        if upload is None or not upload.received_bytes:
            return
        identity = self.ring.identity(photo.pk, photo.original_blob, "original")
        try:
            part = parts.reading(photo)
        except BlobMissing:
            self._read_blob(photo, key)
            return
        if part is None:
            return
        with closing(part):
            received = 0
            for piece in read_segments(part, key, identity):
                received += len(piece)
                if received >= upload.received_bytes:
                    return

    def _renditions(self, photo: Photo, keys: Keys) -> Iterator[Fault]:
        renditions = list(Rendition.objects.filter(photo=photo))
        if photo.state == Photo.State.READY and not renditions:
            yield Fault(str(photo), "It is ready, and there is nothing to show.")
        if renditions and Hold.Kind.SHOWN not in keys:
            yield leftover(str(photo), "Its renditions are unreadable now.")
            return
        for rendition in renditions:
            identity = self.ring.identity(photo.pk, rendition.pk, rendition.name)
            try:
                open_sealed(keys[Hold.Kind.SHOWN], identity, self.store.get(rendition.pk))
            except StoreUnavailable:
                raise
            except _UNREADABLE as unreadable:
                yield Fault(str(rendition), str(unreadable))
