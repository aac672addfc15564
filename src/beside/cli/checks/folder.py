"""The data folder: whether it is there, whole, ours, private, and has room on a disk that keeps what is written."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from beside.cli.checks import access_lists
from beside.cli.checks.file_systems import (
    IN_MEMORY,
    KEEPS_OLD_BLOCKS,
    ON_NETWORK,
    file_system,
    is_read_only,
)
from beside.cli.checks.findings import Finding, note, well, wrong
from beside.cli.process.prepared_version import was_prepared
from beside.cli.process.restore_mark import RESTORING
from beside.config.env import Env
from beside.photos import disk_full
from beside.photos.vault import new_place
from beside.photos.vault.durable import nearest_folder
from beside.photos.vault.slots import slots_at

_GIB = 1024**3
_LEAST_ROOM_BYTES = 2 * _GIB
_NAMELESS = "a file system that has no name here"
# What lies in the data folder and is opened all the time; of other files only the folder matters.
_OPENED = (
    "beside.sqlite3",
    "beside.sqlite3-wal",
    "beside.sqlite3-shm",
    "keyring",
    "blobs",
    "static",
)


def look(env: Env) -> Iterator[Finding]:
    """Everything about the folder that needs neither its key nor its database."""
    if env.data.is_dir() and not os.access(env.data, os.R_OK | os.X_OK):
        yield _owner(env.data)
        return
    if _is_missing(env):
        yield wrong(
            "place",
            f"There is a root key at {env.root_key_file}, but no place in {env.data}.",
            "Mount its disk. For a new place, beside serve says what to do.",
        )
    if isinstance(slots := env.keyring_place, Path) and not slots.is_relative_to(env.data):
        yield _keyring_folder(slots)
    if not env.is_data_spare:
        yield from _folder(env)
        yield _room(env.data)
        yield _file_system(env)
        return
    yield well(
        "data folder",
        f"Rows, photographs and the epoch key are kept elsewhere, so {env.data} may be lost.",
    )
    if env.data.exists():
        yield from _folder(env)


def _is_missing(env: Env) -> bool:
    """A keyring that can't be asked is named by the checks of buckets."""
    try:
        return new_place.is_missing(env.data, env.root_key_file, slots_at(env.keyring_place))
    except OSError:
        return False


def _folder(env: Env) -> Iterator[Finding]:
    data = env.data
    if not data.exists():
        yield wrong(
            "data folder", f"{data} isn't there.", "beside serve makes it at the first start."
        )
        return
    if not data.is_dir():
        yield wrong(
            "data folder",
            f"{data} is no folder.",
            "Name a folder in BESIDE_DATA, or move that file.",
        )
        return
    yield private("data folder", data, 0o700)
    yield _owner(data)
    if (data / RESTORING).exists():
        yield wrong(
            "restore",
            f"A restore into {data} was interrupted, so what is there isn't whole.",
            "Run beside restore again: it begins anew, or does what was left to do. The backup is unchanged.",
        )
    if was_prepared(data) and not (data / "static" / ".made-from").exists():
        yield wrong(
            "static files",
            f"What pages need from {data / 'static'} isn't there.",
            "Start beside serve again: it makes them.",
        )


def private(about: str, path: Path, most: int) -> Finding:
    """Whether nobody but its owner can reach `path`; `most` are the rights that it may have."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~most and not access_lists.is_for(path, os.geteuid()):
        return wrong(
            f"{about}'s rights",
            f"Others on this machine can reach {path} ({mode:o}).",
            f"chmod {most:o} {path}",
        )
    return well(f"{about}'s rights", f"Only its owner can reach {path}.")


def name_of(user: int) -> str:
    """The name of a user of this machine; their number where they have none."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _owner(data: Path) -> Finding:
    """SQLite and the store write to the folder and to all in it: one file of root's stops them."""
    about, owner, me = "owner", data.stat().st_uid, os.geteuid()
    if owner != me and me != 0:
        return wrong(
            about,
            f"{data} belongs to {name_of(owner)}, and this is run by {name_of(me)}.",
            f"Run Beside as {name_of(owner)}: sudo -u {name_of(owner)} beside …",
        )
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK) and not is_read_only(data):
        return wrong(about, f"{name_of(me)} can't write to {data}.", f"chmod 700 {data}")
    others = [
        path for name in _OPENED if (path := data / name).exists() and path.stat().st_uid != owner
    ]
    if others:
        return wrong(
            about,
            f"{data} belongs to {name_of(owner)}, but in it {', '.join(one.name for one in others)}"
            f" to {name_of(others[0].stat().st_uid)}.",
            f"chown -R {name_of(owner)} {data}, and run each command as {name_of(owner)}.",
        )
    if owner != me:
        return note(
            about,
            f"This is run by {name_of(me)}, and {data} belongs to {name_of(owner)}.",
            f"Run commands as {name_of(owner)}, or what they write is {name_of(me)}'s: sudo -u {name_of(owner)} beside …",
        )
    return well(about, f"{data} belongs to {name_of(me)}, who runs this.")


def _room(data: Path) -> Finding:
    disk = nearest_folder(data)
    if disk_full.is_full(disk):
        return wrong(
            "room",
            "The disk is full: nothing more can be put in. Reading, closing, taking back and destroying still work.",
            "Make room now, or give the data folder a larger disk.",
        )
    if (counts := os.statvfs(disk)).f_files and not counts.f_favail:
        return wrong(
            "room",
            "The disk takes no more files, however much room it has: it has no inodes left.",
            "Remove files from it, or give the data folder a disk of its own.",
        )
    free = shutil.disk_usage(disk).free
    says = f"{free / _GIB:.1f} GiB are free where the photographs are kept."
    if free < _LEAST_ROOM_BYTES:
        return wrong("room", says, "Make room soon: without it, nothing more can be put in.")
    return well("room", says)


def _file_system(env: Env) -> Finding:
    about, data, kind = "file system", env.data, file_system(env.data)
    if is_read_only(data):
        return wrong(
            about,
            f"The disk of {data} is mounted for reading only, so nothing can be kept.",
            "Look at the system's log for why, mend the disk, and mount it for writing: mount -o remount,rw",
        )
    if kind in ON_NETWORK and not env.database_url.get_secret_value():
        return wrong(
            about,
            f"The data folder is on a network share ({kind}), where SQLite can lose what it confirmed.",
            "Put the data folder on a local disk, or the database into PostgreSQL.",
        )
    if kind in IN_MEMORY:
        return wrong(
            about,
            f"The data folder is in memory ({kind}): everything is gone when the machine stops.",
            "Put it on a disk.",
        )
    if kind in KEEPS_OLD_BLOCKS:
        return _keeps_old_blocks(about, "The data folder", kind)
    return well(about, f"The data folder is on {kind or _NAMELESS}.")


def _keyring_folder(folder: Path) -> Finding:
    """Where the epoch key has a folder of its own."""
    about, kind = "keyring's folder", file_system(folder)
    if kind in IN_MEMORY:
        return wrong(
            about,
            f"{folder} is in memory ({kind}): with the epoch key in it, every photograph is lost when the machine stops.",
            "Name a folder on a disk in BESIDE_KEYRING, and have both files there before the machine stops.",
        )
    if kind in KEEPS_OLD_BLOCKS:
        return _keeps_old_blocks(about, str(folder), kind)
    return well(about, f"{folder} is on {kind or _NAMELESS}.")


def _keeps_old_blocks(about: str, what: str, kind: str) -> Finding:
    return note(
        about,
        f"{what} is on {kind}, which may keep old blocks in snapshots: a destroyed key could still be in one.",
        "Take no snapshots of the keyring folder, or let them run out within days.",
    )
