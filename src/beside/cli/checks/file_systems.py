"""What kind of file system a folder is on, and how it is mounted."""

from __future__ import annotations

import os
from pathlib import Path

from beside.photos.vault.durable import nearest_folder

KEEPS_OLD_BLOCKS = {"btrfs", "zfs", "bcachefs"}
IN_MEMORY = {"tmpfs", "ramfs"}
# Locks and syncing over these aren't what SQLite needs.
ON_NETWORK = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "afs", "davfs", "fuse.sshfs"),
    *("fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs2"),
}
_MOUNTS = Path("/proc/mounts")


def file_system(path: Path, *, mounts: Path = _MOUNTS) -> str:
    """The kind of file system that `path` is on, from /proc/mounts; empty where there is none."""
    if not mounts.exists():
        return ""
    at = nearest_folder(path.resolve())
    best = ("", "")
    for line in mounts.read_text("utf-8").splitlines():
        _, where, kind, *_ = line.split()
        # A blank in a name is written as \040.
        where = where.encode().decode("unicode_escape")
        if at.is_relative_to(where) and len(where) >= len(best[0]):
            best = (where, kind)
    return best[1]


def is_read_only(path: Path) -> bool:
    """Whether the file system that `path` is on is mounted for reading only."""
    return bool(os.statvfs(nearest_folder(path)).f_flag & os.ST_RDONLY)
