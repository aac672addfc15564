"""The root key: 32 bytes in a file of its own, from which every other secret of the server is derived.

With it and the data folder, everything can be opened; without it, nothing can. So it is kept outside the data
folder and out of backups, and no new one is made while there is data that needs the old one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Literal, final
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from beside.photos.vault.durable import make_folder, sync_folder, write_new
from beside.photos.vault.wrapping import KEY_BYTES, fresh_key

Purpose = Literal[
    "delivery-url",
    "django-secret",
    "epoch",
    "keyring-file",
    "dump",
    "same-file",
    "responses",
    "seals",
    "web-push",
]
_OWNER_MAY_READ = 0o400


class RootKeyInsideData(Exception):
    """The root key is in the folder that it protects, and would be in every copy of it."""

    def __init__(self, path: Path, data_folder: Path) -> None:
        super().__init__(
            f"The root key ({path}) lies inside the data folder ({data_folder}), so every copy of the data"
            " would carry the key to it. Move the key to a folder outside, and name its new place."
        )


class RootKeyMissing(Exception):
    """There is data but no root key. A new key would open none of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The root key isn't at {path}, and there are photographs that only it can open."
            " Put the key back where it was (your recovery copy is the same 32 bytes), and start again."
        )


class RootKeyWrongLength(Exception):
    """The root key's file isn't 32 bytes long."""

    def __init__(self, path: Path, found: int) -> None:
        super().__init__(
            f"The root key at {path} should be {KEY_BYTES} bytes long and is {found}."
            " It may have been cut off or edited; put the right file back, and start again."
        )


@final
class Root:
    """The root key, wrapped so that it can't be printed, logged or pickled by accident."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Root(…)"

    def __reduce__(self) -> str:
        raise TypeError("The root key stays in this process.")


def derive(root: Root, purpose: Purpose) -> bytes:
    """The 32-byte key for one purpose (HKDF-SHA256); it reveals nothing about the root key or other derived keys."""
    info = b"beside/" + purpose.encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, None, info).derive(root._key)


def open_root(path: Path, *, data_folder: Path, may_make: bool) -> Root:
    """The root key at `path`. It is created if it is missing and `may_make`, because nothing depends on one yet.

    When this returns, the key is durable on disk. Processes that start at the same time all get the same key.
    Raises `RootKeyInsideData`, `RootKeyMissing`, `RootKeyWrongLength`.
    """
    path, data_folder = path.resolve(), data_folder.resolve()
    if path.is_relative_to(data_folder):
        raise RootKeyInsideData(path, data_folder)
    if not path.exists():
        if not may_make:
            raise RootKeyMissing(path)
        _make(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise RootKeyWrongLength(path, len(key))
    return Root(key)


def throw_away_root() -> Root:
    """A root key that is in no file, for a process that only inspects a place that has no data yet."""
    return Root(fresh_key())


def _make(path: Path) -> None:
    """Create the file by a hard link, which is atomic and never replaces a key that another process has made."""
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    write_new(draft, fresh_key(), mode=_OWNER_MAY_READ)
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    sync_folder(path.parent)
