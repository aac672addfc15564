"""The one place where a failure becomes a sentence, for every command. It imports no Django, and is loaded without settings."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pydantic import ValidationError

from beside.cli.failures import databases
from beside.cli.failures.unread_output import go_on_without_reader
from beside.config import given
from beside.config.addresses import without_password
from beside.config.refused_settings import sentences

_SOURCE = Path(__file__).parents[3]
_OURS = "beside."
_DRIVER = "BESIDE_DATABASE_URL names a PostgreSQL, and what speaks to one isn't installed. pip install 'psycopg[binary,pool]~=3.3'"


class Unforeseen(click.ClickException):
    """A failure that there is no sentence for. Where it happened is said, and not what it said: that may hold anything."""

    def __init__(self, wrong: Exception) -> None:
        super().__init__(
            f"Something failed that Beside has no sentence for: {type(wrong).__name__} in {_place(wrong)}."
            " With BESIDE_DEBUG=true the same command shows where it came from. beside doctor looks at the set-up."
        )


@contextmanager
def in_sentences(*, keeps_log: bool) -> Iterator[None]:
    """End the command with a sentence whatever fails in it, and with exit status 1.

    A command whose output is a log (`keeps_log`) writes the traceback of what nobody foresaw into it; the others
    do with BESIDE_DEBUG.
    """
    go_on_without_reader()
    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except Exception as wrong:  # noqa: BLE001  (it ends here, whatever it is)
        said = sentence(wrong)
        if said is None and (keeps_log or _is_debugging()):
            traceback.print_exception(wrong)
        raise (click.ClickException(said) if said else Unforeseen(wrong)) from None


def sentence(wrong: BaseException) -> str | None:
    """What to say of `wrong`: what failed, and how to mend it; None where nobody foresaw it."""
    if isinstance(wrong, ValidationError):
        return sentences(wrong)
    if type(wrong).__module__.startswith(_OURS):
        # What is raised in Beside itself was written to be read.
        return str(wrong).strip() or None
    failure = databases.in_words(wrong, where=where())
    if failure is not None:
        return str(failure)
    if type(wrong).__name__ == "ImproperlyConfigured":
        return _DRIVER if "psycopg" in str(wrong) else str(wrong)
    if isinstance(wrong, OSError):
        return _of_system(wrong)
    return None


def where() -> str:
    """The database's place, to be said: the file, or the address without its password."""
    url = os.environ.get("BESIDE_DATABASE_URL", "")
    if url or "BESIDE_DATABASE_URL_FILE" in os.environ:
        return without_password(url) if url else "the one in BESIDE_DATABASE_URL_FILE"
    return f"{Path(given.one(os.environ, 'BESIDE_DATA', otherwise='var/data')) / 'beside.sqlite3'}"


def _of_system(wrong: OSError) -> str | None:
    """The system says what it refused, and often of which file."""
    if not wrong.strerror:
        return None
    about = f"{os.fsdecode(wrong.filename)}: " if isinstance(wrong.filename, str | bytes) else ""
    return f"{about}{wrong.strerror}. beside doctor looks at the set-up."


def _place(wrong: Exception) -> str:
    """The line of ours that it happened in."""
    frames = [
        one
        for one in traceback.extract_tb(wrong.__traceback__)
        if one.filename.startswith(str(_SOURCE))
    ]
    if not frames:
        return "a library"
    return f"{Path(frames[-1].filename).relative_to(_SOURCE)}, line {frames[-1].lineno}"


def _is_debugging() -> bool:
    return os.environ.get("BESIDE_DEBUG", "").lower() in ("true", "1", "yes", "on")
