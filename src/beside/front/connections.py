"""The connections of this process, which the server gives an application no hand on.

They are found among the process's own descriptors: how much each still has to send, and the end of
one whose reader has stalled, or of an address that has too many.
"""

from __future__ import annotations

import logging
import os
import socket
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fcntl import ioctl
from struct import unpack
from termios import TIOCOUTQ

log = logging.getLogger(__name__)

_DESCRIPTORS = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"


def unsent(port: int) -> dict[str, int]:
    """How many bytes the kernel still holds for each client ("address:port") connected to our `port`."""
    return {client: _queued(connection) for client, connection in _connections(port)}


def crowding(clients: Iterable[str], *, most: int) -> set[str]:
    """Those of the clients ("address:port") that are more than `most` from one address: the last of them."""
    seen: Counter[str] = Counter()
    too_many = set()
    for client in clients:
        address = client.rpartition(":")[0]
        seen[address] += 1
        if seen[address] > most:
            too_many.add(client)
    return too_many


def cut(port: int, clients: set[str]) -> None:
    """End the connections of these clients."""
    for client, connection in _connections(port):
        if client in clients:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _connections(port: int) -> Iterator[tuple[str, socket.socket]]:
    for name in sorted(os.listdir(_DESCRIPTORS), key=int):
        with _socket(int(name)) as found, suppress(OSError):
            if found is not None and found.getsockname()[1] == port:
                host, client_port = found.getpeername()[:2]
                host = f"[{host}]" if ":" in host else host
                yield f"{host}:{client_port}", found


@contextmanager
def _socket(descriptor: int) -> Iterator[socket.socket | None]:
    """Our own copy of a socket's descriptor: the number may meanwhile name something else, the copy never does.

    A file's descriptor is never copied, as closing the copy would end all locks of this process on that
    file (POSIX): SQLite would go on as if it still had them, and two processes would write at once.
    """
    copy = _copied(descriptor) if _is_socket(descriptor) else None
    if copy is None:
        yield None
        return
    with socket.socket(fileno=copy) as found:
        yield found if found.family in (socket.AF_INET, socket.AF_INET6) else None


def _copied(descriptor: int) -> int | None:
    try:
        copy = os.dup(descriptor)
    except OSError:
        return None
    if _is_socket(copy):
        return copy
    # Between the look and the copy the socket was closed, and a file took its number. The copy stays open.
    log.warning("A descriptor became a file's while it was copied.")
    return None


def _is_socket(descriptor: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False


def _queued(connection: socket.socket) -> int:
    try:
        return int(unpack("i", ioctl(connection.fileno(), TIOCOUTQ, b"\0" * 4))[0])
    except OSError:
        return 0
