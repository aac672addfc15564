"""Writing the keyring to where backups go, and restoring it.

The greatest danger is an incomplete export: overwriting a good one would lose everybody's photographs. So a
slot is overwritten only after every key of the new export was opened, and after checking that each key that
was in the slot is in it too, or has a tombstone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, transaction

from beside.people.models import Account
from beside.photos.models import AuthorKey, Hold, KeyEpoch, Photo, Tombstone
from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.keyring_file import (
    Buried,
    HeldKey,
    KeyringFile,
    KeyringNotOurs,
    KeyringTorn,
    pack,
    read_slot,
)
from beside.photos.vault.slots import Held, Slots, slots_at
from beside.photos.vault.wrapping import unwrap
from beside.querysets.repeatable_read import repeatable_read

_SLOTS = ("keyring.a", "keyring.b")
_AT_ONCE = 1000


class NoKeyring(Exception):
    """Neither slot holds a complete keyring."""

    def __init__(self, where: str) -> None:
        super().__init__(f"There is no complete keyring in {where}.")


class KeyringShrank(Exception):
    """Keys are missing that nobody destroyed."""

    def __init__(self, missing: int) -> None:
        self.missing = missing
        super().__init__(
            f"{missing} keys that the last backup of the keyring has are gone from this server, and nobody"
            " destroyed them. The backup is left as it is: it may be the only way to those photographs."
        )


class KeyringRolledBack(Exception):
    """One side is older than the other: an older keyring, or an older database, was put back."""

    def __init__(self, *, here: int, there: int) -> None:
        super().__init__(
            f"This server's keyring is of generation {here} and the backup's of generation {there}. An older"
            " one never takes the place of a newer: keys destroyed since would come back, and new ones be lost."
        )


class KeyringNotWritten(Exception):
    """What was read back differs from what was written."""

    def __init__(self, where: str) -> None:
        super().__init__(f"The keyring at {where} reads back differently from how it was written.")


class PutBack(NamedTuple):
    """How many holds were restored, and how many belong to photographs newer than the database."""

    holds: int
    left_out: int


def export(
    place: BucketPlace | Path,
    *,
    at: datetime,
    dump_keys: Mapping[str, bytes],
    narrowings: Callable[[], list[Any]],
) -> KeyringFile:
    """Write the current keyring to both slots at `place`, and return it.

    `dump_keys` are the wrapped keys of all dumps that may still be opened; `narrowings` reads whatever
    restoring must replay, as JSON can say it, and is asked in the very moment that the keys are of. When this returns, both slots are kept and were read
    back, and no copy of an older keyring is left in them. Raises `KeyringShrank`, `KeyringRolledBack`,
    `KeyringNotOurs`, `KeyringNotWritten`, and `KeyDoesNotOpen` or `OtherRoot` if a row is damaged;
    then at least one slot is as it was.
    """
    slots = slots_at(place, is_patient=True)
    held = {name: slots.read(name) for name in _SLOTS}
    before = {name: _whole(slots, name, one) for name, one in held.items()}
    last = max((file for file in before.values() if file), key=_age, default=None)
    file = replace(_gather(at, narrowings), dump_keys=dict(dump_keys))
    if last:
        _require_successor(file, of=last, where=slots.place)
        file = replace(file, number=last.number + 1)
    _require_every_key_opens(file)
    data = pack(file, settings.ROOT_KEY)
    for name in sorted(_SLOTS, key=lambda name: _age(before[name])):
        slots.write(name, data, over=held[name])
        written = slots.read(name)
        if written is None or written.data != data:
            raise KeyringNotWritten(f"{slots.place}/{name}")
    return file


def read_export(place: BucketPlace | Path) -> KeyringFile:
    """The newest complete keyring at `place`, with every key tested; raises `NoKeyring`, `KeyringNotOurs`."""
    slots = slots_at(place, is_patient=True)
    found = [file for name in _SLOTS if (file := _whole(slots, name, slots.read(name)))]
    if not found:
        raise NoKeyring(slots.place)
    newest = max(found, key=_age)
    _require_every_key_opens(newest)
    return newest


def put_back(file: KeyringFile, *, require_unused: Callable[[], None] = lambda: None) -> PutBack:
    """Put the keys of `file` into a database that is being restored, whatever keys its dump had.

    What `require_unused` raises stops it in the last moment before the epoch key is written.
    Raises `KeyringRolledBack` if the database or the data folder has a newer generation, and `OtherRoot` if there is another place's key.
    """
    ring = keyring_of(file.instance)
    with transaction.atomic():
        epoch = KeyEpoch.objects.select_for_update().first()
        here = max(epoch.generation if epoch else 0, ring.epochs.newest())
        if here > file.generation:
            raise KeyringRolledBack(here=here, there=file.generation)
        Hold.objects.all().delete()
        AuthorKey.objects.all().delete()
        KeyEpoch.objects.update_or_create(
            id=1, defaults={"instance": file.instance, "generation": file.generation}
        )
        kept = _put_back_rows(file)
        _put_back_tombstones(file.tombstones)
        require_unused()
        ring.epochs.put_back(file.generation, ring.epochs.unseal(file.generation, file.epoch))
    return PutBack(kept, len(file.holds) - kept)


def _whole(slots: Slots, name: str, held: Held | None) -> KeyringFile | None:
    """What the slot holds; None if it was never written, or not to its end."""
    if held is not None:
        with suppress(KeyringTorn):
            return read_slot(held.data, settings.ROOT_KEY, where=f"{slots.place}/{name}")
    return None


def _age(file: KeyringFile | None) -> tuple[int, int]:
    return (file.generation, file.number) if file else (0, 0)


def _gather(at: datetime, narrowings: Callable[[], list[Any]]) -> KeyringFile:
    """All keys of one moment. Raises `NoSuchEpoch` where the keyring hasn't the one that opens them."""
    while True:
        try:
            with repeatable_read(connection):
                return replace(_read(at), narrowings=narrowings())
        except NoSuchEpoch as ended:
            # Something was destroyed after that moment, and the epoch's key with it.
            if KeyEpoch.objects.get().generation == ended.generation:
                raise


def _read(at: datetime) -> KeyringFile:
    """The epoch first, as a destroy may end it while the rest is read."""
    epoch = KeyEpoch.objects.get()
    sealed = keyring_of(epoch.instance).epochs.sealed(epoch.generation)
    holds = Hold.objects.values_list("photo_id", "account_id", "kind", "wrapped")
    authors = AuthorKey.objects.values_list("account_id", "wrapped")
    return KeyringFile(
        instance=epoch.instance,
        generation=epoch.generation,
        number=1,
        made_at=at,
        epoch=sealed,
        holds={HeldKey(*row[:3]): bytes(row[3]) for row in holds.iterator()},
        authors={account: bytes(wrapped) for account, wrapped in authors.iterator()},
        dump_keys={},
        tombstones=[
            Buried(photo.hex, account.hex, kind, generation, moment.isoformat())
            for photo, account, kind, generation, moment in Tombstone.objects.order_by(
                "pk"
            ).values_list("photo_id", "account_id", "kind", "generation", "at")
        ],
        narrowings=[],
    )


def _require_successor(file: KeyringFile, *, of: KeyringFile, where: str) -> None:
    if file.instance != of.instance:
        raise KeyringNotOurs(where)
    if file.generation < of.generation:
        raise KeyringRolledBack(here=file.generation, there=of.generation)
    buried = {stone.held() for stone in file.tombstones if stone.generation > of.generation}
    missing = of.holds.keys() - file.holds.keys() - buried
    if missing:
        raise KeyringShrank(len(missing))


def _require_every_key_opens(file: KeyringFile) -> None:
    for _held, _key in keys_in(file):
        pass


def keys_in(file: KeyringFile) -> Iterator[tuple[HeldKey, bytes]]:
    """Every photograph's key, opened from the root down with nothing but the file itself.

    Raises `OtherRoot`, and `KeyDoesNotOpen` at the first that doesn't.
    """
    ring = keyring_of(file.instance)
    epoch = AESGCM(ring.epochs.unseal(file.generation, file.epoch))
    authors = {
        account: AESGCM(unwrap(epoch, wrapped, ring.author_bound(account, file.generation)))
        for account, wrapped in file.authors.items()
    }
    for held, wrapped in file.holds.items():
        bound = ring.hold_bound(held.account, held.photo, held.kind)
        yield held, unwrap(authors[held.account], wrapped, bound)


def _put_back_rows(file: KeyringFile) -> int:
    photos = set(Photo.objects.values_list("pk", flat=True))
    accounts = set(Account.objects.values_list("pk", flat=True))
    AuthorKey.objects.bulk_create(
        (
            AuthorKey(account_id=account, wrapped=wrapped)
            for account, wrapped in file.authors.items()
            if account in accounts
        ),
        batch_size=_AT_ONCE,
    )
    holds = [
        Hold(photo_id=held.photo, account_id=held.account, kind=held.kind, wrapped=wrapped)
        for held, wrapped in file.holds.items()
        if held.photo in photos and held.account in accounts
    ]
    Hold.objects.bulk_create(holds, batch_size=_AT_ONCE)
    return len(holds)


def _put_back_tombstones(tombstones: list[Buried]) -> None:
    known = set(Tombstone.objects.values_list("photo_id", "account_id", "kind", "generation"))
    Tombstone.objects.bulk_create(
        (
            Tombstone(
                photo_id=UUID(stone.photo),
                account_id=UUID(stone.account),
                kind=stone.kind,
                generation=stone.generation,
                at=datetime.fromisoformat(stone.at),
            )
            for stone in tombstones
            if (*stone.held(), stone.generation) not in known
        ),
        batch_size=_AT_ONCE,
    )
