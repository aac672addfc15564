from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from beside.cli.backups import backup as module
from beside.cli.backups import files
from beside.cli.backups.folder_destination import FolderDestination
from beside.cli.backups.rotation import PARTS, WITHIN, Rotation
from beside.moderation.last_runs import last_backup
from beside.people.models import Narrowing
from beside.photos.models import Rendition
from beside.photos.vault import exporting
from beside.photos.vault.exporting import read_export
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.store import StoreUnavailable
from beside.posts import taking_back
from tests.cli.disks import small_disk
from tests.crash import scenario
from tests.crash.folder import environment
from tests.serving import BESIDE

pytestmark = pytest.mark.thorough


@pytest.fixture
def dest(tmp_path) -> Path:
    return tmp_path / "backup"


@pytest.fixture
def backup(beside, dest):
    def run(*words: str, says: int = 0) -> dict:
        done = beside("backup", str(dest), "--json", *words)
        assert done.exit_code == says, done.output
        return json.loads(done.stdout)

    return run


def file_of(folder: Path, blob: UUID) -> Path:
    return folder / "blobs" / blob.hex[:2] / blob.hex[2:4] / blob.hex


def an_original() -> UUID:
    return scenario.in_drawer().original_blob


def bend(path: Path) -> None:
    """Change one bit; the size stays."""
    whole = path.read_bytes()
    path.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])


@pytest.fixture
def later(monkeypatch):
    """As if so much later."""

    def go(by: timedelta) -> None:
        then = timezone.now() + by
        monkeypatch.setattr("beside.cli.backup.timezone.now", lambda: then)

    return go


def test_a_file_that_is_lost_here_is_told_and_the_rest_is_backed_up(place, backup, dest):
    lost = an_original()
    file_of(settings.BESIDE.data, lost).unlink()

    done = backup(says=3)

    [fault] = done["faults"]
    assert fault["about"] == f"photo {scenario.in_drawer().pk}"
    assert str(lost) in fault["says"]
    assert "Its original is gone" in fault["says"]
    assert "doesn't have it whole either" in fault["says"]
    assert done["copied"] == 8
    assert len(list((dest / "dumps").glob("*.dump"))) == 1
    assert last_backup(settings.BESIDE.data).faults == 1


def test_a_backup_that_is_gone_is_not_begun_anew_unasked(place, backup, beside, dest):
    backup()
    elsewhere = dest.rename(dest.with_name("unmounted"))

    done = beside("backup", str(dest))

    assert done.exit_code == 1
    assert "Is its disk mounted?" in done.output
    assert f"beside backup {dest} --new" in " ".join(done.output.split())
    assert not dest.exists()

    dest.mkdir()
    assert beside("backup", str(dest)).exit_code == 1
    assert not list(dest.iterdir())
    assert backup("--new")["copied"] == 9
    assert backup()["copied"] == 0
    assert beside("backup", str(elsewhere)).exit_code == 0


def test_a_file_that_a_store_lists_late_is_in_the_backup(place, backup, dest, monkeypatch):
    late = {an_original(), Rendition.objects.first().pk}
    listed = FolderStore.sizes

    def sizes(store):
        found = listed(store)
        if store._folder == settings.BESIDE.data:
            return ((blob, size) for blob, size in found if blob not in late)
        return found

    monkeypatch.setattr(FolderStore, "sizes", sizes)

    assert backup()["copied"] == 9
    assert all(file_of(dest, blob).exists() for blob in late)
    assert backup()["copied"] == 0


def test_a_file_that_changed_here_is_told_and_never_copied(place, backup, dest):
    changed = Rendition.objects.first()
    bend(file_of(settings.BESIDE.data, changed.pk))

    done = backup(says=3)

    [fault] = done["faults"]
    assert fault["about"] == f"photo {changed.photo_id}"
    assert f"({changed.name}) isn't as it was written" in fault["says"]
    assert not file_of(dest, changed.pk).exists()


def test_what_the_backup_has_whole_is_put_back_when_asked_to(place, backup, dest):
    backup()
    lost, changed = an_original(), Rendition.objects.first().pk
    whole = {one: file_of(dest, one).read_bytes() for one in (lost, changed)}
    file_of(settings.BESIDE.data, lost).unlink()
    file_of(settings.BESIDE.data, changed).write_bytes(b"ten bytes.")

    done = backup(says=3)
    assert len(done["faults"]) == 2
    assert all("--put-back" in fault["says"] for fault in done["faults"])

    done = backup("--put-back")
    assert (done["put_back"], done["faults"]) == (2, [])
    for one, data in whole.items():
        assert file_of(settings.BESIDE.data, one).read_bytes() == data
        assert file_of(dest, one).read_bytes() == data


def test_a_damaged_file_here_never_replaces_the_whole_one_in_the_backup(place, backup, dest, later):
    backup()
    one = an_original()
    whole = file_of(dest, one).read_bytes()
    bend(file_of(settings.BESIDE.data, one))

    later(WITHIN)
    assert len(backup(says=3)["faults"]) == 1

    assert file_of(dest, one).read_bytes() == whole


def test_a_file_cut_short_in_the_backup_is_copied_again_in_the_next_run(place, backup, dest):
    backup()
    for one in (an_original(), Rendition.objects.first().pk):
        cut = file_of(dest, one)
        cut.write_bytes(cut.read_bytes()[:10])

    assert backup()["again"] == 2

    for one in (an_original(), Rendition.objects.first().pk):
        here = file_of(settings.BESIDE.data, one)
        assert file_of(dest, one).read_bytes() == here.read_bytes()


def test_a_changed_bit_in_the_backup_is_found_within_four_weeks(place, backup, dest, later):
    backup()
    one = an_original()
    bend(file_of(dest, one))

    for night in range(1, WITHIN.days + 1):
        later(timedelta(days=night))
        done = backup()
        if done["again"]:
            break

    assert done["again"] == 1
    here = file_of(settings.BESIDE.data, one)
    assert file_of(dest, one).read_bytes() == here.read_bytes()


def test_every_part_is_read_within_four_weeks_whichever_nights_are_missed(tmp_path):
    now = timezone.now()
    Rotation(FolderDestination(tmp_path)).were_read(range(PARTS), at=now)
    for rhythm in ((1,), (7,), (1, 1, 5, 1, 13), (40,)):
        read = dict.fromkeys(range(PARTS), now)
        at, worst = now, timedelta(0)
        for round_ in range(80):
            step = timedelta(days=rhythm[round_ % len(rhythm)])
            at += step
            due = Rotation(FolderDestination(tmp_path)).due(at=at)
            worst = max(worst, *(at - read[part] - step for part in due))
            read.update(dict.fromkeys(due, at))
            Rotation(FolderDestination(tmp_path)).were_read(due, at=at)
        assert worst <= WITHIN, rhythm
        Rotation(FolderDestination(tmp_path)).were_read(range(PARTS), at=now)


def test_an_old_backup_is_not_read_whole_in_the_first_night(tmp_path):
    (tmp_path / "last-read.json").write_text("[not json")

    assert len(Rotation(FolderDestination(tmp_path)).due(at=timezone.now())) < PARTS / 20


def test_nothing_is_read_again_that_was_just_copied(place, backup):
    assert backup()["read"] == 0


def test_a_disk_that_reads_back_something_else_stops_the_backup(place, beside, dest, monkeypatch):
    really = FolderStore.put

    def put(store, blob, data):
        really(
            store,
            blob,
            data[:-1] + bytes([data[-1] ^ 1]) if "backup" in str(store._folder) else data,
        )

    monkeypatch.setattr(FolderStore, "put", put)

    refused = beside("backup", str(dest))

    assert refused.exit_code == 1
    assert "reads back another file" in " ".join(refused.output.split())
    assert not list((dest / "dumps").glob("*.dump"))


def test_a_store_that_is_away_loses_nothing_and_makes_no_dump(place, beside, dest, monkeypatch):
    before = sorted((dest / "dumps").glob("*")) if dest.exists() else []
    get = FolderStore.get

    def away(self, blob):
        if self._folder == settings.BESIDE.data:
            raise StoreUnavailable("s3://photographs")
        return get(self, blob)

    monkeypatch.setattr(FolderStore, "get", away)

    done = beside("backup", str(dest))

    assert done.exit_code == 1
    assert "The object store at s3://photographs refuses" in done.output
    assert "disk" not in done.output
    assert sorted((dest / "dumps").glob("*")) == before


def test_what_is_destroyed_meanwhile_is_not_told_as_lost(place, backup, monkeypatch):
    one = Rendition.objects.first()
    file_of(settings.BESIDE.data, one.pk).unlink()
    really = files.named
    monkeypatch.setattr(files, "named", lambda blob: None if blob == one.pk else really(blob))

    assert backup()["faults"] == []


def test_keys_and_the_log_of_what_was_narrowed_are_of_one_moment(place, backup, dest, monkeypatch):
    """A keyring without the keys of a letter that was taken back, and without the line in its log, would open it again."""
    really = exporting.slots_at

    def meanwhile(*where, **how):
        monkeypatch.setattr(exporting, "slots_at", really)
        taking_back.take_back(scenario.published(), by=scenario.rose(), at=scenario.AT)
        return really(*where, **how)

    monkeypatch.setattr(exporting, "slots_at", meanwhile)

    # `_live_keys` asks first, where there is nothing yet.
    monkeypatch.setattr(module, "_live_keys", lambda *_where, **_how: {})
    backup()

    file = read_export(dest / "keyring")
    assert file.tombstones
    assert Narrowing.Kind.TAKEN_BACK in {kind for kind, _, _ in file.narrowings}


def test_what_a_killed_backup_left_goes_at_the_next(place, backup, dest):
    backup()
    data = settings.BESIDE.data
    scratch, hexed = data / f"scratch-{'0b53a7ba' * 4}", "0b53a7ba1e0f4a5f8b3c4d5e6f708192"
    left = [
        scratch / "snapshot-left",
        dest / "dumps" / f".20261130T000000Z-{hexed}",
        dest / "parts" / hexed,
        dest / f"last-read.json.{hexed}.draft",
    ]
    not_ours = [
        data / "scratch-novel" / "chapter 1.txt",
        data / "notes.last.year.draft",
        dest / "dumps" / ".keep",
        dest / "dumps" / ".snapshot" / "yesterday",
        dest / "parts" / "invoice.pdf",
        dest / "novel.draft",
        dest / "dumps" / "holiday.dump",
    ]
    for file in (*left, *not_ours):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"half")

    backup()

    assert [file for file in left if file.exists()] == []
    assert not scratch.exists()
    assert all(file.exists() for file in not_ours)


def test_a_keyring_inside_the_data_folder_is_refused(place, beside, dest, tmp_path):
    (tmp_path / "link").symlink_to(settings.BESIDE.data)

    for keyring in (settings.BESIDE.data / "keyring", tmp_path / "link" / "copy"):
        done = beside("backup", str(dest), "--keyring", str(keyring))
        assert done.exit_code == 1
        assert "inside the data folder" in done.output
    assert not dest.exists()


def test_a_folder_with_the_root_key_in_it_is_no_new_backup(place, beside, dest, settings):
    key = dest / "keys" / "root.key"
    key.parent.mkdir(parents=True)
    shutil.copy(settings.BESIDE.root_key_file, key)
    settings.BESIDE = settings.BESIDE.model_copy(update={"root_key_file": key})

    said = beside("backup", str(dest))

    assert said.exit_code == 1
    assert "Back up to a folder of its own" in said.output
    assert [one.name for one in dest.iterdir()] == ["keys"]


def test_a_backup_that_has_the_root_key_in_it_already_goes_on_and_says_so(
    place, backup, beside, dest, settings
):
    backup()
    shutil.copy(settings.BESIDE.root_key_file, dest / "root.key")
    settings.BESIDE = settings.BESIDE.model_copy(update={"root_key_file": dest / "root.key"})

    said = beside("backup", str(dest))

    assert said.exit_code == 0
    assert "lies in" in said.output


def test_a_folder_whose_name_is_no_text_is_refused(place, beside, tmp_path):
    said = beside("backup", os.fsdecode(bytes(tmp_path) + b"/\xff\xfe"))

    assert said.exit_code == 2
    assert "UTF-8" in said.output


def test_a_dump_of_the_future_is_told_of_before_it_hides_the_others(
    place, backup, beside, dest, later
):
    later(timedelta(days=36))
    ahead = backup()["dump"]
    later(-timedelta(days=36))

    done = beside("backup", str(dest))

    assert done.exit_code == 1
    assert f"delete {ahead}.dump" in done.output
    (dest / "dumps" / f"{ahead}.dump").unlink()
    backup("--new")


def test_where_a_folder_is_named_from_does_not_matter(place, backup, beside, dest, monkeypatch):
    monkeypatch.chdir(dest.parent)
    assert beside("backup", dest.name).exit_code == 0
    assert last_backup(settings.BESIDE.data).to == str(dest)
    dest.rename(dest.with_name("unmounted"))

    assert beside("backup", f"../{dest.parent.name}/{dest.name}").exit_code == 1


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    with small_disk(tmp_path / "small", "6m") as folder:
        yield folder


def everything_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_full_backup_disk_costs_a_sentence_and_nothing_that_was_good(place, beside, disk):
    """At each step: with so much room left, then a little more, until it is enough."""
    dest = disk / "backup"
    done = beside("backup", str(dest), "--json")
    assert done.exit_code == 0, done.output
    dump = json.loads(done.stdout)["dump"]
    scenario.put_in(scenario.rose())
    filled = disk / "filled"
    refusals = 0
    for room in range(0, 4 << 20, 320 << 10):
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        filled.write_bytes(bytes(max(0, free - room)))
        before = everything_in(dest)
        done = beside("backup", str(dest))
        filled.unlink()
        if done.exit_code == 0:
            break
        refusals += 1
        said = " ".join(done.output.split())
        assert "There is no room for it in" in said
        after = everything_in(dest)
        assert not [path for path in after if path.name.startswith(".2") or "parts" in path.parts]
        assert {path for path in before if path.suffix == ".dump"} <= after.keys()
        assert read_export(dest / "keyring").dump_keys.keys() >= {dump}
    assert done.exit_code == 0
    assert refusals > 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda dest: dest.mkdir(mode=0o500), "may not read or write"),
        (lambda dest: dest.symlink_to("/proc"), "can't be written to"),
    ],
)
def test_a_folder_that_takes_nothing_is_said_to_be_one(place, dest, change, says, beside):
    change(dest)
    if os.geteuid() == 0 and says == "may not read or write":
        pytest.skip("root may write everywhere")

    refused = beside("backup", str(dest))

    assert refused.exit_code == 1
    assert says in " ".join(refused.output.split())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_what_root_backs_up_belongs_to_whom_the_data_belongs_to(as_made, tmp_path):
    place, dest, owner = tmp_path / "place", tmp_path / "backup", 12345
    subprocess.run(["cp", "-a", as_made.folder, place], check=True)
    for path in [place / "data", *(place / "data").rglob("*")]:
        os.chown(path, owner, owner)
    environ = environment(tmp_path)
    for words in (
        ["backup", dest],
        ["host", "list"],
        ["doctor"],
        ["verify"],
        ["backup", dest],
    ):
        said = subprocess.run([BESIDE, *words], env=environ, capture_output=True, text=True)
        assert "Traceback" not in said.stderr
    again = tmp_path / "again"
    again.mkdir()
    os.chown(again, owner, owner)
    (again / "place").mkdir()
    os.chown(again / "place", owner, owner)
    subprocess.run(
        [BESIDE, "restore", dest],
        env=environment(again) | {"BESIDE_ROOT_KEY_FILE": str(place / "root.key")},
        check=True,
        capture_output=True,
    )

    for folder in (place / "data", dest, again / "place" / "data"):
        foreign = [path for path in [folder, *folder.rglob("*")] if path.stat().st_uid != owner]
        assert foreign == []
    assert last_backup(place / "data") is not None


def test_a_record_that_belongs_to_another_user_is_replaced(place, backup):
    record = settings.BESIDE.data / "backup.last"
    record.write_bytes(b"root's")
    before = record.stat().st_ino

    backup()

    assert record.stat().st_ino != before
    assert last_backup(settings.BESIDE.data).faults == 0
