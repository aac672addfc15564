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


@contextmanager
def kindly() -> Iterator[None]:
    """Turn what the disk or the database says into `PlaceIsFull` or `CannotKeep`, and log it."""
    try:
        yield
    except OSError as wrong:
        log.exception("the data folder refuses to be written")
        if wrong.errno in _FULL:
            raise PlaceIsFull from None
        raise CannotKeep from None
    except OperationalError as wrong:
        log.exception("the database refuses to be written")
        if "full" in str(wrong):
            raise PlaceIsFull from None
        raise CannotKeep from None
