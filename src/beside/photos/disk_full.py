"""When the disk or the database refuses to keep something: a kind sentence, and room kept aside for what frees room.

The database needs a few pages even to make something smaller, so taking back, closing, destroying and stopping
an upload are done in the reserve when the disk is full. A start and the worker give it up as soon as nothing else is
free, and photographs never use that room.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext_lazy as _

from beside.photos import reserve
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.store import StoreUnavailable

log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_R = TypeVar("_R")
# PostgreSQL's code (SQLSTATE).
_DISK_FULL = "53100"
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


def is_away(wrong: BaseException | None) -> bool:
    """Whether the database or the store doesn't answer, so that it can't be asked for anything else either."""
    if isinstance(wrong, StoreUnavailable):
        return True
    # SQLite always answers.
    if connection.vendor == "sqlite" or not isinstance(wrong, OperationalError | InterfaceError):
        return False
    return isinstance(wrong, InterfaceError) or not says_full(wrong)


def stops_everything(wrong: Exception) -> bool:
    """Whether whatever else is tried would fail too: nothing is kept or answered, or the keyring isn't this place's."""
    if isinstance(wrong, NoSuchEpoch | OtherRoot):
        return True
    return refusal(wrong) is not None or is_away(wrong)


def says_full(wrong: OperationalError) -> bool:
    """Whether the database has no room: SQLite says so in words, PostgreSQL by its code, as its words are in its host's language.

    Where it lets nobody in for that reason there is no code, and the system's words are all that there is.
    """
    if (state := getattr(wrong.__cause__, "sqlstate", None)) is not None:
        return bool(state == _DISK_FULL)
    return "full" in str(wrong) or "No space left" in str(wrong)


@contextmanager
def kindly() -> Iterator[None]:
    """Turn what the disk or the database says into `PlaceIsFull` or `CannotKeep`, and log it."""
    try:
        yield
    except (OSError, OperationalError) as wrong:
        log.exception("the data folder or the database refuses to be written")
        raise refusal(wrong) or CannotKeep() from None


@contextmanager
def adding() -> Iterator[None]:
    """As `kindly`, for a photograph's bytes: raises `PlaceIsFull` before they use the last room."""
    if not has_room_to_add():
        raise PlaceIsFull
    with kindly():
        yield


def has_room_to_add() -> bool:
    """Whether photographs may still be added to this place."""
    return not _is_on_disk() or reserve.has_room_to_add(settings.BESIDE.data)


def is_full(data: Path) -> bool:
    """Whether so little is free on the disk of the data folder that uploads fail, or soon will."""
    return _is_on_disk() and reserve.free(data) < 2 * reserve.RESERVE_BYTES


def watch(data: Path) -> None:
    """Give up the reserve if nothing else is free, and say so in the log; keep it again once there is room.

    Where nothing is kept on that disk, there is nothing to do.
    """
    if not _is_on_disk():
        return
    if reserve.give_up_if_needed(data):
        log.warning("the disk of %s is full: the room kept aside is in use now. Make room.", data)
    reserve.set_aside(data)


def with_reserve(act: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have `act` done a second time, in the room that was kept aside, when the disk is full.

    Put it outside the transaction. Within another transaction it does nothing, as that one has to begin again.
    """

    @wraps(act)
    def acting(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return act(*args, **kwargs)
        except (OperationalError, OSError) as refused:
            if connection.in_atomic_block or not _is_about_room(refused) or not _give_up():
                raise
        return act(*args, **kwargs)

    return acting


def _is_on_disk() -> bool:
    """Whether rows or photographs are kept on the disk of the data folder, and not all of them elsewhere."""
    return not settings.BESIDE.store or connection.vendor == "sqlite"


def _is_about_room(refused: OperationalError | OSError) -> bool:
    if isinstance(refused, OSError):
        return refused.errno in _FULL
    return says_full(refused)


def _give_up() -> bool:
    return reserve.give_up(settings.BESIDE.data)
