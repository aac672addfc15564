"""The addresses of photographs' bytes: each names one rendition, for one session, for an hour.

A capability names a photograph and doesn't grant access to it. `beside.delivery` asks the whole
rule at every request; the capability only keeps strangers from guessing addresses.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from beside.access.policy import SeenPhoto, Viewer
from beside.photos.vault.root import derive

PREFIX = "/p/"
LIFETIME = timedelta(hours=1)
# An address holds the index of one of these: add new ones only at the end.
RENDITIONS = ("w480", "w1080", "w2048", "jpeg", "large")

_MAC_BYTES = 16
_NAME_BYTES = 16 + 1 + 5
_TOKEN_LENGTH = 51


class PhotographNotOpen(Exception):
    """A page asked for the address of a photograph that its viewer may not be sent."""


class Capability(NamedTuple):
    """The photograph (the 16 bytes of its id) and the rendition that an address names."""

    photo: bytes
    rendition: str


def issue(photo: SeenPhoto, rendition: str, *, viewer: Viewer, at: datetime) -> str:
    """The path of one rendition of `photo`, valid in `viewer`'s session for an hour from `at`.

    Raises `PhotographNotOpen` unless `photo` comes from the policy and is open.
    """
    if getattr(photo, "is_open", None) is not True:
        raise PhotographNotOpen
    expiry = int((at + LIFETIME).timestamp())
    name = photo.pk.bytes + bytes((RENDITIONS.index(rendition),)) + expiry.to_bytes(5, "big")
    token = name + _mac(name, viewer.session)
    return PREFIX + urlsafe_b64encode(token).rstrip(b"=").decode()


def read(token: str, *, session: str | None, now: float) -> Capability | None:
    """What `token` names, or None if it is malformed, expired, or was issued for another session.

    `now` is in seconds since 1970.
    """
    if len(token) != _TOKEN_LENGTH:
        return None
    try:
        raw = urlsafe_b64decode(token + "=")
    except (NotBase64, ValueError):
        return None
    name, mac = raw[:_NAME_BYTES], raw[_NAME_BYTES:]
    if not compare_digest(mac, _mac(name, session)):
        return None
    code, expiry = name[16], int.from_bytes(name[17:], "big")
    if code >= len(RENDITIONS) or expiry <= now:
        return None
    return Capability(name[:16], RENDITIONS[code])


def _mac(name: bytes, session: str | None) -> bytes:
    bound_to = sha256((session or "").encode()).digest()
    mac = _keyed().copy()
    mac.update(name + bound_to)
    return mac.finalize()[:_MAC_BYTES]


@lru_cache(maxsize=1)
def _keyed() -> HMAC:
    """What every address's MAC begins with. Only copies of it are used."""
    return HMAC(derive(settings.ROOT_KEY, "delivery-url"), SHA256())
