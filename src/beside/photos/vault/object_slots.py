"""Slots as objects, replaced by compare-and-swap: the store itself refuses whoever comes too late.

The store must keep no earlier version of a slot, or what was destroyed could be opened again;
`beside doctor` asks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.buckets import answering, bucket_at
from beside.photos.vault.slots import Held, SlotChanged
from beside.photos.vault.store import StoreUnavailable

if TYPE_CHECKING:
    from obstore import UpdateVersion


class ObjectSlots:
    """The slots of one keyring, in a bucket that holds nothing else."""

    def __init__(self, place: BucketPlace, *, is_patient: bool = False) -> None:
        self._at = place
        self._bucket = bucket_at(place, is_small=True, is_patient=is_patient)
        self.place = place.url

    def exist(self) -> bool:
        """Whether the bucket has a slot."""
        return bool(self.names())

    def names(self) -> list[str]:
        """Every slot that the store lists, in order."""
        with answering(self._at):
            found = [one["path"] for some in obstore.list(self._bucket, None) for one in some]
        return sorted(name for name in found if name.startswith("epoch."))

    def read(self, name: str) -> Held | None:
        """What the slot holds, with its ETag and its version."""
        try:
            with answering(self._at, may_lack=True):
                found = obstore.get(self._bucket, name)
                meta = found.meta
                return Held(bytes(found.bytes()), meta["e_tag"] or "", meta["version"] or "")
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes, *, over: Held | None) -> None:
        """Put `data` in the place of `over`. Raises `SlotChanged` and `StoreUnavailable`.

        If the answer was lost, or says that a slot isn't what it was, what the slot holds decides: it may
        have been written at the first try.
        """
        try:
            obstore.put(self._bucket, name, data, mode=_only_over(over) if over else "create")
        except (BaseError, OSError) as wrong:
            now = self.read(name)
            if now and now.data == data:
                return
            if isinstance(wrong, AlreadyExistsError | PreconditionError):
                raise SlotChanged from None
            raise StoreUnavailable(self.place) from wrong

    def remove(self, name: str, *, held: Held) -> None:
        """Remove the slot, if it holds `held` a moment before: stores delete under no condition, and perhaps later."""
        if self.read(name) != held:
            return
        try:
            with answering(self._at, may_lack=True):
                obstore.delete(self._bucket, name)
        except FileNotFoundError:
            return

    def refuses_the_late(self) -> bool:
        """Try it with an object that is removed again."""
        name = f"trial.{uuid4().hex}"
        self.write(name, b"first", over=None)
        try:
            held = self.read(name)
            self.write(name, b"second", over=held)
            return self._is_refused(name, over=None) and self._is_refused(name, over=held)
        finally:
            if left := self.read(name):
                self.remove(name, held=left)

    def _is_refused(self, name: str, *, over: Held | None) -> bool:
        try:
            self.write(name, b"late", over=over)
        except SlotChanged:
            return True
        return False


def _only_over(held: Held) -> UpdateVersion:
    """Google's store compares its version, and the others the ETag."""
    said: UpdateVersion = {"e_tag": held.tag}
    if held.version:
        said["version"] = held.version
    return said
