"""Start a darkroom on a machine that refuses what is named, as an old kernel or a container does.

Run as `python without.py landlock,seccomp SOCKET`: a filter of our own answers ENOSYS to those calls.
"""

from __future__ import annotations

import errno
import platform
import socket
import sys

from beside.photos.darkroom import kernel, seccomp
from beside.photos.darkroom.server import serve

_CALLS = {
    "x86_64": {"landlock": (444, 445, 446), "seccomp": (317,)},
    "aarch64": {"landlock": (444, 445, 446), "seccomp": (277,)},
}[platform.machine()]


def refuse(names: str) -> None:
    steps: seccomp.Steps = [(0x20, 0, 0, 0)]
    for name in filter(None, names.split(",")):
        for number in _CALLS[name]:
            steps += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | errno.ENOSYS)]
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    (own,) = _CALLS["seccomp"]
    seccomp.load(own, [*steps, (0x06, 0, 0, 0x7FFF0000)])


if __name__ == "__main__":
    refuse(sys.argv[1])
    serve(socket.socket(fileno=int(sys.argv[2])))
