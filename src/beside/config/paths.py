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


NamedPath = Annotated[Path, BeforeValidator(named)]
