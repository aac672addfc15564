"""Backups to a bucket: as good as those to a folder, and restored from there."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from pydantic import SecretStr

from beside.archive import account_closures
from beside.cli.backups.files import copy_all
from beside.cli.backups.rotation import WITHIN
from beside.cli.verification.progress import Progress
from beside.cli.verify import prove
from beside.photos.models import Hold, OriginalPiece, Photo, Rendition
from beside.photos.vault.exporting import read_export
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.keyring import open_keyring
from beside.photos.vault.object_store import ObjectStore
from beside.photos.vault.store import StoreUnavailable, store
from beside.posts import destroying
from tests import objects
from tests.crash import scenario
from tests.crash.scenario import AT, rose

pytestmark = pytest.mark.thorough
LATER = AT + timedelta(days=1)


class Bucket:
    """A bucket with a backup, looked into by a client that isn't Beside's."""

    def __init__(self, client: Any, url: str) -> None:
        self.url = url
        self._client = client
        self._bucket, _, self._prefix = url.removeprefix("s3://").partition("/")

    def names(self) -> dict[str, bytes]:
        found = objects.everything_in(self._client, self._bucket, f"{self._prefix}/")
        return {name.removeprefix(f"{self._prefix}/"): data for name, data in found}

    def write(self, name: str, data: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=f"{self._prefix}/{name}", Body=data)

    def delete(self, name: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=f"{self._prefix}/{name}")

    def bend(self, name: str) -> None:
        whole = self.names()[name]
        self.write(name, whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])


@pytest.fixture
def dest(endpoint, client, place, settings, monkeypatch) -> Bucket:
    """The place keeps its files in its folder, and its backups in a bucket."""
    said = objects.settings_at(endpoint)
    reached = {
        "backup_endpoint": endpoint,
        "backup_region": said["store_region"],
        "backup_key": objects.KEY,
        "backup_secret": objects.SECRET,
    }
    settings.BESIDE = type(settings.BESIDE).model_validate(
        {
            "data": settings.BESIDE.data,
            "root_key_file": settings.BESIDE.root_key_file,
            **reached,
        }
    )
    for name, value in reached.items():
        monkeypatch.setenv(f"BESIDE_{name.upper()}", value)
    for name in ("STORE", "KEYRING"):
        monkeypatch.delenv(f"BESIDE_{name}", raising=False)
    return Bucket(client, said["store"])


@pytest.fixture
def backup(beside, dest):
    def run(*words: str, says: int = 0) -> dict:
        done = beside("backup", dest.url, "--json", *words)
        assert done.exit_code == says, done.output
        return json.loads(done.stdout)

    return run


def name_of(blob: UUID) -> str:
    return f"blobs/{blob.hex}"


def here(blob: UUID):
    return settings.BESIDE.data / "blobs" / blob.hex[:2] / blob.hex[2:4] / blob.hex


def later(monkeypatch, by: timedelta) -> None:
    then = timezone.now() + by
    monkeypatch.setattr("beside.cli.backup.timezone.now", lambda: then)


def test_everything_comes_back_and_nothing_lies_open(backup, beside, dest, elsewhere):
    done = backup()
    found = dest.names()
    assert done["copied"] == sum(name.startswith("blobs/") for name in found) == 9
    assert {"keyring/keyring.a", "keyring/keyring.b", "last-read.json"} < found.keys()
    assert not any(scenario.WORDS.encode() in data for data in found.values())
    assert backup()["copied"] == 0
    originals = set(Photo.objects.values_list("pk", "original_bytes"))
    kept = settings.BESIDE
    elsewhere()
    settings.BESIDE = kept.model_copy(
        update={
            "data": settings.BESIDE.data,
            "root_key_file": settings.BESIDE.root_key_file,
        }
    )

    restored = beside("restore", dest.url, "--json")

    assert restored.exit_code == 0, restored.output
    open_keyring()
    assert set(Photo.objects.values_list("pk", "original_bytes")) == originals
    assert [one for one in prove(Progress(), quietly=True) if not one.is_leftover] == []


def test_what_was_destroyed_is_noise_in_it_and_a_trial_leaves_it_as_it_is(backup, beside, dest):
    first = backup()["dump"]
    gone = scenario.in_drawer()
    held = {(one.photo_id, one.kind) for one in Hold.objects.all()}
    asked = destroying.ask_for_photo(gone, by=rose(), at=LATER)
    destroying.destroy_now(asked, by=rose(), at=LATER)
    backup()
    keys = read_export(settings.BESIDE.backup_at(dest.url).below("keyring")).holds
    assert {(one.photo, one.kind) for one in keys} == {one for one in held if one[0] != gone.pk}
    before = dest.names()

    tried = beside("restore", dest.url, "--try", "--snapshot", first, "--json")

    assert tried.exit_code == 0, tried.output
    assert json.loads(tried.stdout)["photographs"] == 2
    assert dest.names() == before
    assert not list(settings.BESIDE.data.glob("scratch-*"))


def test_a_trial_that_destroys_an_account_again_deletes_nothing_in_the_bucket(backup, beside, dest):
    first = backup()["dump"]
    account_closures.close(rose(), at=LATER)
    account_closures.destroy(rose(), at=LATER)
    backup()
    before = dest.names()

    tried = beside("restore", dest.url, "--try", "--snapshot", first, "--json")

    assert tried.exit_code == 0, tried.output
    assert json.loads(tried.stdout)["photographs"] == 0
    assert dest.names() == before


def test_what_is_lost_here_is_named_and_put_back(backup, dest):
    lost, changed = scenario.in_drawer().original_blob, Rendition.objects.first().pk
    backup()
    whole = {one: dest.names()[name_of(one)] for one in (lost, changed)}
    here(lost).unlink()
    here(changed).write_bytes(b"ten bytes.")

    done = backup(says=3)
    assert len(done["faults"]) == 2
    assert all("--put-back" in fault["says"] for fault in done["faults"])

    assert backup("--put-back")["put_back"] == 2
    assert {one: here(one).read_bytes() for one in whole} == whole


def test_what_the_bucket_lost_or_changed_is_found_and_copied_again(
    backup,
    beside,
    dest,
    monkeypatch,
):
    lost, cut, bent = (one.pk for one in Rendition.objects.all()[:3])
    backup()
    dest.delete(name_of(lost))
    dest.write(name_of(cut), b"ten bytes.")
    dest.bend(name_of(bent))
    proved = beside("verify", dest.url, "--json")
    assert proved.exit_code == 1
    assert json.loads(proved.stdout.splitlines()[-1])["faults"] == 3

    done = backup()
    assert (done["copied"], done["again"] >= 1) == (1, True)
    later(monkeypatch, WITHIN)
    backup()

    assert beside("verify", dest.url).exit_code == 0


def test_a_bucket_that_gives_back_something_else_stops_the_backup(
    backup, beside, dest, monkeypatch
):
    put = ObjectStore.put
    monkeypatch.setattr(
        ObjectStore, "put", lambda s, blob, data: put(s, blob, data[:-1] + bytes([data[-1] ^ 1]))
    )

    refused = beside("backup", dest.url)

    assert refused.exit_code == 1
    assert "reads back another file" in " ".join(refused.output.split())
    assert not [name for name in dest.names() if name.endswith(".dump")]


def test_a_damaged_dump_is_passed_over_for_the_one_before(backup, beside, dest):
    # Both may be of one second.
    first, newest = sorted([backup()["dump"], backup()["dump"]])
    dest.bend(f"dumps/{newest}.dump")

    proved = beside("verify", dest.url, "--json")

    found = [json.loads(line) for line in proved.stdout.splitlines()]
    assert [one.get("about") for one in found[:-1]] == [f"dump {newest}"]
    assert found[-1]["dump"] == first


def test_a_dump_and_its_key_go_after_35_days(backup, dest, monkeypatch):
    backup()
    later(monkeypatch, timedelta(days=36))

    new = backup()["dump"]

    assert [name for name in dest.names() if name.startswith("dumps/")] == [f"dumps/{new}.dump"]


def test_a_bucket_that_the_place_itself_uses_is_refused(beside, dest):
    used = settings.BESIDE.model_copy(update={"store": f"{dest.url}-photographs"})
    settings.BESIDE = used.model_copy(update={"store_endpoint": settings.BESIDE.backup_endpoint})

    refused = beside("backup", dest.url)

    assert refused.exit_code == 1
    assert "is in the bucket that BESIDE_STORE names" in refused.output


def test_a_bucket_that_keeps_old_keys_gets_none(beside, dest, client, tmp_path):
    bucket = f"versions-{uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    there = Bucket(client, f"s3://{bucket}/beside")

    refused = beside("backup", there.url)
    assert refused.exit_code == 1
    assert "keeps earlier versions" in refused.output
    assert there.names() == {}

    # Without keys it is noise, which may be kept.
    done = beside("backup", there.url, "--keyring", str(tmp_path / "keys"))
    assert done.exit_code == 0, done.output
    assert not [name for name in there.names() if name.startswith("keyring/")]
    proved = beside("verify", there.url, "--keyring", str(tmp_path / "keys"))
    assert proved.exit_code == 0, proved.output

    settings.BESIDE = settings.BESIDE.model_copy(
        update={
            "store_endpoint": settings.BESIDE.backup_endpoint,
            "store_region": settings.BESIDE.backup_region,
            "store_key": settings.BESIDE.backup_key,
            "store_secret": settings.BESIDE.backup_secret,
        }
    )
    unmoved = beside("move", "--keyring", there.url)
    assert unmoved.exit_code == 1
    assert "keeps earlier versions" in unmoved.output


def test_a_backup_that_was_cut_off_leaves_no_dump_to_be_found(beside, dest, monkeypatch):
    def cut(*_args, **_how):
        raise OSError(5, "the line was cut")

    monkeypatch.setattr("beside.cli.backups.backup._copy", cut)

    refused = beside("backup", dest.url)

    assert refused.exit_code == 1
    assert not [name for name in dest.names() if name.startswith("dumps/")]
    assert not list(settings.BESIDE.data.glob("scratch-*"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("backup",), "The object store at s3://nothing-of-the-kind/beside"),
        (("verify",), "There is no complete keyring in s3://nothing-of-the-kind/beside/keyring"),
        (("restore", "--try"), "There is no complete keyring in s3://nothing-of-the-kind/beside"),
    ],
)
def test_a_bucket_that_isnt_there_costs_a_sentence(words, says, beside, dest):
    refused = beside(*words, "s3://nothing-of-the-kind/beside")

    assert refused.exit_code == 1
    assert says in refused.output


def test_a_bucket_that_goes_away_stops_a_restore_and_counts_nothing_as_lost(
    backup, beside, dest, elsewhere, monkeypatch
):
    backup()
    kept = settings.BESIDE
    elsewhere()
    settings.BESIDE = kept.model_copy(update={"data": settings.BESIDE.data})

    def away(self, _blob):
        raise StoreUnavailable(dest.url)

    monkeypatch.setattr(ObjectStore, "get", away)

    refused = beside("restore", dest.url)

    assert refused.exit_code == 1
    assert f"The object store at {dest.url} refuses" in refused.output
    assert not list(settings.BESIDE.data.iterdir())


def test_each_new_file_is_fetched_once(backup, dest, monkeypatch):
    fetched: list[UUID] = []
    get = FolderStore.get

    def counted(self, blob):
        if self._folder == settings.BESIDE.data:
            fetched.append(blob)
        return get(self, blob)

    monkeypatch.setattr(FolderStore, "get", counted)
    monkeypatch.setattr(FolderStore, "open", lambda _self, blob: pytest.fail(f"{blob} again"))

    backup()

    assert sorted(fetched) == sorted(set(fetched))
    assert len(fetched) == 9


def test_from_bucket_to_bucket_pieces_go_with_their_end(beside, dest, client, endpoint):
    bucket = f"backups-{uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    said = objects.settings_at(endpoint)
    said["store_key"], said["store_secret"] = map(SecretStr, (objects.KEY, objects.SECRET))
    del said["keyring"]
    settings.BESIDE = settings.BESIDE.model_copy(update=said)
    copy_all(FolderStore(settings.BESIDE.data), store(), quietly=True)
    scenario.put_in(rose())
    pieces = set(OriginalPiece.objects.values_list("pk", flat=True))
    assert pieces
    there = Bucket(client, f"s3://{bucket}/beside")

    done = beside("backup", there.url, "--json")

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["copied"] == 10 + len(pieces)
    assert {name_of(piece) for piece in pieces} < there.names().keys()
    assert json.loads(beside("backup", there.url, "--json").stdout)["copied"] == 0
    assert beside("verify", there.url).exit_code == 0
    there.delete(name_of(min(pieces)))
    assert beside("verify", there.url).exit_code == 1
