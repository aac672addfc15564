"""The root key's file, as a process that is about to hold the key meets it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from beside.config.env import Env
from beside.config.regular_files import read
from beside.photos.vault import new_place
from beside.photos.vault.root import Root, open_root
from beside.photos.vault.wrapping import KEY_BYTES


def require_readable(path: Path) -> None:
    """Return where `path` can be read, or is missing. Raises OSError, also where it is a loop, a pipe, or has no end.

    Whatever asks only whether it exists would take some of these for missing.
    """
    with suppress(FileNotFoundError):
        read(path, most=KEY_BYTES)


def opened(env: Env, *, is_new_place: bool) -> Root:
    """The root key, made where this is a new place. Raises what `open_root` raises, and then leaves no new place meant.

    A new place is meant before its key is there: killed in between, it is still a new one, and not one whose disk isn't mounted.
    But what has failed may be put right long after, on a disk that isn't mounted by then.
    """
    is_first_to_mean = is_new_place and not new_place.is_meant(env.data)
    try:
        if is_new_place:
            new_place.mean(env.data)
        return open_root(env.root_key_file, data_folder=env.data, may_make=is_new_place)
    except BaseException:
        if is_first_to_mean:
            new_place.made(env.data)
        raise
