"""Going on past a row that can't be dealt with: what is wrong is logged, and every other has its turn.

Otherwise one that is broken would keep a worker from everything after it, at each start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from beside.photos.disk_full import stops_everything

log = logging.getLogger(__name__)

_Row = TypeVar("_Row")


@contextmanager
def going_on(what: str) -> Iterator[None]:
    """Log `what` could not be done in the block, and why. What would stop all others too is raised. A transaction belongs inside."""
    try:
        yield
    except Exception as wrong:
        if stops_everything(wrong):
            raise
        log.exception("%s", what)


def all_that_can(rows: Sequence[_Row], act: Callable[[Sequence[_Row]], object], what: str) -> None:
    """Do `act`, a transaction, with all `rows` together; or if one of them fails, with each half together, until it alone is left.

    It may fail as late as at the commit.
    """
    if len(rows) == 1:
        with going_on(what):
            act(rows)
        return
    try:
        act(rows)
    except Exception as wrong:
        if stops_everything(wrong):
            raise
        half = len(rows) // 2
        all_that_can(rows[:half], act, what)
        all_that_can(rows[half:], act, what)
