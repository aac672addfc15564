"""The folders and files among the settings."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator


def named(path: object) -> object:
    """`path`, unless it is empty, which would be whatever folder a command is run in, or a loop of links. Raises a ValueError with a sentence."""
    if isinstance(path, str) and not path.strip():
        raise ValueError("It is empty. Write a path, or leave the setting out.")
    if isinstance(path, str) and _is_loop(path):
        raise ValueError("It is a link that leads back to itself.")
    return path


def _is_loop(path: str) -> bool:
    """Whatever else keeps a path from being used is said by whoever uses it."""
    try:
        Path(path).stat()
    except OSError as wrong:
        return wrong.errno == errno.ELOOP
    return False


def named_or_not(path: str) -> str:
    """`path`, unless there are only spaces: nothing means the usual place. Raises a ValueError with a sentence."""
    return path and str(named(path))


NamedPath = Annotated[Path, BeforeValidator(named)]
