from __future__ import annotations

import json
import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from beside.cli.backups import trial
from beside.cli.backups.dumps import DumpName
from beside.config.process import end_with_parent
from beside.moderation.last_runs import last_trial
from beside.people import blocks
from beside.photos.models import Rendition
from beside.posts import destroying
from tests.crash import scenario
from tests.crash.scenario import AT, nan, rose
from tests.serving import BESIDE, until

pytestmark = pytest.mark.thorough

LATER = AT + timedelta(days=1)


@pytest.fixture
def dest(place, beside, tmp_path) -> Path:
    """A backup."""
    assert beside("backup", str(tmp_path / "backup")).exit_code == 0
    return tmp_path / "backup"


def files_in(folder: Path) -> dict[Path, bytes]:
    """All but what SQLite keeps beside its database, and what is recorded."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".last"))
    }


def test_a_backup_is_restored_and_thrown_away_and_that_is_recorded(dest, beside):
    blocks.block(rose(), nan(), at=LATER)
    asked = destroying.ask_for_photo(scenario.in_drawer(), by=rose(), at=LATER)
    destroying.destroy_now(asked, by=rose(), at=LATER)
    first = min(DumpName.parse(path.stem) for path in (dest / "dumps").glob("*.dump"))
    assert beside("backup", str(dest)).exit_code == 0
    before = files_in(dest), files_in(settings.BESIDE.data)

    done = beside("restore", str(dest), "--try", "--snapshot", str(first), "--json")

    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    # The dump has three: what was destroyed since was destroyed again, and its file is still in the backup.
    assert (said["photographs"], said["faults"]) == (2, [])
    assert (files_in(dest), files_in(settings.BESIDE.data)) == before
    assert not list(settings.BESIDE.data.glob("scratch-*"))
    assert last_trial(settings.BESIDE.data).faults == 0


def test_what_does_not_come_back_is_named(dest, beside):
    lost = Rendition.objects.first()
    file = dest / "blobs" / lost.pk.hex[:2] / lost.pk.hex[2:4] / lost.pk.hex
    file.write_bytes(b"ten bytes.")

    done = beside("restore", str(dest), "--try")

    assert done.exit_code == 1
    assert str(lost.pk) in done.output
    assert "didn't come back whole" in done.output
    assert last_trial(settings.BESIDE.data).faults == 1
    assert not list(settings.BESIDE.data.glob("scratch-*"))


def test_what_is_not_there_is_named_once_and_what_can_be_made_anew_is_no_fault(dest, beside):
    swept, lost = Rendition.objects.exclude(photo=scenario.in_drawer())[0], scenario.in_drawer()
    for blob in (swept.pk, lost.original_blob):
        (dest / "blobs" / blob.hex[:2] / blob.hex[2:4] / blob.hex).unlink()

    done = beside("restore", str(dest), "--try", "--json")

    assert done.exit_code == 1
    [fault] = json.loads(done.stdout)["faults"]
    assert str(lost.original_blob) in fault["says"]


CAME_BACK = {"dump": "a", "log_until": "b", "photographs": 3, "newer": 0, "faults": []}


@pytest.mark.parametrize("verified", [[], [{"about": "photo", "says": "x", "is_leftover": True}]])
def test_a_check_that_did_not_come_to_its_end_proves_nothing(place, dest, verified, monkeypatch):
    said = {
        "restore": [CAME_BACK],
        "verify": verified,
        "doctor": [{"about": "clock", "how": "well"}],
    }
    monkeypatch.setattr(trial, "_said", lambda words, environ: said[words[0]])

    with pytest.raises(trial.TrialFailed, match="come to its end"):
        trial.restore_on_trial(
            dest, keyring=dest / "keyring", snapshot=None, data=settings.BESIDE.data
        )


def test_a_backup_that_cannot_be_restored_says_why_and_leaves_nothing(dest, beside):
    for dump in (dest / "dumps").iterdir():
        dump.write_bytes(b"")

    done = beside("restore", str(dest), "--try")

    assert done.exit_code == 1
    assert "No dump in" in done.output
    assert not list(settings.BESIDE.data.glob("scratch-*"))


@pytest.mark.parametrize(("number", "is_left"), [(signal.SIGTERM, False), (signal.SIGKILL, True)])
def test_ended_in_the_middle_it_is_thrown_away_then_or_by_the_next(dest, beside, number, is_left):
    environ = os.environ | {
        "BESIDE_DATA": str(settings.BESIDE.data),
        "BESIDE_ROOT_KEY_FILE": str(settings.BESIDE.root_key_file),
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
    }
    trial = subprocess.Popen(
        [BESIDE, "restore", dest, "--try"], env=environ, preexec_fn=end_with_parent
    )
    until(lambda: list(settings.BESIDE.data.glob("scratch-*/data/restoring")))

    trial.send_signal(number)
    trial.wait()

    assert bool(list(settings.BESIDE.data.glob("scratch-*"))) is is_left
    assert beside("backup", str(dest)).exit_code == 0
    assert not list(settings.BESIDE.data.glob("scratch-*"))
