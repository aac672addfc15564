from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection

from beside.access import trail
from beside.access.models import TrailEntry
from beside.archive import account_closures
from beside.cli.verification.photographs import Prover
from beside.cli.verification.progress import Progress
from beside.moderation.last_runs import last_verification
from beside.notices import outbox
from beside.notices.models import OutgoingMail
from beside.people.models import Account, Narrowing
from beside.photos.models import Hold, KeyEpoch, Photo, Rendition, Tombstone
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.store import StoreUnavailable, store
from tests.crash import scenario
from tests.crash.scenario import AT


@pytest.fixture
def faults(beside):
    def verify() -> list[str]:
        done = beside("verify", "--json")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        found = [line["about"] for line in lines[:-1] if not line["is_leftover"]]
        assert done.exit_code == (1 if found else 0)
        assert lines[-1]["faults"] == len(found)
        return found

    return verify


def blob(blob_id):
    return next(settings.BESIDE.data.glob(f"blobs/*/*/{blob_id.hex}"))


def test_a_whole_place_is_said_to_be_whole(place, beside):
    done = beside("verify")

    assert done.exit_code == 0
    assert "Everything opens and is whole." in done.output


@pytest.mark.thorough
def test_a_changed_bit_in_any_file_is_found(place, faults):
    files = [path for path in settings.BESIDE.data.glob("blobs/*/*/*") if path.is_file()]

    assert len(files) == 9
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
        assert len(faults()) == 1, path
        path.write_bytes(whole)
    assert faults() == []


def test_a_file_that_is_missing_is_named(place, faults):
    rendition = Rendition.objects.first()
    blob(rendition.pk).unlink()

    assert faults() == [str(rendition)]


def test_two_files_in_each_others_place_are_found(place, faults):
    one, other = Rendition.objects.all()[:2]
    first, second = blob(one.pk), blob(other.pk)
    first_data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(first_data)

    assert set(faults()) == {str(one), str(other)}


def test_a_key_that_is_gone_though_nobody_destroyed_it_is_found(place, faults):
    hold = Hold.objects.filter(kind=Hold.Kind.ORIGINAL).first()
    hold.delete()

    assert faults() == [str(hold.photo)]


def test_a_hold_that_opens_nothing_is_found(place, faults):
    hold = Hold.objects.filter(kind=Hold.Kind.ORIGINAL).first()
    Hold.objects.filter(pk=hold.pk).update(wrapped=bytes(60))

    assert str(hold.photo) in faults()


def test_a_key_that_came_back_from_its_grave_is_found(place, faults):
    hold = Hold.objects.filter(kind=Hold.Kind.ORIGINAL).first()
    Tombstone.objects.create(
        photo_id=hold.photo_id, account_id=hold.account_id, kind=hold.kind, generation=1, at=AT
    )

    assert faults() == [str(hold.photo)]


def test_an_epoch_key_that_is_nowhere_is_found(place, faults):
    KeyEpoch.objects.update(generation=9)

    assert "keyring" in faults()


def test_a_torn_slot_beside_a_whole_one_is_left_over(place, beside, faults):
    slot = settings.BESIDE.data / "keyring" / "epoch.a"
    slot.write_bytes(slot.read_bytes()[:100])

    assert faults() == []
    assert "next start finishes it" in beside("verify").output


def test_a_file_that_no_photograph_names_is_left_over(place, beside, faults):
    orphan = uuid4()
    store().put(orphan, b"noise")

    assert faults() == []
    assert str(orphan) in beside("verify").output


def test_a_row_that_breaks_a_rule_of_the_tables_is_found(place, faults):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("UPDATE posts_post SET published_at = NULL")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")

    assert "database" in faults()


def test_it_names_no_person_and_no_words(place, beside):
    Hold.objects.filter(kind=Hold.Kind.ORIGINAL).delete()

    said = beside("verify").output

    assert not any(account.email in said for account in Account.objects.all())
    assert "second drawer" not in said


def test_it_changes_nothing_but_the_record_that_it_ran(place, beside):
    def everything():
        files = [path for path in settings.BESIDE.data.rglob("*") if path.is_file()]
        left_out = ("sqlite3-", "verification.last")
        return {
            path: path.read_bytes()
            for path in files
            if not any(name in path.name for name in left_out)
        }

    before = everything()

    beside("verify")

    assert everything() == before


def test_a_look_that_was_changed_in_the_trail_is_found(place, faults):
    ids = {name: uuid4() for name in ("moderator", "report", "post")}
    for _ in range(2):
        trail.append(**ids, photo=None, reason="", at=AT)
    before = faults()
    TrailEntry.objects.filter(number=1).update(moderator=uuid4())

    assert before == []
    assert faults() == ["trail entry 1"]


def test_the_host_learns_when_it_ran_and_what_it_found(place, beside):
    beside("verify")
    whole = last_verification(settings.BESIDE.data)
    Hold.objects.filter(kind=Hold.Kind.ORIGINAL).delete()

    beside("verify")

    assert (whole.photographs > 0, whole.faults) == (True, 0)
    assert last_verification(settings.BESIDE.data).faults > 0


def test_a_place_is_whole_after_somebody_has_left(place, faults, beside):
    account_closures.close_and_destroy(scenario.rose(), at=AT)

    assert faults() == []
    assert "·" not in beside("verify").output


def test_a_destroyed_account_that_is_there_again_is_found(place, faults):
    account_closures.close_and_destroy(scenario.nan(), at=AT)
    log = Narrowing.objects.get(kind=Narrowing.Kind.ACCOUNT_DESTROYED)
    Account.objects.create(pk=log.subject["account"], email="nan@home.example")

    assert faults() == [f"account {log.subject['account']}"]


def test_news_for_a_closed_account_are_found(place, faults):
    rose = scenario.rose()
    account_closures.close(rose, at=AT)
    assert faults() == []

    outbox.add(EmailMessage("There’s news", "", to=[rose.email]), at=AT, account=rose.pk)

    assert faults() == [f"account {rose.pk}"]


def test_a_closed_account_leaves_no_mail_about_its_news(place, faults):
    rose = scenario.rose()
    outbox.add(EmailMessage("There’s news", "", to=[rose.email]), at=AT, account=rose.pk)

    account_closures.close(rose, at=AT)

    assert not OutgoingMail.objects.exists()
    assert faults() == []


def test_a_run_that_was_stopped_goes_on_with_what_it_had_found(place, beside, monkeypatch):
    lost = Rendition.objects.order_by("photo_id").first()
    blob(lost.pk).unlink()
    keep, kept = Progress.keep, []

    def stop_after_the_first(run, data):
        keep(run, data)
        kept.append(run.photograph)
        if run.photograph:
            raise KeyboardInterrupt

    monkeypatch.setattr("beside.cli.verify._PHOTOGRAPHS_AT_ONCE", 1)
    with monkeypatch.context() as patch:
        patch.setattr(Progress, "keep", stop_after_the_first)
        stopped = beside("verify")
    looked: list[object] = []
    look = Prover.prove
    monkeypatch.setattr(Prover, "prove", lambda self, pk: looked.append(pk) or look(self, pk))
    done = beside("verify", "--go-on", "--json")

    assert stopped.exit_code == 1
    assert "beside verify --go-on goes on from here" in stopped.output
    assert kept[-1] == lost.photo_id.hex
    assert looked == list(
        Photo.objects.filter(pk__gt=lost.photo_id).order_by("pk").values_list("pk", flat=True)
    )
    assert json.loads(done.stdout.splitlines()[-1])["faults"] == 1
    assert Progress.of(settings.BESIDE.data) is None


def test_files_are_listed_on_from_where_a_run_was_stopped(place, beside):
    orphans = sorted(uuid4() for _ in range(3))
    for orphan in orphans:
        store().put(orphan, b"noise")
    Progress(file=orphans[0].hex).keep(settings.BESIDE.data)

    done = beside("verify", "--go-on", "--json")

    found = [json.loads(line).get("about") for line in done.stdout.splitlines()]
    assert found[:-1] == [f"file {orphan}" for orphan in orphans[1:]]


@pytest.mark.parametrize("record", [b"", b"{}", b"[]", b'{"file": "x"}'])
def test_a_record_that_cannot_be_read_begins_anew(place, beside, record):
    (settings.BESIDE.data / "verifying.json").write_bytes(record)

    assert "Everything opens" in beside("verify", "--go-on").output


def test_a_store_that_does_not_answer_stops_it_with_a_sentence(place, beside, monkeypatch):
    def away(*_: object) -> bytes:
        raise StoreUnavailable("s3://photographs")

    monkeypatch.setattr(FolderStore, "get", away)
    stopped = beside("verify")

    assert stopped.exit_code == 1
    assert "doesn't answer. beside verify --go-on goes on from here." in stopped.output
