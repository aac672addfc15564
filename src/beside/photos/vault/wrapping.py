"""Wrapping keys with keys: 32 bytes become 60, bound to the key's purpose."""

from __future__ import annotations

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
WRAPPED_BYTES = 12 + KEY_BYTES + 16
_NONCE_BYTES = 12


class KeyDoesNotOpen(Exception):
    """A wrapped key was made under another key or for another purpose, or was altered."""

    def __init__(self) -> None:
        super().__init__("A key in the keyring doesn't open with the key that should open it.")


def fresh_key() -> bytes:
    """A new 256-bit key, from the operating system, so that forked processes never share one."""
    return os.urandom(KEY_BYTES)


def wrap(under: AESGCM, key: bytes, aad: bytes) -> bytes:
    """Wrap `key`, so that it opens only with the same wrapping key and the same `aad`."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + under.encrypt(nonce, key, aad)


def unwrap(under: AESGCM, wrapped: bytes, aad: bytes) -> bytes:
    """The key inside `wrapped`; raises `KeyDoesNotOpen`."""
    if len(wrapped) != WRAPPED_BYTES:
        raise KeyDoesNotOpen
    try:
        return under.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], aad)
    except InvalidTag:
        raise KeyDoesNotOpen from None


def rewrap_all(
    keys: Mapping[str, bytes],
    old: AESGCM,
    new: AESGCM,
    *,
    begins: bytes,
    ended: bytes = b"",
    ends: bytes = b"",
) -> dict[str, bytes]:
    """Keys by their names, from under `old` to under `new`; raises `KeyDoesNotOpen` if one doesn't open.

    A name is hexadecimal digits, and each key is bound to `begins`, the name's bytes and `ended`, which becomes `ends`. It's
    written out, as to call `unwrap` and `wrap` for thousands of keys takes half as long again.
    """
    if not all(len(wrapped) == WRAPPED_BYTES for wrapped in keys.values()):
        raise KeyDoesNotOpen
    encrypt, decrypt = new.encrypt, old.decrypt
    random = os.urandom(_NONCE_BYTES * len(keys))
    nonces = (random[at : at + _NONCE_BYTES] for at in range(0, len(random), _NONCE_BYTES))
    rewrapped = {}
    try:
        for (name, wrapped), nonce in zip(keys.items(), nonces, strict=True):
            bound = begins + bytes.fromhex(name)
            key = decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], bound + ended)
            rewrapped[name] = nonce + encrypt(nonce, key, bound + ends)
    except InvalidTag:
        raise KeyDoesNotOpen from None
    return rewrapped
