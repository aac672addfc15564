"""What a host may name as the place of a backup: a folder, or a bucket's address."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.conf import settings

from beside.cli.backups.destination import Destination, Place
from beside.cli.backups.dumps import DumpName, names_in
from beside.cli.checks.buckets import kept_of_keys
from beside.cli.checks.findings import How
from beside.cli.failures.empty_words import EMPTY
from beside.moderation.runs_of_place import last_backup
from beside.photos.vault.bucket_places import BucketPlace, NotABucket, is_address, require_bucket

_CLOCKS_DIFFER = timedelta(hours=1)


class SameBucket(Exception):
    """It is in a bucket that the place uses, and would be lost with it."""

    def __init__(self, url: str, setting: str) -> None:
        super().__init__(
            f"{url} is in the bucket that {setting} names, and would be lost with it. Choose another bucket."
        )


class ClockDoubted(Exception):
    """The newest dump is later than now."""

    def __init__(self, newest: DumpName, at: datetime) -> None:
        super().__init__(
            f"The newest dump there is of {newest.at:%Y-%m-%d %H:%M} UTC, and this machine's clock says {at:%Y-%m-%d %H:%M}: now, or then, it was wrong."
            f" Nothing has been made. A restore would take that dump for the newest for ever. Set the clock, or delete {newest}.dump."
        )


class LastBackupGone(Exception):
    """The last backup was to the same place, and isn't there: a disk that isn't mounted looks so."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The last backup was to {where}, and there is none now. Is its disk mounted? A copy that is made there meanwhile would keep"
            f" keys that are destroyed later. Nothing has been made. To begin a new one there: beside backup {where} --new"
        )


class KeepsOldKeys(Exception):
    """A keyring's bucket keeps what is replaced in it."""


if TYPE_CHECKING:
    _Kind = click.ParamType[Place]
else:
    _Kind = click.ParamType


class PlaceOfBackups(_Kind):
    """A folder's path, or the address of a bucket, reached as BESIDE_BACKUP_ENDPOINT and its like say."""

    name = "place"

    def __init__(self, *, exists: bool = False) -> None:
        self._folder = click.Path(exists=exists, file_okay=False, path_type=Path)

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Place:
        """The place. What can't be one is a usage error."""
        if isinstance(value, Path | BucketPlace):
            return value
        if not str(value).strip():
            self.fail(EMPTY, param, ctx)
        if not is_address(value):
            folder: Path = self._folder.convert(value, param, ctx)
            return folder.resolve()
        try:
            require_bucket(value, other_than="")
        except NotABucket as wrong:
            self.fail(str(wrong), param, ctx)
        place: BucketPlace = settings.BESIDE.backup_at(value)
        return place


def require_last_there(destination: Destination, *, data: Path, at: datetime) -> None:
    """Return unless the last backup was to `destination` and is gone, or the clock must be wrong. Raises `LastBackupGone` and `ClockDoubted`."""
    newest = max(names_in(destination.dumps), default=None)
    last = last_backup(data)
    if newest is None:
        if last and last.to == destination.where:
            raise LastBackupGone(destination.where)
    elif newest.at > at + _CLOCKS_DIFFER:
        raise ClockDoubted(newest, at)


def require_apart(place: BucketPlace) -> None:
    """Return only if this place keeps nothing in the bucket of `place`. Raises `SameBucket`."""
    env = settings.BESIDE
    for used, setting in (
        (env.store_place, "BESIDE_STORE"),
        (env.keyring_place, "BESIDE_KEYRING"),
    ):
        if isinstance(used, BucketPlace) and _bucket(used) == _bucket(place):
            raise SameBucket(place.url, setting)


def require_nothing_kept(place: BucketPlace) -> None:
    """Return only if `place`, for a keyring, isn't known to keep earlier versions or copies of keys. Raises `KeepsOldKeys`."""
    for finding in kept_of_keys(place):
        if finding.how == How.WRONG:
            raise KeepsOldKeys(
                f"{finding.says} Nothing was written. Name another place for it with --keyring."
            )


def _bucket(place: BucketPlace) -> tuple[str, ...]:
    scheme, bucket, _folder, endpoint = place.identity
    return scheme, bucket, endpoint
