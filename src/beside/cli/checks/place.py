"""Checks of the place itself: its address, database, keys, worker, mail and backups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.core.mail.backends import smtp
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils.timezone import localtime

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.cli.process.setup import NewerSchema, refuse_newer
from beside.cli.process.supervisor import BLOCKING_THREADS
from beside.config.env import Env
from beside.config.mail_server import MailServer
from beside.moderation.last_runs import last_backup
from beside.notices import mail
from beside.people import invitations
from beside.people.models import Account, Narrowing
from beside.photos import heartbeat
from beside.photos.models import KeyEpoch
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import keyring_of

_BACKUP_EVERY = timedelta(days=8)
# SMTP's answer that it has done what it was asked.
_TAKEN = 250
_HERE = {"localhost", "127.0.0.1", "::1"}
_PRAGMAS = {"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "foreign_keys": "1"}

_WRITING_THROUGH = ("fsync", "synchronous_commit", "full_page_writes")
# For the worker, a command in the terminal, pg_dump, and PostgreSQL's own reserve for its administrator.
_BESIDES = 12


def look(env: Env, *, at: datetime) -> Iterator[Finding]:
    """Run every check of the place, as of `at`."""
    yield from _address(env)
    yield _mail(env)
    try:
        yield from _tables(env, at)
        yield _keyring()
    except DatabaseError:
        yield wrong(
            "database", "The database doesn't answer, or has no tables.", "Start beside serve once."
        )
        return
    yield _worker(env, at)
    yield _backup(env, at)


def _address(env: Env) -> Iterator[Finding]:
    url = urlsplit(env.url)
    if url.scheme != "https" and url.hostname not in _HERE:
        yield wrong(
            "address",
            f"People reach this place at {env.url}, so passwords and photographs travel unencrypted.",
            "Put a proxy with TLS in front, and set BESIDE_URL to its https address (docs/hosting.md).",
        )
    elif url.scheme == "https" and not env.trusted_proxies:
        yield wrong(
            "address",
            "BESIDE_URL begins with https, but no proxy is counted: every visitor has the proxy's address,"
            " so limits on sign-in would apply to all of them together.",
            "Set BESIDE_TRUSTED_PROXIES to the number of your proxies in front, usually 1.",
        )
    else:
        yield well("address", f"People reach this place at {env.url}.")
    if url.scheme != "https" and not env.bind.startswith(("127.", "localhost", "[::1]")):
        yield wrong(
            "listening",
            f"The server listens on {env.bind}, for everyone on the network, without TLS.",
            "Set BESIDE_BIND to 127.0.0.1:8000 and put a proxy with TLS in front.",
        )


def _mail(env: Env) -> Finding:
    server = env.mail_server
    if server is None:
        return note(
            "mail",
            "Mails are only written to a folder and to the terminal, so people can't receive a code themselves.",
            "Set BESIDE_SMTP_URL before others sign in.",
        )
    try:
        _log_in(server, env.sender)
    except OSError as refused:  # smtplib's own exceptions are OSErrors too.
        return wrong(
            "mail",
            f"{server.host}:{server.port}: {mail.in_words(refused)}",
            "Check BESIDE_SMTP_URL.",
        )
    except SenderRefused as refused:
        return wrong("mail", str(refused), "Set BESIDE_MAIL_FROM to an address that it sends for.")
    if env.sender.rstrip(">").endswith("@localhost"):
        return wrong(
            "mail",
            f"Mails come from {env.sender}, which is nobody's address, and will be taken for spam.",
            "Set BESIDE_MAIL_FROM.",
        )
    return well(
        "mail",
        f"{server.host} lets us in, and takes mails from {env.sender}. beside mail ADDRESS sends one.",
    )


class SenderRefused(Exception):
    """The mail server sends no mails from our address."""

    def __init__(self, sender: str, says: str) -> None:
        super().__init__(f"The mail server sends nothing from {sender}: {says}")


def _log_in(server: MailServer, sender: str) -> None:
    """Do what comes before sending a mail, and send none. Raises `SenderRefused` and OSErrors."""
    with smtp.EmailBackend(**server.options()) as opened:
        assert opened.connection is not None
        code, says = opened.connection.mail(parseaddr(sender)[1])
        opened.connection.rset()
    if code != _TAKEN:
        raise SenderRefused(sender, says.decode(errors="replace"))


def _tables(env: Env, at: datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    try:
        refuse_newer(executor)
    except NewerSchema as newer:
        yield wrong("version", str(newer), "Install the newer version again.")
        return
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield wrong(
            "version", "The database was last used by an older version.", "Restart beside serve."
        )
        return
    yield well("version", "The database has this version's tables.")
    # These two read tables: if there are none, nothing has been said about the database yet.
    yield _clock(at)
    yield _host()
    yield _pragmas() if connection.vendor == "sqlite" else _postgresql()
    if connection.vendor != "sqlite":
        yield _connections(env)


def _postgresql() -> Finding:
    off = [name for name in _WRITING_THROUGH if _setting(name) == "off"]
    if off:
        return wrong(
            "database",
            f"PostgreSQL doesn't sync each commit to disk ({', '.join(off)} off), so a power cut could bring"
            " back a letter that was taken back.",
            f"Turn on in postgresql.conf: {', '.join(off)}.",
        )
    return well("database", "PostgreSQL syncs each commit to disk.")


def _connections(env: Env) -> Finding:
    needed = env.server_workers * BLOCKING_THREADS + _BESIDES
    lets_in = int(_setting("max_connections"))
    if lets_in < needed:
        return note(
            "connections",
            f"PostgreSQL allows {lets_in} connections. At its busiest Beside opens {needed}.",
            f"Set max_connections to {needed} in postgresql.conf, or lower BESIDE_SERVER_WORKERS.",
        )
    return well("connections", f"PostgreSQL allows {lets_in} connections, which is enough.")


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def _pragmas() -> Finding:
    with connection.cursor() as cursor:
        found = {name: str(cursor.execute(f"PRAGMA {name}").fetchone()[0]) for name in _PRAGMAS}
    off = [f"{name}={found[name]}" for name, meant in _PRAGMAS.items() if found[name] != meant]
    if off:
        return wrong(
            "database",
            f"SQLite ignored its settings ({', '.join(off)}), so a power cut could bring back a letter that was taken back.",
            "Put the data folder on a local disk, not on a network share.",
        )
    return well("database", "SQLite syncs each commit to disk.")


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


def _keyring() -> Finding:
    epoch = KeyEpoch.objects.first()
    if epoch is None:
        return note("keyring", "There is no keyring yet.", "Start beside serve once.")
    try:
        keyring_of(epoch.instance).epochs.read(epoch.generation)
    except (NoSuchEpoch, OtherRoot, OSError) as closed:
        return wrong("keyring", str(closed), "docs/hosting.md says what to do, under Restoring.")
    return well("keyring", "The root key opens the keyring.")


def _worker(env: Env, at: datetime) -> Finding:
    if heartbeat.is_alive(env.data, at=at):
        return well("worker", "A worker is running.")
    return wrong(
        "worker",
        "No worker has reported for three minutes, so photographs aren't being developed.",
        "Start beside serve, which runs one, or beside worker.",
    )


def _backup(env: Env, at: datetime) -> Finding:
    if connection.vendor != "sqlite":
        return note(
            "backup",
            "beside backup copies SQLite only; nobody here knows of copies that pg_dump makes.",
            "docs/hosting.md says what to copy, and in which order, under PostgreSQL.",
        )
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
