"""Commitments to keys: AES-GCM alone lets one ciphertext open under two."""

from __future__ import annotations

from hmac import compare_digest

from cryptography.hazmat.primitives import hashes, hmac


class OtherKey(Exception):
    """A key from an import or a restored keyring isn't the one that the photograph was sealed with."""

    def __init__(self) -> None:
        super().__init__("This key belongs to another photograph.")


def commitment(key: bytes) -> bytes:
    """16 bytes that commit to `key`: AES-GCM alone lets one ciphertext open under two keys."""
    code = hmac.HMAC(key, hashes.SHA256())
    code.update(b"beside photograph key commitment")
    return code.finalize()[:16]


def require_commitment(key: bytes, committed: bytes) -> None:
    """Raise `OtherKey` unless `key` is the one that was committed to."""
    if not compare_digest(commitment(key), committed):
        raise OtherKey
