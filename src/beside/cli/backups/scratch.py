"""A private folder for what a command needs in between, words in plain among it. None outlives its command for long.

It lies in the data folder, where words are in plain already, or where that would be. A killed command leaves one; the next removes it, where
it lies in a data folder: elsewhere a name proves nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from beside.cli.backups.refusals import writing_to
from beside.cli.process.locks import locked_folder
from beside.photos.vault.durable import HEXED, PRIVATE_FOLDER, nearest_folder

_PREFIX = "scratch-"


@contextmanager
def scratch_folder(data: Path) -> Iterator[Path]:
    """A new folder, which is gone when this ends, however it ends. Raises `CannotWrite`."""
    near = nearest_folder(data.resolve())
    folder = near / f"{_PREFIX}{uuid4().hex}"
    with writing_to(near):
        if near == data.resolve():
            drop_leftovers(near)
        folder.mkdir(mode=PRIVATE_FOLDER)
    with locked_folder(folder, busy=BlockingIOError()):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def drop_leftovers(near: Path) -> None:
    """Remove what killed commands have left in `near`. A folder that is in use is locked."""
    for draft in near.glob(f"*.last.{HEXED}.draft"):
        draft.unlink(missing_ok=True)
    for folder in near.glob(f"{_PREFIX}{HEXED}"):
        with (
            suppress(FileNotFoundError, NotADirectoryError, BlockingIOError),
            locked_folder(folder, busy=BlockingIOError()),
        ):
            shutil.rmtree(folder, ignore_errors=True)
