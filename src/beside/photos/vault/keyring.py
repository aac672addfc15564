"""The keys of photographs. Each is reached only through the layers above it.

    root key → epoch key (`epoch`) → author's key (`AuthorKey`) → photograph's key (`Hold`)

The database holds wrapped keys and the data folder the epoch key, so neither opens anything alone. A `Hold` is
one author's wrapping of one of a photograph's two keys: the original's, and the renditions'. A process caches
the epoch and author keys of one generation, and never a photograph's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Subquery

from beside.people.models import Account
from beside.photos.models import AuthorKey, Hold, KeyEpoch, Photo
from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.epoch import EpochFile, NoSuchEpoch
from beside.photos.vault.key_memory import memory
from beside.photos.vault.sealing import Identity
from beside.photos.vault.slots import slots_at
from beside.photos.vault.wrapping import KeyDoesNotOpen, fresh_key, unwrap, wrap


class KeyDestroyed(Exception):
    """Nobody holds this key any more, so what it sealed can never be opened."""

    def __init__(self) -> None:
        super().__init__("The key to this photograph no longer exists.")


class KeyringWithoutDatabase(Exception):
    """The data folder has a keyring, but the database has none."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"There is a keyring in {place}, and this database has never seen it. Starting would write over"
            " the only way to its photographs. Check which database is set, or name an empty data folder."
        )


@final
@dataclass(frozen=True, repr=False)
class NewKeys:
    """The two keys of a new photograph."""

    original: bytes
    shown: bytes


@final
@dataclass(frozen=True, repr=False)
class _Epoch:
    since: object
    generation: int
    cipher: AESGCM
    authors: dict[bytes, AESGCM] = field(default_factory=dict)


@final
class Keyring:
    """What one process needs to open holds; `instance` is part of every blob's identity."""

    def __init__(self, epochs: EpochFile, instance: UUID) -> None:
        self.epochs = epochs
        self.instance = instance
        self._instance = instance.bytes
        self._remembered: _Epoch | None = None

    def identity(self, photo_id: UUID, blob_id: UUID, role: str) -> Identity:
        """The identity of a blob of this instance; `role` is "original" or the rendition's name."""
        return Identity(self.instance, photo_id, blob_id, role)

    def open_hold(
        self,
        generation: int,
        author_wrapped: bytes,
        *,
        hold_wrapped: bytes,
        account: bytes,
        photo: bytes,
        kind: int,
    ) -> bytes:
        """A photograph's key, from columns that were read together in one statement; ids are their 16 bytes.

        Raises `NoSuchEpoch` if the keys have been replaced since: read the database once more, and if that fails
        too, answer that the server is busy, never that there is nothing. Raises `KeyDoesNotOpen` if the rows
        and the keyring don't belong together.
        """
        bound = self.holds_begin(account) + photo + bytes((kind,))
        try:
            return unwrap(self._author(generation, account, author_wrapped), hold_wrapped, bound)
        except KeyDoesNotOpen:
            # What is remembered may come from a transaction of this process that never committed.
            self._remembered = None
            return unwrap(self._author(generation, account, author_wrapped), hold_wrapped, bound)

    def author_afresh(self, generation: int, account: UUID, wrapped: bytes) -> AESGCM:
        """An author's key to wrap with, never from the cache: what a stale key wraps can never be opened."""
        epoch = AESGCM(self.epochs.read(generation))
        return AESGCM(unwrap(epoch, wrapped, self.author_bound(account, generation)))

    def author_bound(self, account: UUID, generation: int) -> bytes:
        """What an author's key is bound to."""
        begins, ends = self.author_bounds(generation)
        return begins + account.bytes + ends

    def hold_bound(self, account: UUID, photo: UUID, kind: int) -> bytes:
        """What a hold is bound to."""
        return self.holds_begin(account.bytes) + photo.bytes + bytes((kind,))

    def author_bounds(self, generation: int) -> tuple[bytes, bytes]:
        """What stands before the author's id, and after it, in what their key is bound to."""
        return b"beside author key\x01" + self._instance, generation.to_bytes(8, "big")

    def holds_begin(self, account: bytes) -> bytes:
        """What stands before the photograph's id and the kind in what an author's holds are bound to."""
        return b"beside hold\x01" + self._instance + account

    def _author(self, generation: int, account: bytes, wrapped: bytes) -> AESGCM:
        """An author's key, cached for its generation: `destroying` changes both together."""
        epoch = self._remembered
        if epoch is None or epoch.generation != generation or epoch.since is not memory.since:
            epoch = _Epoch(memory.since, generation, AESGCM(self.epochs.read(generation)))
            self._remembered = epoch
        author = epoch.authors.get(account)
        if author is None:
            begins, ends = self.author_bounds(generation)
            key = unwrap(epoch.cipher, wrapped, begins + account + ends)
            author = epoch.authors[account] = AESGCM(key)
        return author


def open_keyring() -> Keyring:
    """The keyring, ready for use: created in a new place, and repaired if the last process was killed.

    Each process calls this once when it starts. Raises `KeyringWithoutDatabase`, `NoSuchEpoch` and
    `OtherRoot`, whose sentences are for the host.
    """
    with transaction.atomic():
        # The row first: a second process waits here until the first one's epoch is committed.
        epoch, is_new = KeyEpoch.objects.get_or_create(id=1, defaults={"generation": 1})
        ring = keyring_of(epoch.instance)
        if is_new:
            if ring.epochs.was_settled():
                raise KeyringWithoutDatabase(ring.epochs.place)
            ring.epochs.require_guard()
            ring.epochs.write_next(1, fresh_key())
    settle()
    return ring


def keyring_of(instance: UUID) -> Keyring:
    """This process's keyring for the instance. It reads nothing until a key is needed."""
    return _keyring(settings.BESIDE.keyring_place, instance)


def settle() -> None:
    """Remove every epoch key from disk except the committed one. Harmless at any time, and usually cheap.

    Inside a transaction it does nothing, as the generation read there isn't committed yet.
    """
    if connection.in_atomic_block:
        return
    with transaction.atomic():
        epoch = lock_epoch()
        keyring_of(epoch.instance).epochs.settle(epoch.generation)


def lock_epoch() -> KeyEpoch:
    """The row whose lock serialises destroying and copying keys. Needs a transaction."""
    return KeyEpoch.objects.select_for_update().get()


@transaction.atomic
def keys_for_new(photo: Photo, *, holder: Account) -> NewKeys:
    """Two fresh keys for `photo`, held by `holder`. They must not be used before this commits."""
    lock_epoch()  # Before any author's row, as everybody else: or two would wait for each other.
    keys = NewKeys(fresh_key(), fresh_key())
    for kind, key in ((Hold.Kind.ORIGINAL, keys.original), (Hold.Kind.SHOWN, keys.shown)):
        _hold(photo.pk, holder.pk, kind=kind, key=key)
    return keys


@transaction.atomic
def add_holder(photo: Photo, *, account: Account) -> None:
    """Give `account` a hold of their own on whichever keys of `photo` still exist.

    Raises `KeyDestroyed` if none does. The caller must have checked that `account` may have it.
    """
    lock_epoch()  # A key that is being destroyed must not be copied meanwhile.
    kinds = set(Hold.objects.filter(photo=photo).values_list("kind", flat=True))
    if not kinds:
        raise KeyDestroyed
    held = set(Hold.objects.filter(photo=photo, account=account).values_list("kind", flat=True))
    for kind in kinds - held:
        _hold(photo.pk, account.pk, kind=kind, key=_key(photo.pk, kind))


def original_key(photo_id: UUID) -> bytes:
    """The key of the original; raises `KeyDestroyed`. Don't keep it beyond the current task."""
    return _key(photo_id, Hold.Kind.ORIGINAL)


def shown_key(photo_id: UUID) -> bytes:
    """The key of the renditions; raises `KeyDestroyed`. Don't keep it beyond the current task."""
    return _key(photo_id, Hold.Kind.SHOWN)


@transaction.atomic
def shown_key_or_new(photo_id: UUID) -> bytes:
    """The key to seal renditions with. After a take-back it is a new one, for everyone who holds the original.

    Raises `KeyDestroyed` if nobody holds the original.
    """
    lock_epoch()  # Two workers must not make two.
    held = Hold.objects.filter(photo_id=photo_id)
    if held.filter(kind=Hold.Kind.SHOWN).exists():
        return _key(photo_id, Hold.Kind.SHOWN)
    accounts = list(held.values_list("account_id", flat=True))
    if not accounts:
        raise KeyDestroyed
    key = fresh_key()
    for account in accounts:
        _hold(photo_id, account, kind=Hold.Kind.SHOWN, key=key)
    return key


@lru_cache(maxsize=8)
def _keyring(at: BucketPlace | Path, instance: UUID) -> Keyring:
    return Keyring(EpochFile(slots_at(at), settings.ROOT_KEY, instance), instance)


def _key(photo_id: UUID, kind: int) -> bytes:
    """Retry once, as a destroy may have ended the generation between reading the row and the file."""
    try:
        return _key_now(photo_id, kind)
    except NoSuchEpoch:
        return _key_now(photo_id, kind)


def _key_now(photo_id: UUID, kind: int) -> bytes:
    row = (
        Hold.objects.filter(photo_id=photo_id, kind=kind)
        .values_list(
            Subquery(KeyEpoch.objects.values("instance")[:1]),
            Subquery(KeyEpoch.objects.values("generation")[:1]),
            "account_id",
            F("account__authorkey__wrapped"),
            "wrapped",
        )
        .first()
    )
    if row is None:
        raise KeyDestroyed
    instance, generation, account, author_wrapped, hold_wrapped = row
    return keyring_of(instance).open_hold(
        generation,
        bytes(author_wrapped),
        hold_wrapped=bytes(hold_wrapped),
        account=account.bytes,
        photo=photo_id.bytes,
        kind=kind,
    )


def _hold(photo: UUID, account: UUID, *, kind: int, key: bytes) -> None:
    author_wrapped = _author_row(account) or _new_author_row(account)
    epoch = KeyEpoch.objects.get()  # Read after the author's row is locked, so the two fit.
    ring = keyring_of(epoch.instance)
    author = ring.author_afresh(epoch.generation, account, author_wrapped)
    wrapped = wrap(author, key, ring.hold_bound(account, photo, kind))
    Hold.objects.create(photo_id=photo, account_id=account, kind=kind, wrapped=wrapped)


def _author_row(account: UUID) -> bytes | None:
    """The author's wrapped key, its row locked until the commit."""
    rows = AuthorKey.objects.select_for_update().filter(account_id=account)
    wrapped = rows.values_list("wrapped", flat=True).first()
    return None if wrapped is None else bytes(wrapped)


def _new_author_row(account: UUID) -> bytes:
    """Create the key at an author's first photograph. No row may appear while a destroy rewraps those it sees."""
    epoch = lock_epoch()
    if made_meanwhile := _author_row(account):
        return made_meanwhile
    ring = keyring_of(epoch.instance)
    under = AESGCM(ring.epochs.read(epoch.generation))
    wrapped = wrap(under, fresh_key(), ring.author_bound(account, epoch.generation))
    AuthorKey.objects.create(account_id=account, wrapped=wrapped)
    return wrapped
