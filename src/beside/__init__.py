"""A photo-sharing server for the photographs and words that are hardest to share."""

from __future__ import annotations

# What it is called where packages are installed from. `beside` alone is ours only as the name of the program.
DISTRIBUTION = "beside-server"


def version() -> str:
    """The number of the installed version."""
    # Here, so that a command that begins meets Ctrl-C before it has loaded anything.
    from importlib.metadata import version as installed  # noqa: PLC0415

    return installed(DISTRIBUTION)
