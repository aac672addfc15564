"""The root key: whether it is there, whole, readable, private, and apart from what it opens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from beside.cli.checks import folder
from beside.cli.checks.findings import Finding, note, well, wrong
from beside.config.env import Env
from beside.config.regular_files import read
from beside.photos.vault.root import RootKeyMissing, RootKeyWrongLength
from beside.photos.vault.slots import slots_at
from beside.photos.vault.wrapping import KEY_BYTES

# A file that is longer is the wrong one, by however much.
_LONGEST = 64 * 1024
_PUT_BACK = "Put the right file back; your recovery copy is the same 32 bytes."


def look(env: Env) -> Iterator[Finding]:
    """Everything about the key that can be seen without using it."""
    yield from _file(env)
    yield _place(env)


def _file(env: Env) -> Iterator[Finding]:
    about, key = "root key", env.root_key_file
    try:
        length = len(read(key, most=_LONGEST))
    except FileNotFoundError:
        if slots_at(env.keyring_place).exist():
            yield wrong(about, str(RootKeyMissing(key)), _PUT_BACK)
        else:
            yield wrong(about, f"{key} isn't there.", "beside serve makes it at the first start.")
        return
    except OSError as refused:
        yield wrong(
            about,
            f"{key} can't be read by {folder.name_of(os.geteuid())} ({refused.strerror}).",
            "Name a file in BESIDE_ROOT_KEY_FILE that whoever runs Beside owns and can read.",
        )
        return
    if length != KEY_BYTES:
        yield wrong(about, str(RootKeyWrongLength(key, length)), _PUT_BACK)
    yield folder.private(about, key, 0o600)


def _place(env: Env) -> Finding:
    # A loop of links has been said already: it is no error here.
    key, data = Path(os.path.realpath(env.root_key_file)), Path(os.path.realpath(env.data))
    if key.is_relative_to(data):
        return wrong(
            "root key's place",
            "The root key lies in the data folder, so every copy of the data carries the key to it.",
            "Move it outside, and set BESIDE_ROOT_KEY_FILE.",
        )
    if key.parent == data.parent:
        return note(
            "root key's place",
            f"The root key lies beside the data folder, in {key.parent}: a copy of that folder has both.",
            "Keep a copy of the key on paper or in a safe, and put the key itself elsewhere"
            " (BESIDE_ROOT_KEY_FILE). Whoever loses it loses every photograph.",
        )
    return well("root key's place", "The root key lies apart from the data folder.")
