"""What a worker does, most urgent first. Each chore can safely be repeated or interrupted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from beside.access import claims, consents, looks
from beside.access.door import requests
from beside.archive import account_closures
from beside.cli.process import announcements, queues
from beside.cli.process.existing_place import require_may_run
from beside.cli.process.queues import Queues
from beside.cli.process.signs_of_life import signs_of_life
from beside.family import reminders
from beside.index import leftovers
from beside.moderation import reports, trail
from beside.notices import outbox
from beside.people import account_changes, guesses
from beside.people.sessions import SessionStore
from beside.photos import chore_turns, disk_full, uploads, worker_beats
from beside.photos.chore_turns import Turn
from beside.photos.disk_full import CannotKeep, PlaceIsFull
from beside.photos.intake.darkrooms import NoDarkroom
from beside.photos.vault.destroying import replace_if_due
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.store import store
from beside.photos.vault.sweeping import TooMuchToSweep, sweep
from beside.posts import approvals, destroying, indexed_texts, share_links
from beside.querysets import shared_clock
from beside.responses import seals

log = logging.getLogger(__name__)

_MAY_COME_RIGHT = (
    DatabaseError,
    OSError,
    NoDarkroom,
    PlaceIsFull,
    CannotKeep,
    TooMuchToSweep,
    # A keyring whose disk isn't mounted has no key either.
    NoSuchEpoch,
    OtherRoot,
)


@dataclass
class Chore:
    """A task done at an interval, and the first time at once. One with a name is done by one machine of the place at a time."""

    act: Callable[[datetime], object]
    every: timedelta
    name: str = ""
    # Whether this worker must end where it fails.
    is_guard: bool = False
    last: datetime | None = None

    def do(self, at: datetime, *, beat: Callable[[datetime], None]) -> None:
        """Do it, unless it is another machine's turn. However long it takes, the turn is kept, and this worker is heard of by `beat`."""
        if not self.name:
            self.act(at)
        elif turn := chore_turns.take(self.name, every=self.every, at=at):
            try:
                with signs_of_life(partial(_is_at_it, turn, beat)):
                    self.act(at)
            finally:
                chore_turns.end(turn)

    def is_due(self, at: datetime) -> bool:
        """Whether it is due. A clock that was set back makes it due, rather than silent for years."""
        return self.last is None or not timedelta(0) <= at - self.last < self.every


class Chores:
    """The chores of one worker. While `is_stuck` says that its other work hangs, it isn't heard of."""

    def __init__(self, data: Path, *, is_stuck: Callable[[], bool] = lambda: False) -> None:
        self._data, self._is_stuck = data, is_stuck
        self._regular = [
            Chore(lambda at: disk_full.watch(data), timedelta(seconds=5)),
            Chore(lambda at: require_may_run(), timedelta(seconds=5), is_guard=True),
            Chore(self._beat, timedelta(seconds=5)),
            Chore(destroying.run_due, timedelta(minutes=1), "destroy"),
            Chore(account_closures.run_due, timedelta(minutes=1), "close accounts"),
            Chore(announcements.run_due, announcements.EVERY, "announce"),
            Chore(approvals.run_due, timedelta(minutes=10), "approvals"),
            Chore(requests.lapse, timedelta(minutes=10), "requests"),
            Chore(reminders.run_due, timedelta(minutes=10), "reminders"),
            Chore(seals.run_due, timedelta(hours=1), "seals"),
            Chore(lambda at: share_links.lapse(at=at), timedelta(minutes=10), "share links"),
            Chore(share_links.follow_mails, timedelta(minutes=1), "mails of share links"),
            Chore(uploads.expire, timedelta(minutes=10), "uploads"),
            Chore(replace_if_due, timedelta(minutes=1), "replace keys"),
            Chore(lambda at: sweep(store(), at=at), timedelta(minutes=10), "sweep"),
            Chore(lambda at: SessionStore.clear_expired(), timedelta(hours=1), "sessions"),
            Chore(claims.run_due, timedelta(hours=1), "claims"),
            Chore(reports.run_due, timedelta(hours=1), "reports"),
            Chore(lambda at: consents.purge(at=at), timedelta(hours=1), "consents"),
            Chore(lambda at: looks.purge(at=at), timedelta(hours=1), "looks"),
            Chore(lambda at: trail.forget_reasons(), timedelta(hours=1), "trail"),
            Chore(lambda at: guesses.purge(at=at), timedelta(hours=1), "guesses"),
            Chore(lambda at: account_changes.purge(at=at), timedelta(hours=1), "account changes"),
            Chore(outbox.purge, timedelta(hours=1), "outbox"),
            Chore(lambda at: indexed_texts.catch_up(), timedelta(minutes=10), "index"),
            Chore(lambda at: leftovers.purge(), timedelta(days=1), "leftovers"),
        ]
        if settings.BESIDE.metrics:
            self._regular.append(Chore(Queues().measure, queues.EVERY))

    def do(self, *, at: datetime) -> None:
        """Do what is due at `at`."""
        for chore in self._regular:
            if chore.is_due(at):
                chore.last = at
                attempt(partial(chore.do, at, beat=self._beat), is_guard=chore.is_guard)

    def _beat(self, at: datetime) -> None:
        if not self._is_stuck():
            worker_beats.beat(self._data, at=at)


def _is_at_it(turn: Turn, beat: Callable[[datetime], None]) -> None:
    at = shared_clock.now()
    chore_turns.hold(turn, at=at)
    beat(at)


def attempt(act: Callable[[], object], *, is_guard: bool = False) -> object:
    """What `act` returns. Wait out a full disk, or a database that is locked or restarting: a later round tries again.

    It does so too where a chore has a fault, which must keep nobody from what is to be destroyed. A guard's ends the worker.
    """
    try:
        return act()
    except _MAY_COME_RIGHT as wrong:
        log.warning("a chore has to wait: %s", wrong)
    except Exception:
        if is_guard:
            raise
        log.exception("a chore has failed, and is tried again")
    close_old_connections()
    return None
