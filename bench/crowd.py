"""Everybody else on a large instance: accounts, circles and letters, written in bulk.

The rows have the models' defaults. They are inserted by a cursor on SQLite, and by COPY on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction
from django.utils import timezone

from beside.people.models import Account, Circle, Membership, Profile
from beside.photos.models import Photo
from beside.posts.models import Audience, Authorship, Grant, PlacedPhoto, Post

LETTERS_EACH = 10
CIRCLES_EACH = 50
AT_ONCE, KNOWN_OF_EACH = 200, 8
_WORDS = "We knew from about four in the afternoon. " * 15
_NOW = timezone.now()


@dataclass(frozen=True)
class Somebody:
    """One of these people: their account, their circles with one person in each, and their letters."""

    account: UUID
    circles: list[tuple[UUID, UUID]]
    letters: list[UUID]


def grow(people: int, *, random: Random) -> list[Somebody]:
    """Add this many people, each with ten letters and fifty circles; returns some of them."""
    accounts = [UUID(int=random.getrandbits(128)) for _ in range(people)]
    some = []
    with _in_bulk():
        for first in range(0, people, AT_ONCE):
            batch = [
                _somebody(account, accounts, random)
                for account in accounts[first : first + AT_ONCE]
            ]
            with transaction.atomic():
                _write(batch, random)
            some += batch[:KNOWN_OF_EACH]
    return some


def _somebody(account: UUID, others: list[UUID], random: Random) -> Somebody:
    inside = random.sample(others, CIRCLES_EACH)
    circles = [(UUID(int=random.getrandbits(128)), member) for member in inside]
    letters = [UUID(int=random.getrandbits(128)) for _ in range(LETTERS_EACH)]
    return Somebody(account, circles, letters)


def _write(batch: list[Somebody], random: Random) -> None:
    _rows(Account, ({"id": one.account, "email": f"{one.account}@home.example"} for one in batch))
    _rows(Profile, ({"account_id": one.account, "name": "Someone"} for one in batch))
    _rows(
        Circle,
        (
            {"id": circle, "owner_id": one.account, "name": f"Circle {place}"}
            for one in batch
            for place, (circle, _) in enumerate(one.circles)
        ),
    )
    _rows(
        Membership,
        (
            {"circle_id": circle, "account_id": member, "added_at": _NOW}
            for one in batch
            for circle, member in one.circles
        ),
    )
    _letters([(one, place) for one in batch for place in range(LETTERS_EACH)], random)


def _letters(letters: list[tuple[Somebody, int]], random: Random) -> None:
    _rows(Post, (_post(one.letters[place], random) for one, place in letters))
    _rows(
        Authorship,
        (
            {"post_id": one.letters[place], "account_id": one.account, "joined_at": _NOW}
            for one, place in letters
        ),
    )
    _rows(
        Grant,
        (
            {"post_id": one.letters[place], "what": what, "circle_id": one.circles[place][0]}
            for one, place in letters
            for what in (1, 2)
        ),
    )
    photos = [UUID(int=random.getrandbits(128)) for _ in letters]
    _rows(
        Photo,
        (
            {"id": photo, "uploader_id": one.account, "original_blob": photo, **_READY}
            for photo, (one, _) in zip(photos, letters, strict=True)
        ),
    )
    _rows(
        PlacedPhoto,
        (
            {"post_id": one.letters[place], "photo_id": photo, "position": 0, "number": 1}
            for photo, (one, place) in zip(photos, letters, strict=True)
        ),
    )


_READY = {"state": "ready", "uploaded_at": _NOW, "width": 3, "height": 2, "kind": "jpeg"}


def _post(post: UUID, random: Random) -> dict[str, Any]:
    published = _NOW - timedelta(seconds=random.randrange(4_000_000))
    return {
        "id": post,
        "state": Post.State.PUBLISHED,
        "title": "A title",
        "words": _WORDS,
        "note": "What can be seen.",
        "words_for": Audience.PEOPLE,
        "photographs_for": Audience.PEOPLE,
        "begun_at": published,
        "saved_at": published,
        "published_at": published,
        "written_on": published.date(),
    }


def _rows(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, with the model's default for every column that they don't name."""
    own = connections[DEFAULT_DB_ALIAS]
    fields = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField)
    ]
    wide = own.features.has_native_uuid_field

    def stored(field: models.Field[Any, Any], row: dict[str, Any]) -> Any:
        value = row[field.attname] if field.attname in row else field.get_default()
        if isinstance(value, UUID):
            return value if wide else value.hex
        return field.get_db_prep_save(value, own)

    listed, usual = list(rows), {}
    for field in fields:
        if field.attname not in listed[0] and not isinstance(field.get_default(), UUID):
            usual[field.attname] = stored(field, {})
    said = [
        [usual[one] if (one := field.attname) in usual else stored(field, row) for field in fields]
        for row in listed
    ]
    _insert(model._meta.db_table, [str(field.column) for field in fields], said)


def _insert(table: str, columns: list[str], rows: list[list[Any]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copying:
                for row in rows:
                    copying.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)


@contextmanager
def _in_bulk() -> Iterator[None]:
    """Write without checks, and without waiting for the disk; what is measured afterwards waits as usual."""
    before, after = _BULK[connection.vendor]
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        yield
        for statement in after:
            cursor.execute(statement)


_BULK = {
    "sqlite": (
        (
            "PRAGMA foreign_keys=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-2000000",
            # With a small cache, an index page would be written to disk each time a random id falls into it.
            "PRAGMA wal_autocheckpoint=500000",
        ),
        (
            "PRAGMA foreign_keys=ON",
            "PRAGMA wal_autocheckpoint=1000",
            "PRAGMA synchronous=FULL",
            "PRAGMA cache_size=-2000",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ),
    ),
    "postgresql": (
        ("SET session_replication_role=replica", "SET synchronous_commit=off"),
        # As autovacuum does some minutes later.
        (
            "SET session_replication_role=origin",
            "SET synchronous_commit=on",
            "VACUUM ANALYZE",
            "CHECKPOINT",
        ),
    ),
}
