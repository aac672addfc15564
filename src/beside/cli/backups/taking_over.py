"""Whether a restore may use the keyring and the store that the settings name, where they are outside the data folder.

The place of the backup may still run with them. Of two places with one keyring, each ends every key of the other whenever something is
destroyed in it, and each sweeps the other's newer files. So what is in use is refused, unless the host says that whoever used it never
runs again, or a restore into this folder had begun to use it and was cut off, as its mark says.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from beside.cli.backups import restored
from beside.cli.moving.left import keyring_name, store_name
from beside.config.env import Env
from beside.photos.vault.bucket_places import BucketPlace, where
from beside.photos.vault.keyring import keyring_of
from beside.photos.vault.keyring_file import KeyringFile
from beside.photos.vault.store import Store, is_anothers, store_at


class KeyInUse(Exception):
    """Where this place's epoch key would be restored to, there is another place's."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"At {where} is the epoch key of another place: a restore would write over it, and every photograph of that place"
            " would be lost. Nothing has been changed. Set BESIDE_KEYRING to a place of this one's own, or to nothing."
        )


class KeyringInUse(Exception):
    """There is this place's own epoch key, which the place of the backup may still use."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"At {where} is the epoch key of the very place that this backup is of. If that place still runs, or is ever started again, two"
            " would share one keyring, and whatever is destroyed in either takes every photograph of the other. Nothing has been changed. For a"
            " second place beside it, set BESIDE_KEYRING to another place, or to nothing. If it never runs again, give the same command with"
            " --take-over."
        )


class StoreInUse(Exception):
    """There are files, which the place of the backup may still use."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"There are files at {where} already. If the place that they are of still runs, or is ever started again, either would delete"
            " what the other takes in. Nothing has been changed. For a second place beside it, set BESIDE_STORE to an empty place, or to"
            " nothing. If it never runs again, give the same command with --take-over."
        )


class OthersStore(Exception):
    """There are files, and none is of the place that the backup is of."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"None of the files at {where} is in this backup: they are another place's, which would lose them to this one. Nothing has been"
            " changed. Set BESIDE_STORE to an empty place, or to nothing."
        )


class How(StrEnum):
    """How a restore deals with what is there already.

    `WITH_LINKS` is for a place that is thrown away: its store is the backup's own, and only read. `TAKING_OVER` uses what is in use
    outside the data folder: whoever used it never runs again.
    """

    PLAINLY = ""
    WITH_LINKS = "links"
    TAKING_OVER = "take-over"


class Using:
    """What one restore uses outside the data folder, and whether it may although it is in use."""

    def __init__(self, env: Env, file: KeyringFile, how: How) -> None:
        self.how = how
        self._env, self._epochs = env, keyring_of(file.instance).epochs
        places = {keyring_name(env): env.keyring_place}
        if how != How.WITH_LINKS:
            places[store_name(env)] = env.store_place
        #: By the names that a move has for them.
        self.names = {name for name, at in places.items() if not _is_inside(at, env.data)}
        self._may_be_used = self.names if how == How.TAKING_OVER else restored.taken(env.data)

    def require_unused(self, backup: Store) -> None:
        """Return only if they may be used. Raises `KeyInUse`, `KeyringInUse`, `StoreInUse`, `OthersStore`, and what they raise."""
        self.require_unused_keyring()
        name = store_name(self._env)
        if name not in self.names:
            return
        there = store_at(self._env.store_place, is_patient=True)
        if next(there.ids(), None) is None:
            return
        if name not in self._may_be_used:
            raise StoreInUse(where(self._env.store_place))
        if is_anothers(there, ours={blob for blob, _ in backup.ids()}):
            raise OthersStore(where(self._env.store_place))

    def require_unused_keyring(self) -> None:
        """The keyring alone: once more before it is written, as files are copied for hours. Raises `KeyInUse` and `KeyringInUse`."""
        if self._epochs.anothers():
            raise KeyInUse(self._epochs.place)
        name = keyring_name(self._env)
        if name in self.names - self._may_be_used and self._epochs.newest():
            raise KeyringInUse(self._epochs.place)


def _is_inside(place: BucketPlace | Path, data: Path) -> bool:
    """A restore empties the folder, or finds it empty."""
    return isinstance(place, Path) and place.resolve().is_relative_to(data.resolve())
