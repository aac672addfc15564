"""How people reach the place: its address, and what the server listens on."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.cli.process import health
from beside.config.addresses import host_and_port
from beside.config.env import Env

_HERE = {"localhost", "127.0.0.1", "::1"}
_ANSWERS_S = 5
# What /healthz may say: by that a server of Beside's is known.
_HEALTH = {b"ready\n", health.WITHOUT_WORKER, b"not ready\n", b"the disk is full\n"}
_CONTAINERS = ("/.dockerenv", "/run/.containerenv")


def look(env: Env) -> Iterator[Finding]:
    """The address, who can reach the server past it, and whether its port is free or its own."""
    is_encrypted = urlsplit(env.url).scheme == "https"
    yield _address(env, is_encrypted=is_encrypted)
    host, port = host_and_port(env.bind)
    if host not in _HERE and not host.startswith("127."):
        yield _open_to_all(env, is_encrypted=is_encrypted)
    yield _port(host, port)
    if env.metrics:
        yield _metrics(*host_and_port(env.metrics))


def _address(env: Env, *, is_encrypted: bool) -> Finding:
    if not is_encrypted and urlsplit(env.url).hostname not in _HERE:
        return wrong(
            "address",
            f"People reach this place at {env.url}, so passwords and photographs travel unencrypted.",
            "Put a proxy with TLS in front, and set BESIDE_URL to its https address (docs/hosting.md).",
        )
    if is_encrypted and not env.trusted_proxies:
        return wrong(
            "address",
            "BESIDE_URL begins with https, but no proxy is counted: every visitor has the proxy's address,"
            " so limits on sign-in would apply to all of them together.",
            "Set BESIDE_TRUSTED_PROXIES to the number of your proxies in front, usually 1.",
        )
    return well("address", f"People reach this place at {env.url}.")


def _open_to_all(env: Env, *, is_encrypted: bool) -> Finding:
    if not is_encrypted:
        return wrong(
            "listening",
            f"The server listens on {env.bind}, for everyone on the network, without TLS.",
            "Set BESIDE_BIND to 127.0.0.1:8000 and put a proxy with TLS in front.",
        )
    says = (
        f"The server listens on {env.bind}, so whoever is on the network reaches it past the proxy, unencrypted,"
        " and can say whose address they have."
    )
    if any(Path(file).exists() for file in _CONTAINERS):
        return note(
            "listening",
            says,
            "Publish the container's port to the proxy only, such as -p 127.0.0.1:8000:8000.",
        )
    return wrong(
        "listening",
        says,
        "Set BESIDE_BIND to 127.0.0.1:8000, or to an address that only the proxy reaches.",
    )


def _port(host: str, port: int) -> Finding:
    about = "port"
    if (refused := _refused(host, port)) is None:
        return well(about, f"The server can listen on {host}:{port}.")
    if refused.errno == errno.EADDRINUSE and _is_ours(host, port):
        return well(about, f"A server of Beside's answers on {host}:{port}.")
    return wrong(
        about,
        f"The server can't listen on {host}:{port} ({refused.strerror}).",
        "Set BESIDE_BIND to an address of this machine and a port above 1023 that no other program uses.",
    )


def _metrics(host: str, port: int) -> Finding:
    about = "metrics' port"
    if (refused := _refused(host, port)) is None:
        return well(about, f"Numbers can be offered on {host}:{port}.")
    if refused.errno == errno.EADDRINUSE and _are_our_numbers(host, port):
        return well(about, f"Numbers of Beside's are offered on {host}:{port}.")
    return wrong(
        about,
        f"Numbers can't be offered on {host}:{port} ({refused.strerror}), and so beside serve doesn't start.",
        "Set BESIDE_METRICS to an address of this machine and a port above 1023 that no other program uses.",
    )


def _refused(host: str, port: int) -> OSError | None:
    """What keeps a program from listening there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trying.bind((host, port))
    except OSError as refused:
        return refused
    return None


def _is_ours(host: str, port: int) -> bool:
    """Whether what listens there answers as Beside does."""
    answer = health.of(host, port, within_s=_ANSWERS_S)
    return answer is not None and answer[1] in _HEALTH


def _are_our_numbers(host: str, port: int) -> bool:
    answer = health.of(host, port, within_s=_ANSWERS_S, path="/metrics")
    return answer is not None and b"beside_" in answer[1]
