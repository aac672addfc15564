"""Restoring a backup on trial: really, by the commands that a host would use, into a folder that is thrown away.

The files aren't copied: each has a link to the backup's, or the backup's bucket stands in for the store. All else is as it would be: the database is put back and migrated, the keys
are, what was narrowed since is narrowed again, `beside verify` opens every photograph, and the doctor looks at the database and
the keys.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings

from beside.cli.backups.destination import Place
from beside.cli.backups.scratch import scratch_folder
from beside.cli.verification.faults import Fault
from beside.config.process import end_with_parent
from beside.photos.vault.bucket_places import BucketPlace

# What the doctor says of the other things is about the machine, or about a server that isn't running there.
_ABOUT_THE_PLACE = {"version", "database", "keyring", "clock"}
# A trial is a folder on this machine, whatever this place is kept in, and sends no mail: of this place's settings it has these.
_SETTINGS = {"BESIDE_TIME_ZONE", "BESIDE_LANGUAGE"}
# How a bucket with a backup is reached.
_REACHES = "BESIDE_BACKUP_"


class TrialFailed(Exception):
    """The backup can't be restored, for the reason that `beside restore` gave."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came back, and what is wrong with it."""

    dump: str
    log_until: str
    photographs: int
    newer: int
    faults: list[Fault]


def restore_on_trial(source: Place, *, keyring: Place, snapshot: str | None, data: Path) -> Trial:
    """Restore it beside `data`, look at it and throw it away, whatever happens. Raises `TrialFailed` and `CannotWrite`."""
    words = ["restore", _named(source), "--keyring", _named(keyring), "--links"]
    if snapshot:
        words += ["--snapshot", snapshot]
    with _ended_by_exceptions(), scratch_folder(data) as scratch:
        environ = _environ(scratch / "data", source)
        restored = _said(words, environ)
        if not restored:
            raise TrialFailed("beside restore said nothing.")
        *_, came_back = restored
        faults = [Fault(**fault) for fault in came_back["faults"]]
        verified, looked = _said(["verify"], environ), _said(["doctor"], environ)
        if not verified or "leftovers" not in verified[-1]:
            raise TrialFailed("beside verify didn't come to its end.")
        if not looked:
            raise TrialFailed("beside doctor said nothing.")
        faults += _faults(verified, looked)
    return Trial(
        dump=came_back["dump"],
        log_until=came_back["log_until"],
        photographs=came_back["photographs"],
        newer=came_back["newer"],
        faults=faults,
    )


def _named(place: Place) -> str:
    return place.url if isinstance(place, BucketPlace) else str(place.resolve())


def _environ(data: Path, source: Place) -> dict[str, str]:
    """The environment of this process, with hardly a setting of this place. A bucket with a backup is the trial's own store."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _SETTINGS or name.startswith(_REACHES) or not name.startswith("BESIDE_")
    }
    key = settings.BESIDE.root_key_file.absolute()
    if isinstance(source, BucketPlace):
        kept |= {
            "BESIDE_STORE": source.url,
            "BESIDE_STORE_ENDPOINT": source.endpoint,
            "BESIDE_STORE_REGION": source.region,
            "BESIDE_STORE_KEY": source.key,
            "BESIDE_STORE_SECRET": source.secret,
        }
    return kept | {
        "BESIDE_DATA": str(data),
        "BESIDE_ROOT_KEY_FILE": str(key),
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
    }


def _said(words: list[str], environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a command printed with --json, a line each. Raises `TrialFailed` with what it said where it printed nothing."""
    command = [sys.executable, "-m", "beside.start", *words, "--json"]
    done = subprocess.run(  # noqa: S603
        command,
        env=dict(environ),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=end_with_parent,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode < 0 or (done.returncode and not lines):
        raise TrialFailed(done.stderr.strip().removeprefix("Error: ") or f"{words[0]} failed.")
    return lines


def _faults(verified: list[dict[str, Any]], looked: list[dict[str, Any]]) -> Iterator[Fault]:
    for line in verified:
        if not line.get("is_leftover", True):
            yield Fault(**line)
    for line in looked:
        if line["about"] in _ABOUT_THE_PLACE and line["how"] == "wrong":
            yield Fault(line["about"], line["says"])


@contextmanager
def _ended_by_exceptions() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end this as Ctrl-C does, so that the folder is thrown away."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
