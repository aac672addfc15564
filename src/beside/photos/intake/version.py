"""Which program opens photographs here: ours and its two decoders, any of which an upgrade may change."""

from __future__ import annotations

from functools import cache
from importlib import metadata

from beside import DISTRIBUTION

_PARTS = (DISTRIBUTION, "pyvips-binary", "pillow-heif")


@cache
def version() -> str:
    """The three versions, such as "beside-server 0.2.0, pyvips-binary 8.18.7, pillow-heif 1.8.1"."""
    return ", ".join(f"{part} {_version_of(part)}" for part in _PARTS)


def _version_of(part: str) -> str:
    """A libvips that came with the system instead of from `pyvips-binary` has no version here."""
    try:
        return metadata.version(part)
    except metadata.PackageNotFoundError:
        return "-"
