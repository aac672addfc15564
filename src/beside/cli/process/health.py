"""Asking a server on this machine for its health, past every proxy."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

_ON_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
_LONGEST = 64 * 1024
# What /healthz says, with 200, where nobody develops photographs.
WITHOUT_WORKER = b"ready, without a worker\n"


def of(
    host: str, port: int, *, within_s: float, path: str = "/healthz"
) -> tuple[int, bytes] | None:
    """The status and the first bytes that come from what listens there, Beside or not; None if nothing does."""
    here = _ON_THIS_MACHINE.get(host, host)
    asked = Request(
        f"http://{f'[{here}]' if ':' in here else here}:{port}{path}",
        # The name that a place answers to whatever its address is.
        headers={"Host": "localhost"},
    )
    try:
        with build_opener(ProxyHandler({})).open(asked, timeout=within_s) as answer:
            return answer.status, answer.read(_LONGEST)
    except HTTPError as answer:
        return answer.code, answer.read(_LONGEST)
    except (OSError, ValueError):
        return None
