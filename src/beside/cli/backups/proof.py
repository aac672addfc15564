"""Proving a backup where it lies: its keyring opens, its newest dump is a whole database, and every file of it is whole.

Nothing is restored. The dump is decrypted into the data folder for as long as it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import click
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from beside.cli.backups.destination import Destination, Place
from beside.cli.backups.dumps import Dumps
from beside.cli.backups.scratch import scratch_folder
from beside.cli.process.setup import NewerSchema, refuse_newer
from beside.cli.verification.blobs import ORIGINAL, NamedBlob
from beside.cli.verification.faults import Fault
from beside.photos.models import Hold, KeyEpoch, OriginalPiece, Photo, Rendition
from beside.photos.vault.exporting import keys_in, read_export
from beside.photos.vault.keyring import Keyring, keyring_of
from beside.photos.vault.keyring_file import KeyringFile
from beside.photos.vault.store import Store

_DUMP = "dump"


@dataclass
class Proof:
    """What was found. `dump` is the newest that opens, `instance` the place that the backup is of."""

    dump: str
    instance: UUID
    photographs: int = 0
    faults: list[Fault] = field(default_factory=list)


def prove_backup(source: Destination, *, keyring: Place, data: Path, quietly: bool) -> Proof:
    """Read the whole of a backup. Raises `NoDump`, `CannotWrite`, and what reading a keyring raises."""
    file = read_export(keyring)
    with scratch_folder(data) as scratch:
        dumps = Dumps(source.dumps, settings.ROOT_KEY, file.instance)
        name, faults = dumps.open_newest(file.dump_keys, scratch / "database")
        proof = Proof(str(name), file.instance, faults=faults)
        with _database(scratch / "database"):
            proof.faults += _faults_of_tables()
            if not any(fault.about == "database" for fault in proof.faults):
                _prove_files(proof, source.store, file, quietly=quietly)
    return proof


@contextmanager
def _database(file: Path) -> Iterator[None]:
    """Have `file` be the database `_DUMP` meanwhile."""
    connections.databases[_DUMP] = {
        **connections.databases["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {},
    }
    try:
        yield
    finally:
        connections[_DUMP].close()
        del connections[_DUMP]
        del connections.databases[_DUMP]


def _faults_of_tables() -> Iterator[Fault]:
    """Whether the dump is a whole database of a version that this one knows."""
    try:
        with connections[_DUMP].cursor() as cursor:
            for (line,) in cursor.execute("PRAGMA integrity_check").fetchall():
                if line != "ok":
                    yield Fault("database", line)
            for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check").fetchall():
                yield Fault(f"{table} {row}", f"It names a row of {parent} that isn't there.")
        refuse_newer(MigrationExecutor(connections[_DUMP]))
        if not KeyEpoch.objects.using(_DUMP).exists():
            yield Fault("database", "It has no tables of Beside's, or they are empty.")
    except (DatabaseError, NewerSchema) as wrong:
        yield Fault("database", str(wrong))


def _prove_files(proof: Proof, store: Store, file: KeyringFile, *, quietly: bool) -> None:
    """Open every file that the dump names with the keyring's keys, except what was destroyed since the dump."""
    ring = keyring_of(file.instance)
    keys = _Keys(file, dumped_in=KeyEpoch.objects.using(_DUMP).get().generation)
    arrived = Photo.objects.using(_DUMP).exclude(state=Photo.State.RECEIVING)
    photos = list(arrived.only("pk", "state", "original_blob").order_by("pk"))
    proof.photographs = len(photos)
    with click.progressbar(photos, label="Photographs", hidden=quietly or not photos) as shown:
        for photo in shown:
            says = [*_missing_keys(photo, keys)]
            says += _damaged(_files_of(photo, keys), store, ring)
            proof.faults += [Fault(str(photo), line) for line in says]


def _damaged(files: Iterator[NamedBlob], store: Store, ring: Keyring) -> Iterator[str]:
    for one in files:
        if fault := one.fault_in(store, ring):
            yield f"{one.what()} {fault} in the backup (file {one.blob})."


class _Keys:
    """The keyring's keys, and which have ended: ever, and since the dump."""

    def __init__(self, file: KeyringFile, *, dumped_in: int) -> None:
        self.open = {(held.photo, held.kind): key for held, key in keys_in(file)}
        self.ended = {(UUID(stone.photo), stone.kind) for stone in file.tombstones}
        self.ended_since = {
            (UUID(stone.photo), stone.kind)
            for stone in file.tombstones
            if stone.generation > dumped_in
        }


def _missing_keys(photo: Photo, keys: _Keys) -> Iterator[str]:
    needed = [Hold.Kind.ORIGINAL]
    if photo.state == Photo.State.READY:
        needed.append(Hold.Kind.SHOWN)
    for kind in needed:
        if (photo.pk, kind) not in keys.open and (photo.pk, kind) not in keys.ended:
            yield f"Its {kind.name.lower()} key is not in the keyring, and nobody destroyed it."


def _files_of(photo: Photo, keys: _Keys) -> Iterator[NamedBlob]:
    original, shown = (photo.pk, Hold.Kind.ORIGINAL), (photo.pk, Hold.Kind.SHOWN)
    if original in keys.open:
        pieces = tuple(_pieces_of(photo))
        yield NamedBlob(photo.original_blob, photo.pk, ORIGINAL, keys.open[original], pieces)
    # After a taking back, what is shown has a new key, and the files that the dump names are noise.
    if shown in keys.open and shown not in keys.ended_since:
        for rendition in Rendition.objects.using(_DUMP).filter(photo=photo).only("pk", "name"):
            yield NamedBlob(rendition.pk, photo.pk, rendition.name, keys.open[shown])


def _pieces_of(photo: Photo) -> Iterator[UUID]:
    """Those of an original that came into an object store; a dump of before there were any has no table of them."""
    if OriginalPiece._meta.db_table in connections[_DUMP].introspection.table_names():
        pieces = OriginalPiece.objects.using(_DUMP).filter(photo=photo).order_by("number")
        yield from pieces.values_list("pk", flat=True)
