"""When the disk or the database refuses to keep something: a kind sentence for the person, a line for the host."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSING = (*_FULL, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM)


class PlaceIsFull(Exception):
    """There is no room on the disk."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This place is full at the moment, so nothing more can be kept. What has arrived is"
                " safe; the rest is still on your phone."
            )
        )


class CannotKeep(Exception):
    """The disk or the database takes nothing, for a reason that is the host's to find."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This place can’t keep anything at the moment. What has arrived is safe; the rest is"
                " still on your phone. Please try again in a while."
            )
        )


def refusal(wrong: Exception) -> PlaceIsFull | CannotKeep | None:
    """What to tell a person where `wrong` is the disk or the database refusing; None where it is anything else."""
    if isinstance(wrong, OSError) and wrong.errno in _REFUSING:
        return PlaceIsFull() if wrong.errno in _FULL else CannotKeep()
    if isinstance(wrong, OperationalError):
        return PlaceIsFull() if says_full(wrong) else CannotKeep()
    return None


def says_full(wrong: OperationalError) -> bool:
    """Whether the database has no room: SQLite says so itself, PostgreSQL repeats what the system said."""
    return "full" in str(wrong) or "No space left" in str(wrong)


@contextmanager
def kindly() -> Iterator[None]:
    """Turn what the disk or the database says into `PlaceIsFull` or `CannotKeep`, and log it."""
    try:
        yield
    except (OSError, OperationalError) as wrong:
        log.exception("the data folder or the database refuses to be written")
        raise refusal(wrong) or CannotKeep() from None
