"""The folders and files among the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator


def named(path: object) -> object:
    """`path`, unless it is empty: that would be whatever folder a command is run in. Raises a ValueError with a sentence."""
    if isinstance(path, str) and not path.strip():
        raise ValueError("It is empty. Write a path, or leave the setting out.")
    return path


def named_or_not(path: str) -> str:
    """`path`, unless there are only spaces: nothing means the usual place. Raises a ValueError with a sentence."""
    return path and str(named(path))


NamedPath = Annotated[Path, BeforeValidator(named)]
