"""Checks of the place itself that need its settings: mail, database, keys, clock, host, worker and backups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Max
from django.utils.timezone import localtime

from beside.cli.checks import darkroom, database, identity_provider, keyring, mail, sqlite_file
from beside.cli.checks.findings import Finding, How, guarded, note, well, wrong
from beside.cli.process import usable_place
from beside.config.env import Env
from beside.moderation.runs_of_place import last_backup
from beside.people import invitations
from beside.people.models import Account, Narrowing
from beside.photos import worker_beats
from beside.photos.vault.slots import slots_at

_BACKUP_EVERY = timedelta(days=8)


def look(env: Env, *, at: datetime) -> Iterator[Finding]:
    """Run every check of the place, as of `at`."""
    yield from guarded("darkroom", lambda: iter((darkroom.look(env),)))
    yield from guarded("mail", lambda: iter((mail.look(env),)))
    yield from guarded("identity provider", lambda: identity_provider.look(env))
    yield from guarded("database", lambda: _kept(env, at))
    yield from guarded("worker", lambda: iter((_worker(env, at),)))
    yield from guarded("backup", lambda: iter((_backup(env, at),)))


def _kept(env: Env, at: datetime) -> Iterator[Finding]:
    """What is in the database, and what belongs to it."""
    file = database.file()
    if file is not None:
        if not file.exists():
            yield _no_database(env, file)
            return
        found = list(sqlite_file.look(file))
        yield from found
        if any(one.how == How.WRONG for one in found):
            return
    with database.only_reading():
        try:
            yield from database.look(env)
        except database.NoTables:
            return
        yield from guarded("keyring", keyring.look)
        yield from guarded("photographs", _photographs)
        if env.mail_server is not None:
            yield mail.waiting(at=at)
        yield _clock(at)
        yield _host()


def _no_database(env: Env, file: Path) -> Finding:
    if slots_at(env.keyring_place).exist():
        return wrong(
            "database",
            f"The database {file} isn't there, and there is a keyring for one.",
            "Put it back where it was, or restore a backup into another folder (docs/hosting.md).",
        )
    return wrong(
        "database",
        f"The database {file} isn't there.",
        "beside serve makes it at the first start.",
    )


def _photographs() -> Iterator[Finding]:
    try:
        usable_place.require_photographs()
    except usable_place.PhotographsElsewhere as elsewhere:
        yield wrong(
            "photographs",
            str(elsewhere),
            "Mount the disk, or correct BESIDE_STORE, before anything is uploaded.",
        )


def _clock(at: datetime) -> Finding:
    newest = max(
        filter(
            None,
            (
                Narrowing.objects.aggregate(newest=Max("at"))["newest"],
                Account.objects.aggregate(newest=Max("joined_at"))["newest"],
            ),
        ),
        default=at,
    )
    if newest > at + timedelta(minutes=5):
        return wrong(
            "clock",
            f"The clock says {localtime(at):%Y-%m-%d %H:%M}, but something here is dated {localtime(newest):%Y-%m-%d %H:%M}.",
            "Correct the clock. Until then, anything that waits for a date may happen at the wrong time.",
        )
    return well("clock", "The clock is later than everything recorded here.")


def _host() -> Finding:
    if invitations.hosts().exists():
        return well("host", "There is a host.")
    return note(
        "host",
        "There is no host yet.",
        "Open the link that beside serve prints when it starts.",
    )


def _worker(env: Env, at: datetime) -> Finding:
    if worker_beats.is_alive(env.data, at=at):
        return well("worker", "A worker is running.")
    return wrong(
        "worker",
        "No worker has reported for three minutes, so photographs aren't being developed.",
        "Start beside serve, which runs one, or beside worker.",
    )


def _backup(env: Env, at: datetime) -> Finding:
    last = last_backup(env.data)
    if last is None:
        return note(
            "backup",
            "There has never been a backup.",
            "beside backup DEST, each night, to another disk.",
        )
    if at - last.at > _BACKUP_EVERY:
        return wrong(
            "backup",
            f"The last backup was on {localtime(last.at):%Y-%m-%d}, to {last.to}.",
            "beside backup DEST",
        )
    if last.faults:
        return wrong(
            "backup",
            f"When the last backup was made, {last.faults} files of photographs were lost or damaged here.",
            f"beside backup {last.to} names them, and with --put-back puts back what is whole there.",
        )
    return well("backup", f"The last backup was on {localtime(last.at):%Y-%m-%d}, to {last.to}.")
