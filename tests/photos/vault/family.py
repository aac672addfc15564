"""Photographs with keys, and a look at everything that is left of them."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from beside.people.models import Account
from beside.photos.models import AuthorKey, Hold, Photo
from beside.photos.vault import keyring
from beside.photos.vault.slots import slots
from tests import objects
from tests.cast import NOW

ORIGINAL, SHOWN = Hold.Kind.ORIGINAL, Hold.Kind.SHOWN


def photograph(holder: Account, *others: Account) -> tuple[Photo, keyring.NewKeys]:
    photo = Photo.objects.create(uploader=holder, uploaded_at=NOW)
    keys = keyring.keys_for_new(photo, holder=holder)
    for other in others:
        keyring.add_holder(photo, account=other)
    return photo, keys


def every_wrapped_key() -> set[bytes]:
    """All that the key tables hold now, as an old backup would have kept it."""
    return {
        bytes(wrapped)
        for model in (AuthorKey, Hold)
        for wrapped in model.objects.values_list("wrapped", flat=True)
    }


def every_byte_on_disk(folder: Path) -> dict[str, bytes]:
    """What the files in the data folder hold, or one folder of it; and the slots, wherever they are."""
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    held = {name: slots().read(name) for name in slots().names()} if objects.are_used() else {}
    return {**files, **{name: one.data for name, one in held.items() if one}}


def all_that_opens(known: set[bytes], wrapped: set[bytes], bounds: list[bytes]) -> set[bytes]:
    """Every key that can be had from `known` by opening anything with anything, again and again."""
    reached, fresh = set(known), set(known)
    while fresh:
        found = set()
        for key in fresh:
            cipher = AESGCM(key)
            for sealed in wrapped:
                for bound in bounds:
                    try:
                        found.add(cipher.decrypt(sealed[:12], sealed[12:], bound))
                    except InvalidTag:
                        continue
        fresh = found - reached
        reached |= found
    return reached
