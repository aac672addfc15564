"""The epoch key on its way to another keyring: written there last of all, and gone from the old one at the end."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from beside.cli.moving.refusals import OldKeyDoesntOpen
from beside.photos.models import AuthorKey, Hold, KeyEpoch
from beside.photos.vault.epoch import SLOT_BYTES, TWO, EpochFile, NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import Keyring
from beside.photos.vault.slots import Slots
from beside.photos.vault.wrapping import KeyDoesNotOpen, unwrap


class KeyringThere(Exception):
    """The other keyring has a key already."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"There is a keyring at {place} already. It is left as it is. Choose another place for this one."
        )


class KeyringLeftThere(Exception):
    """A copy of the epoch key is where it must not stay, and can't be removed."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The move failed, and the copy of the epoch key at {place} can't be removed. Were the place started where it was, what"
            " is destroyed from now on could be opened by that copy; so it stays set aside. Give the same command again."
        )


def require_free(target: Slots, epoch: KeyEpoch) -> None:
    """Return only if there is no key at `target`, of whatever place. Raises `KeyringThere` and `SlotsUnguarded`.

    This place's own is none that a cut off move has left: before it writes the key, the database is set aside, and to set
    it back it removes the key first. It would be the one in use, by another name. A slot of noise is no key.
    """
    there = EpochFile(target, settings.ROOT_KEY, epoch.instance)
    there.require_guard()
    if there.newest():
        raise KeyringThere(target.place)


def require_opens(slots: Slots, epoch: KeyEpoch) -> None:
    """Return only if the epoch key is in `slots`. Raises `NoSuchEpoch`, `OtherRoot` and an `OSError`."""
    EpochFile(slots, settings.ROOT_KEY, epoch.instance).read(epoch.generation)


def write(source: Slots, target: Slots, epoch: KeyEpoch) -> None:
    """Write the epoch key to both slots of `target`, each by compare-and-swap, and read it back. Raises as `EpochFile.read` does.

    Where only `target` opens any more, what it has is the key, and stays. Raises `KeyringThere` where another place's has come.
    """
    there = EpochFile(target, settings.ROOT_KEY, epoch.instance)
    try:
        key = EpochFile(source, settings.ROOT_KEY, epoch.instance).read(epoch.generation)
    except NoSuchEpoch:
        there.settle(epoch.generation)
        return
    try:
        there.put_back(epoch.generation, key)
    except OtherRoot:
        raise KeyringThere(target.place) from None


def take_back(source: Slots, target: Slots, epoch: KeyEpoch) -> None:
    """End the copy of the epoch key in `target`, but never the only one, nor another place's.

    Raises `OldKeyDoesntOpen` and `KeyringLeftThere`; then it is as it was, or partly ended.
    """
    try:
        require_opens(source, epoch)
    except (NoSuchEpoch, OtherRoot, OSError):
        raise OldKeyDoesntOpen(old=source.place, new=target.place) from None
    try:
        end(target, spares=EpochFile(target, settings.ROOT_KEY, epoch.instance).anothers())
    except OSError:
        raise KeyringLeftThere(target.place) from None


def end(slots: Slots, *, spares: Collection[str] = ()) -> None:
    """Write noise over every slot but those, and remove it: what is destroyed from now on must not open by an old copy.

    A store may list late, so the two that are always there are asked for by name.
    """
    for name in dict.fromkeys([*TWO, *slots.names()]):
        if name in spares:
            continue
        if (held := slots.read(name)) is not None:
            slots.write(name, secrets.token_bytes(SLOT_BYTES), over=held)
        if (noise := slots.read(name)) is not None:
            slots.remove(name, held=noise)


def require_all_open(slots: Slots, *, alias: str) -> int:
    """Open every photograph's key in the database `alias` by the key in `slots`. Returns how many; raises what the first one raises."""
    epoch = KeyEpoch.objects.using(alias).get()
    ring = Keyring(EpochFile(slots, settings.ROOT_KEY, epoch.instance), epoch.instance)
    under = AESGCM(ring.epochs.read(epoch.generation))
    authors = {
        key.account_id: AESGCM(
            unwrap(under, bytes(key.wrapped), ring.author_bound(key.account_id, epoch.generation))
        )
        for key in AuthorKey.objects.using(alias)
    }
    opened = 0
    for hold in Hold.objects.using(alias).iterator():
        bound = ring.hold_bound(hold.account_id, hold.photo_id, hold.kind)
        if hold.account_id not in authors:
            raise KeyDoesNotOpen
        unwrap(authors[hold.account_id], bytes(hold.wrapped), bound)
        opened += 1
    return opened
