"""An empty Web Push to one endpoint (RFC 8030), signed with the place's own key (VAPID, RFC 8292).

A browser names the endpoint, so it could name anything: only public addresses are connected to, the very ones
that were looked at, over TLS and at its usual port; an answer that leads elsewhere isn't followed.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import logging
import socket
import ssl
from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

log = logging.getLogger(__name__)
PORT = 443
TIMEOUT_S = 10
# For all of it: a service that answers a byte now and then keeps within each single time-out.
LONGEST_S = 20
# How long a push service keeps it for a device that is off. The next one replaces it ("Topic").
_KEPT_S = 24 * 60 * 60
_GOOD_FOR = timedelta(hours=12)
_GONE = (404, 410)
_COORDINATE_BYTES = 32
# The order of the group of P-256 (FIPS 186-4, D.1.2.3).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Answer(Enum):
    """What became of a push."""

    TAKEN = auto()
    GONE = auto()
    FAILED = auto()


class NotPublic(Exception):
    """The endpoint's name leads to an address that isn't a public one."""


def public_key() -> str:
    """The key with which a browser subscribes, as its `applicationServerKey`."""
    point = _key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _encoded(point)


def send(endpoint: str, *, at: datetime) -> Answer:
    """Send an empty push. Nothing is repeated; a failure is logged without the endpoint, which is a secret."""
    try:
        status = _post(endpoint, at=at)
    except (OSError, HTTPException, NotPublic) as wrong:
        log.warning("A push could not be sent: %s", type(wrong).__name__)
        return Answer.FAILED
    if status in _GONE:
        return Answer.GONE
    if not 200 <= status < 300:
        log.warning("A push was not taken: %s", status)
        return Answer.FAILED
    return Answer.TAKEN


def _post(endpoint: str, *, at: datetime) -> int:
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    connection = _Connection(host, _public_address(host))
    path = parts.path or "/"
    end = Timer(LONGEST_S, _cut, [connection])
    end.daemon = True
    end.start()
    try:
        connection.request(
            "POST",
            f"{path}?{parts.query}" if parts.query else path,
            headers={
                "Authorization": f"vapid t={_token(host, at=at)}, k={public_key()}",
                "Content-Length": "0",
                "TTL": str(_KEPT_S),
                "Topic": "news",
                "Urgency": "normal",
            },
        )
        return connection.getresponse().status
    finally:
        end.cancel()
        connection.close()


def _cut(connection: HTTPConnection) -> None:
    """End a connection that another thread waits for; there, reading or writing fails."""
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


class _Connection(HTTPSConnection):
    """To `address`, with the certificate of `host`: the name isn't looked up a second time."""

    def __init__(self, host: str, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, PORT, timeout=TIMEOUT_S, context=self._tls)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, PORT), TIMEOUT_S)
        # Set before the handshake, which can be drawn out too and must be possible to cut.
        self.sock = self._tls.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()


def _public_address(host: str) -> str:
    """An address of `host`. Raises `NotPublic` if any of its addresses isn't a public one."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)]
    if not found or not all(_is_public(address) for address in found):
        raise NotPublic
    return found[0]


def _is_public(address: str) -> bool:
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        # Ways to write an IPv4 address as one of IPv6.
        number = number.ipv4_mapped or number.sixtofour or number
        if isinstance(number, ipaddress.IPv6Address) and number.teredo:
            return False
        if number in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return number.is_global and not number.is_multicast


def _token(host: str, *, at: datetime) -> str:
    """A signed token (JWT, ES256) for the push service at `host`."""
    contact = settings.BESIDE.contact
    claims = {
        "aud": f"https://{host}",
        "exp": int((at + _GOOD_FOR).timestamp()),
        "sub": f"mailto:{contact}" if contact else settings.BESIDE.url,
    }
    parts = [{"typ": "JWT", "alg": "ES256"}, claims]
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
    r, s = decode_dss_signature(_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES)
    return f"{signed}.{_encoded(signature)}"


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    """The place's key, from its root key: it is in no file, and after a restore it is the same."""
    return ec.derive_private_key(
        int.from_bytes(settings.WEB_PUSH_KEY) % (_ORDER - 1) + 1, ec.SECP256R1()
    )


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
