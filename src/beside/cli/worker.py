"""`beside worker`: run a background worker. Several can run at once."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import suppress
from threading import Event, Timer

import click
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.module_loading import import_string

from beside.cli.process import existing_place, usable_place
from beside.cli.process.chores import Chores
from beside.cli.process.developer import Developer
from beside.cli.process.prepared_version import MAY_NOT_RUN
from beside.cli.process.senders import Sender, senders
from beside.cli.process.setup import NewerSchema, prepare
from beside.config.process import end_with_parent
from beside.photos import worker_beats
from beside.photos.vault.keyring import open_keyring
from beside.querysets import shared_clock

log = logging.getLogger(__name__)

PAUSE_S = 0.5
# docker stop kills everything after ten seconds; the server's own supervisor kills sooner.
STOPPING_S = 5
_WELCOME = "beside.cli.process.welcome.say"


@click.command(help="Develop photographs and do what is due. `serve` already runs one worker.")
@click.option("--supervised", is_flag=True, hidden=True)
@click.option("--ready-fd", type=int, hidden=True)
def command(*, supervised: bool, ready_fd: int | None) -> None:
    """Work until SIGTERM, SIGINT or SIGHUP, finishing the current photograph and the current mail first if that takes no longer than `STOPPING_S`."""
    if supervised:
        end_with_parent()
    try:
        _get_ready(ready_fd, is_alone=not supervised)
        _work(parent=os.getppid() if supervised else None)
    except NewerSchema as later:
        if not supervised:
            raise
        click.echo(f"Error: {later}", err=True)
        raise SystemExit(MAY_NOT_RUN) from None


def _get_ready(ready_fd: int | None, *, is_alone: bool) -> None:
    """Prepare the place and report it through the pipe, if `serve` starts with this worker."""
    if ready_fd is None:
        existing_place.require_up_to_date()
        open_keyring()
        # Beside a server, what is due is done, though the store may have gone since it started.
        if is_alone:
            usable_place.require_photographs()
        return
    prepare()
    # Before a server is asked whether a worker has been heard of. On a full disk it isn't, and starts all the same.
    with suppress(OSError, DatabaseError):
        worker_beats.beat(settings.BESIDE.data, at=shared_clock.now())
    os.write(ready_fd, b".")
    os.close(ready_fd)
    import_string(getattr(settings, "WHEN_READY", _WELCOME))(at=timezone.now())


def _work(*, parent: int | None) -> None:
    told_to_stop = Event()
    for number in _ends_by():
        signal.signal(number, lambda *_: _stop(told_to_stop))
    developer = Developer(told_to_stop)
    chores = Chores(settings.BESIDE.data, is_stuck=developer.hangs)
    threads: list[Developer | Sender] = [developer, *senders(told_to_stop)]
    for thread in threads:
        thread.start()
    try:
        while not told_to_stop.is_set() and (parent is None or os.getppid() == parent):
            _do_round(chores)
            told_to_stop.wait(PAUSE_S)
    finally:
        told_to_stop.set()
        for thread in threads:
            thread.join(thread.LONGEST_S)


def _ends_by() -> list[signal.Signals]:
    """What ends it. That its terminal is closed does, unless whoever started it had it ignore that (nohup)."""
    ends = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        ends.append(signal.SIGHUP)
    return ends


def _do_round(chores: Chores) -> None:
    """By the clock that all machines share: on one that is wrong nothing becomes due too early."""
    try:
        at = shared_clock.now()
    except DatabaseError as wrong:
        log.warning("the worker has to wait: %s", wrong)
        close_old_connections()
    else:
        chores.do(at=at)


def _stop(told_to_stop: Event) -> None:
    """Finish what is begun, and end in time all the same: another worker takes it up once its lease has ended."""
    told_to_stop.set()
    ending = Timer(STOPPING_S, os._exit, (0,))
    ending.daemon = True
    ending.start()
