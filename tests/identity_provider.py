"""An organisation's identity provider on loopback, in a process of its own, and going there as a browser does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from django.test import Client

from tests.serving import free_port, running, until


class _Stay(HTTPRedirectHandler):
    """The answer itself is wanted, and not what it leads to."""

    def redirect_request(self, *_: object) -> None:
        return None


class IdentityProvider:
    """`oidc-provider-mock`, which signs what it says with keys of its own."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"

    def knows(self, subject: str, **claims: object) -> None:
        """From now on it says this of `subject`."""
        self._send("PUT", f"{self.url}/users/{subject}", json.dumps(claims).encode(), "json")

    def answer(self, address: str, **said: str) -> str:
        """Where a browser is sent by its page at `address`, once somebody has answered there."""
        sent = urlencode(said).encode()
        return self._send("POST", address, sent, "x-www-form-urlencoded")

    def is_up(self) -> bool:
        try:
            return bool(_opener().open(f"{self.url}/.well-known/openid-configuration", timeout=5))
        except OSError:
            return False

    def _send(self, method: str, address: str, body: bytes, kind: str) -> str:
        heads = {"Content-Type": f"application/{kind}"}
        try:
            _opener().open(Request(address, body, heads, method=method), timeout=30)
        except HTTPError as answered:
            if answered.code not in (302, 303):
                raise
            return str(answered.headers["Location"])
        return ""


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """Run one while the block runs."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    provider = IdentityProvider(port)
    with running(command):
        until(provider.is_up)
        yield provider


def local(address: str) -> str:
    """An address of ours as the test's client asks for it."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def come_back(client: Client, there: str, provider: IdentityProvider, **said: str):
    """Answer on the provider's page, and come back."""
    return client.get(local(provider.answer(there, **said)))


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}), _Stay())
