"""A photo-sharing server for the photographs and words that are hardest to share."""

from __future__ import annotations

from importlib.metadata import version as _version

# What it is called where packages are installed from. `beside` alone is ours only as the name of the program.
DISTRIBUTION = "beside-server"


def version() -> str:
    """The number of the installed version."""
    return _version(DISTRIBUTION)
