"""The epoch key's file: small, outside the database, and at the root of all other wrapped keys.

Two slots hold it, each {generation, key wrapped by the root}. A destroy writes the next generation into
one slot before its transaction commits; the other still opens what is committed if it never does. Once
committed, both slots are made equal. With the last copy of the old key gone, everything under it is noise,
wherever old rows still exist. Callers take turns through the lock on the `KeyEpoch` row. A generation that may
still be committed is never overwritten: a transaction that destroys more than once gets further slots, which
`settle` removes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beside.photos.vault.durable import make_folder, overwrite, sync_folder
from beside.photos.vault.root import Root, derive
from beside.photos.vault.wrapping import KeyDoesNotOpen, unwrap, wrap

SLOT_BYTES: Final = 4096
_MAGIC: Final = b"BsE\x01"
_FURTHER: Final = "epoch.further-"
_SLOT = struct.Struct(">4sQ60s")


class NoSuchEpoch(Exception):
    """Neither slot holds this generation: it has ended, or the file belongs to another database."""

    def __init__(self, generation: int) -> None:
        super().__init__(
            f"The epoch key of generation {generation} isn't in the keyring folder. If the database was put back"
            " from a backup, the keyring has to be put back with it (beside restore does both)."
        )


class OtherRoot(Exception):
    """A slot is complete, but the root key doesn't open it."""

    def __init__(self) -> None:
        super().__init__(
            "The root key doesn't open this server's keyring: it is the key of another server, or the keyring is."
        )


@dataclass(frozen=True, slots=True)
class _Slot:
    path: Path
    generation: int
    wrapped: bytes


class EpochFile:
    """The two slots in `folder`, opened with a key derived from the root key."""

    def __init__(self, folder: Path, root: Root, instance: UUID) -> None:
        self.folder = folder
        self._paths = (folder / "epoch.a", folder / "epoch.b")
        self._cipher = AESGCM(derive(root, "epoch"))
        self._instance = instance

    def read(self, generation: int) -> bytes:
        """The epoch key of `generation`; raises `NoSuchEpoch` and `OtherRoot`."""
        slots = [slot for slot in self._slots() if slot.generation == generation]
        if not slots:
            raise NoSuchEpoch(generation)
        for slot in slots:
            try:
                return unwrap(self._cipher, slot.wrapped, self._bound(generation))
            except KeyDoesNotOpen:
                continue
        raise OtherRoot

    def was_settled(self) -> bool:
        """Whether this folder has ever been in use. A first epoch that was never committed fills only one slot."""
        return self._paths[1].exists()

    def is_settled(self, generation: int) -> bool:
        """Whether both slots hold the committed key and no other slot is left; raises as `read` does."""
        key = self.read(generation)
        whole = {slot.path for slot in self._slots() if self._opens(slot, generation, key)}
        return whole == set(self._paths) and not self._further()

    def sealed(self, generation: int) -> bytes:
        """The epoch key as stored in its slot, wrapped by the root key, for a backup of the keyring."""
        return wrap(self._cipher, self.read(generation), self._bound(generation))

    def unseal(self, generation: int, sealed: bytes) -> bytes:
        """The epoch key from a backup; raises `OtherRoot`."""
        try:
            return unwrap(self._cipher, sealed, self._bound(generation))
        except KeyDoesNotOpen:
            raise OtherRoot from None

    def newest(self) -> int:
        """The highest generation in a complete slot; 0 if there is none."""
        return max((slot.generation for slot in self._slots()), default=0)

    def put_back(self, generation: int, key: bytes) -> None:
        """Write `key` to both slots, during a restore that found nothing newer."""
        make_folder(self.folder)
        for path in self._paths:
            self._write(path, generation, key)

    def write_next(self, generation: int, key: bytes) -> None:
        """Write `key` beside the previous generation's, which stays. On return it is on disk, and was read back.

        Raises `NoSuchEpoch` if the previous generation is missing, as writing could then lose the last good slot.
        """
        make_folder(self.folder)
        if generation > 1:
            self.read(generation - 1)
        self._write(self._free(generation), generation, key)

    def settle(self, generation: int) -> None:
        """Write `generation`, which is committed, to both slots. No other is left when this returns.

        It can be repeated after any interruption. Raises `NoSuchEpoch` before anything is written.
        """
        key = self.read(generation)
        whole = {slot.path for slot in self._slots() if self._opens(slot, generation, key)}
        for path in self._paths:
            if path not in whole:
                self._write(path, generation, key)
        for path in self._further():
            self._write(path, generation, key)
            path.unlink()
            sync_folder(self.folder)

    def _free(self, generation: int) -> Path:
        """A slot without a committed generation. The rows say `generation` - 1, so any later one was abandoned."""
        further = self.folder / f"{_FURTHER}{generation}"
        if further.exists():
            return further
        held = {slot.path: slot.generation for slot in self._slots()}
        dead = [path for path in self._paths if held.get(path, generation) >= generation]
        dead.sort(key=lambda path: held.get(path) != generation)
        if dead:
            return dead[0]
        if all(held[path] == generation - 1 for path in self._paths):
            return self._paths[generation % 2]
        return further

    def _write(self, path: Path, generation: int, key: bytes) -> None:
        wrapped = wrap(self._cipher, key, self._bound(generation))
        body = _SLOT.pack(_MAGIC, generation, wrapped)
        overwrite(path, (body + sha256(body).digest()).ljust(SLOT_BYTES, b"\0"))
        written = _parse(path)
        if written is None or not self._opens(written, generation, key):
            raise NoSuchEpoch(generation)

    def _opens(self, slot: _Slot, generation: int, key: bytes) -> bool:
        if slot.generation != generation:
            return False
        try:
            return unwrap(self._cipher, slot.wrapped, self._bound(generation)) == key
        except KeyDoesNotOpen:
            return False

    def _slots(self) -> list[_Slot]:
        paths = [*self._paths, *self._further()]
        return [slot for path in paths if (slot := _parse(path)) is not None]

    def _further(self) -> list[Path]:
        return sorted(self.folder.glob(f"{_FURTHER}*"))

    def _bound(self, generation: int) -> bytes:
        return _MAGIC + self._instance.bytes + generation.to_bytes(8, "big")


def _parse(path: Path) -> _Slot | None:
    """The slot, or None if it was never written, or was torn by a power cut."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    body, check = data[: _SLOT.size], data[_SLOT.size : _SLOT.size + 32]
    if len(data) != SLOT_BYTES or sha256(body).digest() != check:
        return None
    magic, generation, wrapped = _SLOT.unpack(body)
    return _Slot(path, generation, wrapped) if magic == _MAGIC else None
