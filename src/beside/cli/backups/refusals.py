"""What a disk refuses while something is written to a folder of a backup or of a restore, in a sentence."""

from __future__ import annotations

import errno
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from beside.photos.vault.slots import SlotChanged
from beside.photos.vault.store import StoreUnavailable

_KEPT = "What was there before is as it was, and what was half-written is gone."


class CannotWrite(Exception):
    """The folder, or its disk, takes nothing more."""

    def __init__(self, folder: Path, wrong: OSError) -> None:
        super().__init__(f"{_reason(folder, wrong)} {_KEPT}")


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn what the disk of `folder` refuses into `CannotWrite`. What a store says is told by itself."""
    try:
        yield
    except (StoreUnavailable, SlotChanged):
        raise
    except OSError as wrong:
        raise CannotWrite(folder, wrong) from None


def _reason(folder: Path, wrong: OSError) -> str:
    if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"There is no room for it in {folder}. Make room there, or choose another disk, and run this again."
    if wrong.errno in (errno.EACCES, errno.EPERM):
        return f"{_me()} may not read or write {wrong.filename or folder}. Give {folder} and all that is in it to {_me()}."
    if wrong.errno == errno.EROFS:
        return f"{folder} can only be read. Mount its disk for writing."
    if wrong.errno in (errno.ENOTDIR, errno.EEXIST):
        return (
            f"{wrong.filename or folder} is a file where a folder should be. Choose another folder."
        )
    if wrong.errno == errno.EIO:
        return f"The disk of {folder} doesn't read or write ({wrong.strerror}). It may be failing."
    return f"{folder} can't be written to ({wrong.strerror or wrong})."


def _me() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"the user {os.geteuid()}"
