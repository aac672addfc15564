"""Where a place's files and its epoch key were before it moved, as a row: from there it must not be served again.

Rows themselves are set aside, so that nobody finds them. Files and keys can't be: another machine might still have the old
settings, and keep in the old store what nobody looks for there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections

from beside.config.env import Env
from beside.photos.place_models import PlaceRecord
from beside.photos.vault.bucket_places import BucketPlace, identity_of, where

NAME = "left by a move"


class LeftBehind(Exception):
    """The settings name a place that this one has moved away from."""

    def __init__(self, what: str, setting: str, place: BucketPlace | Path) -> None:
        super().__init__(
            f"{what} in {where(place)} any more: beside move took it elsewhere. Set {setting} to where it is now; if beside move was"
            " cut off, give the same command again, with the settings of before."
        )


def require_not_left(env: Env, *, alias: str = DEFAULT_DB_ALIAS) -> None:
    """Return only if what `env` names wasn't left, as the database `alias` says. Raises `LeftBehind`. Needs no table."""
    if PlaceRecord._meta.db_table not in connections[alias].introspection.table_names():
        return
    left = places_left(alias)
    if {store_name(env), f"store {_as_before(env.store_place)}"} & left:
        raise LeftBehind("What is sealed here isn't", "BESIDE_STORE", env.store_place)
    if {keyring_name(env), f"keyring {_as_before(env.keyring_place)}"} & left:
        raise LeftBehind("The epoch key isn't", "BESIDE_KEYRING", env.keyring_place)


def places_left(alias: str) -> set[str]:
    """What the database `alias` says was left."""
    found = PlaceRecord.objects.using(alias).filter(name=NAME).first()
    return set(found.told["places"]) if found else set()


def leave_places(names: Iterable[str], *, at: datetime, alias: str) -> None:
    """Have the database `alias` say that exactly these were left. Where its connection doesn't commit by itself, nor does this."""
    rows = PlaceRecord.objects.using(alias)
    rows.filter(name=NAME).delete()
    if told := sorted(names):
        rows.create(name=NAME, told={"places": told}, at=at)


def store_name(env: Env) -> str:
    """The name of the store that `env` names, in that row."""
    return f"store {identity_of(env.store_place)}" if env.store else "store"


def keyring_name(env: Env) -> str:
    """The name of its keyring there."""
    return f"keyring {identity_of(env.keyring_place)}" if env.keyring else "keyring"


def _as_before(place: BucketPlace | Path) -> str:
    """How version 0.2.0 spelled a bucket in that row."""
    if isinstance(place, BucketPlace):
        return f"{place.url.rstrip('/')} {place.endpoint}".rstrip()
    return identity_of(place)
