"""The addresses of photographs' bytes: each names one rendition, for one visit, for an hour.

A capability is a name, never a verdict. Whether its photograph may be sent is asked
again, whole, at every request (`beside.delivery`); it only spares a stranger's guesses.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest, digest
from uuid import UUID

from django.conf import settings

from beside.access.policy import SeenPhoto, Viewer
from beside.photos.vault.root import derive

PREFIX = "/p/"
LIFE = timedelta(hours=1)
# One byte in the address for each; only ever added to, at the end.
RENDITIONS = ("w480", "w1080", "w2048", "jpeg")

_MAC_BYTES = 16
_NAME_BYTES = 16 + 1 + 5
_TOKEN_LENGTH = 51


class NotOpen(Exception):
    """A page asked for the address of a photograph that its viewer may not be sent."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a capability names."""

    photo: UUID
    rendition: str


def issue(photo: SeenPhoto, rendition: str, *, viewer: Viewer, at: datetime) -> str:
    """The path of one rendition of `photo`, good for `viewer`'s visit until an hour after `at`.

    Raises `NotOpen` unless the policy itself has said that the photograph is open.
    """
    if getattr(photo, "is_open", None) is not True:
        raise NotOpen
    expiry = int((at + LIFE).timestamp())
    name = photo.pk.bytes + bytes((RENDITIONS.index(rendition),)) + expiry.to_bytes(5, "big")
    token = name + _mac(name, viewer.session)
    return PREFIX + urlsafe_b64encode(token).rstrip(b"=").decode()


def read(token: str, *, session: str | None, now: float) -> Named | None:
    """What `token` names in the visit of `session`, or None if it was not made for it, or is old.

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
    return Named(UUID(bytes=name[:16]), RENDITIONS[code])


def _mac(name: bytes, session: str | None) -> bytes:
    visit = sha256((session or "").encode()).digest()
    return digest(_key(), name + visit, "sha256")[:_MAC_BYTES]


@lru_cache(maxsize=1)
def _key() -> bytes:
    return derive(settings.ROOT_KEY, "delivery-url")
