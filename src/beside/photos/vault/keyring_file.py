"""The keyring as one file for backups, sealed with the root key: its contents and its format.

It is kept apart from the backups of files and database, and never in versions: its two slots are overwritten in
turn, so that a key destroyed here is gone from the backup after the next run.

    "BsK" version  length of head (4)  head (JSON)
    author, wrapped key (16 + 60), each author's   photo, author, kind, wrapped key (93), each hold's
    SHA-256 of all before, for anybody to check   HMAC-SHA256 of the same, for who has the root key
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac_digest
from typing import Any, NamedTuple
from uuid import UUID

from beside.photos.vault.root import Root, derive

_MAGIC = b"BsK\x01"
_START = struct.Struct(">4sI")
_AUTHOR = struct.Struct(">16s60s")
_HOLD = struct.Struct(">16s16sB60s")
_CHECK_BYTES = 64


class KeyringTorn(Exception):
    """A slot is incomplete, after a power cut or because of a failing disk."""

    def __init__(self, where: str) -> None:
        super().__init__(f"The keyring at {where} is incomplete.")


class KeyringNotOurs(Exception):
    """A slot is complete, but was written with another root key or for another place."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The keyring at {where} belongs to another place, or to another root key."
            " It is left as it is; choose another place for this one."
        )


class HeldKey(NamedTuple):
    """Which key a hold wraps: a photograph's key of one kind, for one author."""

    photo: UUID
    account: UUID
    kind: int


class Buried(NamedTuple):
    """A dropped hold, and the generation from which on it is gone. `at` is in ISO 8601."""

    photo: str
    account: str
    kind: int
    generation: int
    at: str

    def held(self) -> HeldKey:
        return HeldKey(UUID(self.photo), UUID(self.account), self.kind)


@dataclass(frozen=True)
class Head:
    """Everything except the keys: small, and readable as text."""

    instance: str
    generation: int
    number: int
    made_at: str
    epoch: str
    counts: dict[str, int]
    dump_keys: dict[str, str]
    tombstones: list[Buried]
    narrowings: list[Any]


@dataclass(frozen=True, repr=False)
class KeyringFile:
    """All keys of a place at one moment, each still wrapped."""

    instance: UUID
    generation: int
    number: int
    made_at: datetime
    epoch: bytes
    authors: Mapping[UUID, bytes]
    holds: Mapping[HeldKey, bytes]
    dump_keys: Mapping[str, bytes]
    tombstones: list[Buried]
    narrowings: list[Any]


def pack(file: KeyringFile, root: Root) -> bytes:
    """The bytes of a slot."""
    head = json.dumps(asdict(_head(file)), separators=(",", ":")).encode()
    body = b"".join(
        (
            _START.pack(_MAGIC, len(head)),
            head,
            *(_AUTHOR.pack(account.bytes, wrapped) for account, wrapped in file.authors.items()),
            *(
                _HOLD.pack(held.photo.bytes, held.account.bytes, held.kind, wrapped)
                for held, wrapped in file.holds.items()
            ),
        )
    )
    return body + sha256(body).digest() + _seal(body, root)


def read_slot(data: bytes, root: Root, *, where: str) -> KeyringFile:
    """The contents of a slot. Raises `KeyringTorn` and `KeyringNotOurs`."""
    body, check = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
    if len(data) < _START.size + _CHECK_BYTES or sha256(body).digest() != check[:32]:
        raise KeyringTorn(where)
    if not compare_digest(_seal(body, root), check[32:]):
        raise KeyringNotOurs(where)
    return _unpack(body)


def _head(file: KeyringFile) -> Head:
    return Head(
        instance=file.instance.hex,
        generation=file.generation,
        number=file.number,
        made_at=file.made_at.isoformat(),
        epoch=file.epoch.hex(),
        counts={
            "authors": len(file.authors),
            "holds": len(file.holds),
            "tombstones": len(file.tombstones),
        },
        dump_keys={name: wrapped.hex() for name, wrapped in file.dump_keys.items()},
        tombstones=file.tombstones,
        narrowings=file.narrowings,
    )


def _seal(body: bytes, root: Root) -> bytes:
    return hmac_digest(derive(root, "keyring-file"), body, "sha256")


def _unpack(body: bytes) -> KeyringFile:
    """Unpack a body whose checksum has shown that `pack` made it."""
    _magic, head_bytes = _START.unpack_from(body)
    head = json.loads(body[_START.size : _START.size + head_bytes])
    counts = head["counts"]
    authors_at = _START.size + head_bytes
    holds_at = authors_at + counts["authors"] * _AUTHOR.size
    return KeyringFile(
        instance=UUID(head["instance"]),
        generation=head["generation"],
        number=head["number"],
        made_at=datetime.fromisoformat(head["made_at"]),
        epoch=bytes.fromhex(head["epoch"]),
        authors={
            UUID(bytes=account): wrapped
            for account, wrapped in _AUTHOR.iter_unpack(body[authors_at:holds_at])
        },
        holds=dict(_holds(body[holds_at:])),
        dump_keys={name: bytes.fromhex(wrapped) for name, wrapped in head["dump_keys"].items()},
        tombstones=[Buried(*row) for row in head["tombstones"]],
        narrowings=head["narrowings"],
    )


def _holds(packed: bytes) -> Iterator[tuple[HeldKey, bytes]]:
    for photo, account, kind, wrapped in _HOLD.iter_unpack(packed):
        yield HeldKey(UUID(bytes=photo), UUID(bytes=account), kind), wrapped
