"""What a database refused, in words: what, and how to mend it. Nothing is said that it didn't say itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

START = "Start beside serve once: it brings the tables up to date."
_ROOM = "Make room on its disk, and try again."


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence about what failed, and one about how to mend it."""

    says: str
    mend: str

    def __str__(self) -> str:
        return f"{self.says} {self.mend}"


# By SQLite's result code, without what refines it.
_OF_SQLITE = {
    sqlite3.SQLITE_NOTADB: Failure(
        "{where} is no database, or was overwritten.",
        "Keep a copy of the data folder as it is, and restore a backup into another folder (docs/hosting.md).",
    ),
    sqlite3.SQLITE_CORRUPT: Failure(
        "The database {where} is damaged.",
        "Stop Beside, keep a copy of the data folder as it is, and restore a backup into another folder (docs/hosting.md).",
    ),
    sqlite3.SQLITE_CANTOPEN: Failure(
        "The database {where} can't be opened.",
        "Check that its folder is there, and that whoever runs Beside may read and write it.",
    ),
    sqlite3.SQLITE_BUSY: Failure(
        "Another program keeps the database {where} locked.",
        "End that program, or wait until it is done, and try again.",
    ),
    sqlite3.SQLITE_READONLY: Failure(
        "The database {where} can't be written to.",
        "Let whoever runs Beside write to it and to its folder, or mount its disk for writing.",
    ),
    sqlite3.SQLITE_FULL: Failure("There is no room for the database {where}.", _ROOM),
    sqlite3.SQLITE_IOERR: Failure(
        "The disk refused to read or write the database {where}.",
        "Look at the system's log for faults of the disk, and keep a copy of the data folder.",
    ),
}
# By PostgreSQL's own codes (SQLSTATE).
_OF_POSTGRESQL = {
    "42P01": Failure("The database has none of Beside's tables, or not all of them.", START),
    "42703": Failure("The database has another version's tables.", START),
    "42501": Failure(
        "PostgreSQL doesn't let Beside do this ({words}).",
        "Make the user in BESIDE_DATABASE_URL the owner of the database and its tables.",
    ),
    "25006": Failure(
        "PostgreSQL only lets this database be read.",
        "Name the server that takes writes in BESIDE_DATABASE_URL, or turn default_transaction_read_only off.",
    ),
    "53100": Failure("PostgreSQL has no room.", _ROOM),
    "53300": Failure(
        "PostgreSQL has no connection left ({words}).",
        "Raise max_connections in postgresql.conf; beside doctor says how many Beside opens.",
    ),
}


# As libpq says it, whose words the driver brings with it in English.
_STANDBY = "hot standby"


def in_words(wrong: BaseException, *, where: str) -> Failure | None:
    """What `wrong` says of the database at `where`; None if it is no database's failure."""
    for one in _causes(wrong):
        if isinstance(one, sqlite3.Error):
            return _of_sqlite(one, where)
        if type(one).__module__.startswith("psycopg"):
            return _of_postgresql(one, where)
    if type(wrong).__module__.startswith("django.db"):
        return Failure(
            f"The database doesn't do this ({_first_line(wrong)}).", "beside doctor looks at it."
        )
    return None


def _of_sqlite(wrong: sqlite3.Error, where: str) -> Failure:
    code = getattr(wrong, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    words = str(wrong)
    if code == sqlite3.SQLITE_ERROR and words.startswith("no such table"):
        return Failure(
            f"The database {where} has none of Beside's tables, or not all of them.", START
        )
    if code == sqlite3.SQLITE_ERROR and words.startswith("no such column"):
        return Failure(f"The database {where} has another version's tables.", START)
    known = _OF_SQLITE.get(
        code,
        Failure("The database {where} doesn't do this ({words}).", "beside doctor looks at it."),
    )
    return Failure(known.says.format(where=where, words=words), known.mend)


def _of_postgresql(wrong: BaseException, where: str) -> Failure:
    state, words = getattr(wrong, "sqlstate", None), _first_line(wrong)
    if state in _OF_POSTGRESQL:
        known = _OF_POSTGRESQL[state]
        return Failure(known.says.format(words=words), known.mend)
    if state is None and _STANDBY in str(wrong):
        return Failure(
            f"No PostgreSQL that takes writes answers at {where}. What answers is a standby, whose rows may be late.",
            "Name the primary in BESIDE_DATABASE_URL, or every server with a comma in between: Beside asks the one that is the primary.",
        )
    if state is None:
        return Failure(
            f"PostgreSQL can't be reached, or doesn't let Beside in ({words}).",
            f"Check that it runs, and BESIDE_DATABASE_URL, which names {where}.",
        )
    return Failure(f"PostgreSQL doesn't do this ({words}).", "beside doctor looks at it.")


def _causes(wrong: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = wrong
    while one is not None:
        yield one
        one = one.__cause__


def _first_line(wrong: BaseException) -> str:
    return next(iter(str(wrong).strip().splitlines()), type(wrong).__name__).rstrip(".")
