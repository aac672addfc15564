"""Access lists of files (POSIX ACL), as systemd gives a service its credentials by: they show as rights of a group that has none."""

from __future__ import annotations

import os
import struct
from pathlib import Path

_ATTRIBUTE = "system.posix_acl_access"
_VERSION = 2
_HEAD, _ENTRY = struct.Struct("<I"), struct.Struct("<HHI")
_OWNER, _USER, _MASK = 0x01, 0x02, 0x10


def is_for(path: Path, user: int) -> bool:
    """Whether an access list lets nobody reach `path` but its owner, who is root or `user`, and `user`."""
    if path.stat().st_uid not in (0, user):
        return False
    try:
        said = os.getxattr(path, _ATTRIBUTE)
    except (OSError, AttributeError):  # No list, or no such lists on this system.
        return False
    if _HEAD.unpack_from(said)[0] != _VERSION:
        return False
    return all(
        tag in (_OWNER, _MASK) or not rights or (tag == _USER and whose == user)
        for tag, rights, whose in _ENTRY.iter_unpack(said[_HEAD.size :])
    )
