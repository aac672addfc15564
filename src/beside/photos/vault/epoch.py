"""The epoch key's slots: small, outside the database, and at the root of all other wrapped keys.

Two slots hold it, each {generation, key wrapped by the root}. A destroy writes the next generation into
one slot before its transaction commits; the other still opens what is committed if it never does. Once
committed, both slots are made equal. With the last copy of the old key gone, everything under it is noise,
wherever old rows still exist. Callers take turns through the lock on the `KeyEpoch` row. A generation that may
still be committed is never overwritten: a transaction that destroys more than once gets further slots, which
`settle` spends: noise is written over the key. It removes only those whose names no later generation gets, since a store may
carry out a deletion long after whoever asked for it has given up, whatever is in the slot by then.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beside.photos.vault.root import Root, derive
from beside.photos.vault.slots import Held, SlotChanged, Slots
from beside.photos.vault.wrapping import KeyDoesNotOpen, unwrap, wrap

SLOT_BYTES: Final = 4096
_MAGIC: Final = b"BsE\x01"
TWO: Final = ("epoch.a", "epoch.b")
_FURTHER: Final = "epoch.further-"
_SLOT = struct.Struct(">4sQ60s")
_WRAPPED_BYTES: Final = 60
# Of a slot that holds noise in place of a key.
_SPENT: Final = 0


class NoSuchEpoch(Exception):
    """Neither slot holds this generation: it has ended, or the file belongs to another database."""

    def __init__(self, generation: int) -> None:
        self.generation = generation
        super().__init__(
            f"The epoch key of generation {generation} isn't in the keyring. If the database was put back"
            " from a backup, the keyring has to be put back with it (beside restore does both)."
        )


class OtherRoot(Exception):
    """A slot is complete, but the root key doesn't open it."""

    def __init__(self) -> None:
        super().__init__(
            "The root key doesn't open this server's keyring: it is the key of another server, or the keyring is."
        )


class SlotsUnguarded(Exception):
    """A store writes over an object although it was told not to."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The store at {place} writes over an object although it was told not to, so two nodes could lose the keyring"
            " between them. Nothing was made. Name a store in BESIDE_KEYRING that knows If-None-Match and If-Match."
        )


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str
    generation: int
    wrapped: bytes


class EpochFile:
    """The slots of the epoch key, opened with a key derived from the root key."""

    def __init__(self, slots: Slots, root: Root, instance: UUID) -> None:
        self._slots_at = slots
        self.place = slots.place
        self._cipher = AESGCM(derive(root, "epoch"))
        self._instance = instance

    def read(self, generation: int) -> bytes:
        """The epoch key of `generation`; raises `NoSuchEpoch` and `OtherRoot`."""
        is_there = False
        for slot in self._slots(_further(generation)):
            if slot.generation != generation:
                continue
            is_there = True
            with suppress(KeyDoesNotOpen):
                return unwrap(self._cipher, slot.wrapped, self._bound(generation))
        raise OtherRoot if is_there else NoSuchEpoch(generation)

    def was_settled(self) -> bool:
        """Whether these slots have ever been in use. A first epoch that was never committed fills only one."""
        return self._slots_at.read(TWO[1]) is not None

    def require_guard(self) -> None:
        """Raise `SlotsUnguarded` unless a slot is only written over by whoever has read what is in it now."""
        if not self._slots_at.refuses_the_late():
            raise SlotsUnguarded(self.place)

    def is_settled(self, generation: int) -> bool:
        """Whether both slots hold the committed key and no other slot holds any; raises as `read` does."""
        key, held = self.read(generation), self._held(generation)
        further = held.keys() - set(TWO)
        return self._whole(held, generation, key) == set(TWO) and all(
            _is_spent(name, held[name]) for name in further
        )

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

    def anothers(self) -> set[str]:
        """The slots that hold a whole key of another place's."""
        return {slot.name for slot in self._slots() if not self._is_own(slot)}

    def put_back(self, generation: int, key: bytes) -> None:
        """Write `key` to both slots, during a restore or a move that found nothing newer.

        Raises `OtherRoot` where another place has got its key there meanwhile.
        """
        held = self._held(generation)
        if not all(self._is_own(slot) for slot in _complete(held)):
            raise OtherRoot
        for name in TWO:
            self._write(name, generation, key, over=held.get(name))

    def write_next(self, generation: int, key: bytes) -> None:
        """Write `key` beside the previous generation's, which stays. On return it is stored, and was read back.

        Raises `NoSuchEpoch` if the previous generation is missing, as writing could then lose the last good slot.
        """
        if generation > 1:
            self.read(generation - 1)
        held = self._held(generation)
        name = _free(held, generation)
        self._write(name, generation, key, over=held.get(name))

    def settle(self, generation: int) -> None:
        """Write `generation`, which is committed, to both slots. No other holds a key when this returns.

        It can be repeated after any interruption. Raises `NoSuchEpoch` before anything is written.
        """
        key, held = self.read(generation), self._held(generation)
        whole = self._whole(held, generation, key)
        for name in TWO:
            if name not in whole:
                self._write(name, generation, key, over=held.get(name))
        for name in sorted(held.keys() - set(TWO)):
            spent = self._spend(name, held[name])
            if spent and _is_of_the_past(name, generation):
                self._slots_at.remove(name, held=spent)

    def _write(self, name: str, generation: int, key: bytes, *, over: Held | None) -> None:
        wrapped = wrap(self._cipher, key, self._bound(generation))
        self._slots_at.write(name, _packed(generation, wrapped), over=over)
        written = self._slots_at.read(name)
        slot = _parse(name, written.data) if written else None
        if not slot or not self._opens(slot, generation, key):
            raise NoSuchEpoch(generation)

    def _spend(self, name: str, held: Held) -> Held | None:
        """Write noise over a further slot. None if it is gone: a deletion that was given up may have come late."""
        if _is_spent(name, held):
            return held
        noise = _packed(_SPENT, secrets.token_bytes(_WRAPPED_BYTES))
        self._slots_at.write(name, noise, over=held)
        written = self._slots_at.read(name)
        if written and written.data != noise:
            raise SlotChanged
        return written

    def _whole(self, held: dict[str, Held], generation: int, key: bytes) -> set[str]:
        return {slot.name for slot in _complete(held) if self._opens(slot, generation, key)}

    def _is_own(self, slot: _Slot) -> bool:
        try:
            unwrap(self._cipher, slot.wrapped, self._bound(slot.generation))
        except KeyDoesNotOpen:
            return False
        return True

    def _opens(self, slot: _Slot, generation: int, key: bytes) -> bool:
        if slot.generation != generation:
            return False
        try:
            return unwrap(self._cipher, slot.wrapped, self._bound(generation)) == key
        except KeyDoesNotOpen:
            return False

    def _held(self, generation: int) -> dict[str, Held]:
        """Every slot that was ever written, whether it is complete or not.

        A store may list late; so the further slots of this generation and the one before, which open what was or is
        committed, are asked for by name.
        """
        further = (_further(generation), _further(generation - 1))
        names = dict.fromkeys([*TWO, *further, *self._slots_at.names()])
        return {name: held for name in names if (held := self._slots_at.read(name)) is not None}

    def _slots(self, *by_name: str) -> Iterator[_Slot]:
        """Every complete slot, the two first and then those `by_name`; the others aren't asked for if those will do."""
        for name in (*TWO, *by_name):
            held = self._slots_at.read(name)
            if held and (slot := _parse(name, held.data)):
                yield slot
        further = [name for name in self._slots_at.names() if name not in (*TWO, *by_name)]
        yield from _complete(
            {name: held for name in further if (held := self._slots_at.read(name)) is not None}
        )

    def _bound(self, generation: int) -> bytes:
        return _MAGIC + self._instance.bytes + generation.to_bytes(8, "big")


def _further(generation: int) -> str:
    """The slot that a generation gets where neither of the two may be written over."""
    return f"{_FURTHER}{generation}"


def _is_of_the_past(name: str, generation: int) -> bool:
    """Whether no generation after `generation` gets the slot `name`."""
    number = name.removeprefix(_FURTHER)
    return not number.isdecimal() or int(number) <= generation


def _is_spent(name: str, held: Held) -> bool:
    slot = _parse(name, held.data)
    return slot is not None and slot.generation == _SPENT


def _free(held: dict[str, Held], generation: int) -> str:
    """A slot without a committed generation. The rows say `generation` - 1, so any later one was abandoned."""
    further = _further(generation)
    if further in held:
        return further
    known = {slot.name: slot.generation for slot in _complete(held)}
    dead = [name for name in TWO if known.get(name, generation) >= generation]
    dead.sort(key=lambda name: known.get(name) != generation)
    if dead:
        return dead[0]
    if all(known[name] == generation - 1 for name in TWO):
        return TWO[generation % 2]
    return further


def _complete(held: dict[str, Held]) -> list[_Slot]:
    return [slot for name, one in held.items() if (slot := _parse(name, one.data)) is not None]


def _packed(generation: int, wrapped: bytes) -> bytes:
    body = _SLOT.pack(_MAGIC, generation, wrapped)
    return (body + sha256(body).digest()).ljust(SLOT_BYTES, b"\0")


def _parse(name: str, data: bytes) -> _Slot | None:
    """The slot, or None if it was torn by a power cut."""
    body, check = data[: _SLOT.size], data[_SLOT.size : _SLOT.size + 32]
    if len(data) != SLOT_BYTES or sha256(body).digest() != check:
        return None
    magic, generation, wrapped = _SLOT.unpack(body)
    return _Slot(name, generation, wrapped) if magic == _MAGIC else None
