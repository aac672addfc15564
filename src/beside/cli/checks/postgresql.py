"""PostgreSQL: whether it keeps what it confirms, can be written to, and lets enough connections in."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.config import databases
from beside.config.env import Env

_WRITING_THROUGH = ("fsync", "synchronous_commit", "full_page_writes")


def look(env: Env) -> Iterator[Finding]:
    """Everything about the server. Nothing is set for the session: a pooler may lend the same connection to others."""
    yield _writing()
    yield _encoding()
    yield _syncing()
    yield _connections(env)


def _writing() -> Finding:
    about = "writing"
    if _asked("SELECT pg_is_in_recovery()") == "True":
        return wrong(
            about,
            "This PostgreSQL is a standby, which can only be read.",
            "Name the server that takes writes in BESIDE_DATABASE_URL.",
        )
    if _setting("default_transaction_read_only") == "on":
        return wrong(
            about,
            "PostgreSQL only lets this database be read.",
            "Turn default_transaction_read_only off: for the server, for the database (ALTER DATABASE) and for the user (ALTER ROLE).",
        )
    return well(about, "PostgreSQL takes what is written.")


def _encoding() -> Finding:
    found = _setting("server_encoding")
    if found != "UTF8":
        return wrong(
            "encoding",
            f"The database keeps texts as {found}, which can't hold every name and word that people write.",
            "Make another with createdb --encoding UTF8 --template template0, and put the dump back into it.",
        )
    return well("encoding", "The database keeps texts as UTF-8.")


def _syncing() -> Finding:
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
    here, lets_in = databases.of_node(env), int(_setting("max_connections"))
    needed = here + databases.BESIDES
    if lets_in < needed:
        return note(
            "connections",
            f"PostgreSQL allows {lets_in} connections. At its busiest this machine opens {here}, and {databases.BESIDES} are kept free.",
            f"Set max_connections to {needed} in postgresql.conf, or more where there are several machines;"
            " or lower BESIDE_DATABASE_CONNECTIONS.",
        )
    return well(
        "connections",
        f"PostgreSQL allows {lets_in} connections. At its busiest this machine opens {here}.",
    )


def _setting(name: str) -> str:
    return _asked("SELECT current_setting(%s)", name)


def _asked(statement: str, *values: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return str(cursor.fetchone()[0])
