from __future__ import annotations

import os
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from beside.notices.models import Notice
from beside.people.clocks import MAY_DIFFER
from beside.photos import developing, refusers
from beside.photos.developing import develop_next
from beside.photos.intake import KEPT, Developed, Made, Refusal, Refused
from beside.photos.intake.darkrooms import NoDarkroom, Unlocked
from beside.photos.models import Hold, KeyEpoch, Photo, Rendition
from beside.photos.originals import NotYours, original
from beside.photos.uploads import store
from beside.photos.vault import keyring
from beside.photos.vault.destroying import destroy
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.sealing import open_sealed
from beside.photos.vault.store import StoreUnavailable
from tests.cast import NOW, make_photo

HOUR = timedelta(hours=1)
LATER = NOW + HOUR


def opened(rendition: Rendition) -> bytes:
    ring = keyring.keyring_of(KeyEpoch.objects.get().instance)
    identity = ring.identity(rendition.photo_id, rendition.pk, rendition.name)
    key = keyring.shown_key(rendition.photo_id)
    return open_sealed(key, identity, store().get(rendition.pk))


def refusing(refusal: Refusal, fault: str = ""):
    def develop(read, *, limits, quarters=0):
        raise Refused(refusal, fault=fault)

    return develop


def developed(read, *, limits, quarters=0):
    while read(60_000):
        pass
    return Developed(
        "jpeg", 160, 120, None, (Made("jpeg", "image/jpeg", 160, 120, b"\xff\xd8\xff!"),)
    )


def test_what_has_arrived_becomes_ready_with_its_renditions(receive, jpeg):
    photo = receive(jpeg(size=(900, 600)), at=NOW)

    there_was_one = develop_next(NOW)

    photo.refresh_from_db()
    assert there_was_one
    assert (photo.state, photo.kind, photo.width, photo.height) == ("ready", "jpeg", 900, 600)
    assert {one.name for one in photo.renditions.all()} >= {"w480", "jpeg"}
    assert opened(photo.renditions.get(name="jpeg")).startswith(b"\xff\xd8\xff")


def test_with_nothing_waiting_nothing_is_done(data):
    assert not develop_next(NOW)


def test_what_is_no_photograph_is_refused_and_nothing_of_it_is_kept(receive):
    photo = receive(b"not a photograph at all " * 40, at=NOW)

    develop_next(NOW)

    photo.refresh_from_db()
    assert (photo.state, photo.refusal) == ("refused", "format")
    assert not Hold.objects.filter(photo=photo).exists()
    assert Notice.objects.get().kind == Notice.Kind.UPLOAD_REFUSED


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_is_refused_though_its_file_cannot_be_deleted_yet(receive, monkeypatch):
    def away(self, blob_id):
        raise StoreUnavailable("here")

    photo = receive(b"this is a text" * 50, at=NOW)
    monkeypatch.setattr(developing, "develop", refusing(Refusal.FORMAT))
    monkeypatch.setattr(type(store()), "delete", away)

    assert develop_next(NOW)

    photo.refresh_from_db()
    assert photo.state == "refused"


def test_one_bad_file_never_stops_the_others(receive, jpeg):
    bad, good = receive(b"GIF89a but not really", at=NOW), receive(jpeg(), at=NOW)

    develop_next(NOW)
    develop_next(NOW)

    states = {photo.pk: photo.state for photo in Photo.objects.all()}
    assert states == {bad.pk: "refused", good.pk: "ready"}


def test_a_photograph_that_takes_workers_with_it_stands_behind_the_others(receive, monkeypatch):
    first, second = receive(b"a" * 90, at=NOW), receive(b"b" * 90, at=NOW)
    Photo.objects.filter(pk=first.pk).update(attempts=1, leased_until=NOW)
    monkeypatch.setattr(developing, "develop", developed)

    develop_next(LATER)

    assert Photo.objects.get(pk=second.pk).state == "ready"
    assert Photo.objects.get(pk=first.pk).state == "received"


def test_two_workers_never_take_the_same(receive, monkeypatch):
    receive(b"a" * 90, at=NOW)
    met = []

    def meanwhile(read, *, limits, quarters=0):
        met.append(develop_next(NOW))
        return developed(read, limits=limits)

    monkeypatch.setattr(developing, "develop", meanwhile)
    develop_next(NOW)

    assert met == [False]


def test_after_three_dead_workers_it_is_given_up_and_its_original_stays(cast, receive, monkeypatch):
    class Killed(BaseException):
        pass

    def dies(read, *, limits, quarters=0):
        raise Killed

    photo = receive(b"a" * 90, at=NOW)
    monkeypatch.setattr(developing, "develop", dies)
    for attempt in range(3):
        with pytest.raises(Killed):
            develop_next(NOW + attempt * developing.LEASE)
    develop_next(NOW + 3 * developing.LEASE)

    photo.refresh_from_db()
    assert (photo.state, photo.refusal) == ("refused", "too-hard")
    with closing(original(photo.pk, of=cast.rose).pieces) as pieces:
        assert b"".join(pieces) == b"a" * 90


def test_what_was_given_up_can_be_tried_again(receive, monkeypatch):
    photo = receive(b"a" * 90, at=NOW)
    Photo.objects.update(attempts=3)
    develop_next(NOW)
    monkeypatch.setattr(developing, "develop", developed)

    developing.try_again(photo)
    develop_next(NOW)

    assert Photo.objects.get().state == "ready"


@pytest.fixture
def not_yet(receive, monkeypatch):
    """A photograph that this version of the program could not open."""
    photo = receive(b"a" * 90, at=NOW)
    monkeypatch.setattr(developing, "develop", refusing(Refusal.NOT_YET, "KeyError at a place"))
    develop_next(NOW)
    photo.refresh_from_db()
    return photo


@pytest.fixture
def upgraded(monkeypatch):
    monkeypatch.setattr(developing, "version", lambda: "beside 9")


@pytest.mark.parametrize("refusal", KEPT)
def test_what_we_cannot_open_is_kept_and_logged(cast, receive, monkeypatch, caplog, refusal):
    photo = receive(b"a" * 90, at=NOW)
    monkeypatch.setattr(developing, "develop", refusing(refusal, "KeyError at a place"))

    develop_next(NOW)

    photo.refresh_from_db()
    assert (photo.state, photo.refusal) == ("refused", refusal.value)
    assert "KeyError at a place" in caplog.text
    with closing(original(photo.pk, of=cast.rose).pieces) as pieces:
        assert b"".join(pieces) == b"a" * 90


def test_it_is_not_tried_again_by_the_same_version(not_yet, monkeypatch):
    monkeypatch.setattr(developing, "develop", developed)

    assert not develop_next(LATER)


def test_it_is_tried_again_after_an_upgrade(not_yet, upgraded, monkeypatch):
    monkeypatch.setattr(developing, "develop", developed)

    assert develop_next(LATER)

    not_yet.refresh_from_db()
    assert (not_yet.state, not_yet.refusal) == ("ready", "")
    assert not Notice.objects.exists()


def test_after_an_upgrade_it_comes_behind_what_has_just_arrived(
    not_yet, upgraded, receive, monkeypatch
):
    fresh = receive(b"b" * 90, at=LATER)
    monkeypatch.setattr(developing, "develop", developed)

    develop_next(LATER)

    assert Photo.objects.get(state="ready").pk == fresh.pk


def test_an_upgrade_that_does_not_help_is_not_told_twice(not_yet, upgraded):
    Notice.objects.all().delete()

    assert develop_next(LATER)
    assert not develop_next(LATER)

    not_yet.refresh_from_db()
    assert not_yet.state == "refused"
    assert not Notice.objects.exists()


def test_of_versions_that_run_side_by_side_each_tries_once(not_yet, monkeypatch):
    for tries, name in enumerate(("beside 9", "beside 10", developing.version(), "beside 9")):
        monkeypatch.setattr(developing, "version", lambda name=name: name)
        assert develop_next(LATER + tries * HOUR) == (tries < 2)

    not_yet.refresh_from_db()
    assert not_yet.state == "refused"


def test_one_that_the_version_before_had_refused_is_tried_by_this_one_once(not_yet, upgraded):
    before = "beside-server 0.2.0, pyvips-binary 8.18.7, pillow-heif 1.8.1"
    Photo.objects.update(refused_by=before)

    assert [develop_next(LATER + tries * HOUR) for tries in range(2)] == [True, False]

    not_yet.refresh_from_db()
    assert not Photo.objects.filter(~refusers.was(before)).exists()


def test_the_version_before_which_forgets_who_else_refused_it_makes_nobody_spin(
    not_yet, monkeypatch
):
    """It writes its own name over all others, and asks for no other name than its own."""
    Photo.objects.update(refused_by="beside 8")
    monkeypatch.setattr(developing, "version", lambda: "beside 9")

    assert develop_next(LATER)

    not_yet.refresh_from_db()
    assert not_yet.leased_until == LATER + developing.LEASE


def test_there_is_room_for_the_last_six_versions_that_refused_one(not_yet):
    said = ""
    for number in range(8):
        said = refusers.with_one_more(said, f"beside {number}")
    not_yet.refused_by = said
    assert len(said) <= Photo._meta.get_field("refused_by").max_length
    not_yet.save()

    refused = [
        number
        for number in range(8)
        if Photo.objects.filter(refusers.was(f"beside {number}")).exists()
    ]
    assert refused == [2, 3, 4, 5, 6, 7]


def test_an_original_that_was_said_to_be_kept_is_never_destroyed(not_yet, upgraded, monkeypatch):
    monkeypatch.setattr(developing, "develop", refusing(Refusal.DAMAGED))

    develop_next(LATER)

    not_yet.refresh_from_db()
    assert not_yet.refusal == "damaged"
    assert Hold.objects.filter(photo=not_yet, kind=Hold.Kind.ORIGINAL).exists()


def test_what_its_holders_have_destroyed_is_not_tried_again(not_yet, upgraded):
    destroy(Hold.objects.filter(photo=not_yet), at=NOW)

    assert not develop_next(LATER)


@pytest.mark.parametrize(
    "ahead", [timedelta(days=3650), developing.LEASE + MAY_DIFFER + timedelta(seconds=1)]
)
def test_a_lease_that_a_wrong_clock_left_holds_nothing(receive, monkeypatch, ahead):
    photo = receive(b"a" * 90, at=NOW)
    Photo.objects.update(leased_until=NOW + ahead, attempts=1)
    monkeypatch.setattr(developing, "develop", developed)

    assert develop_next(NOW)
    assert Photo.objects.get(pk=photo.pk).state == "ready"


def test_a_lease_as_long_as_a_lease_holds(receive):
    receive(b"a" * 90, at=NOW)
    Photo.objects.update(leased_until=NOW + developing.LEASE)

    assert not develop_next(NOW)


def test_a_lease_of_a_machine_whose_clock_is_half_a_minute_ahead_holds(receive):
    receive(b"jpeg", at=NOW)
    Photo.objects.update(leased_until=NOW + timedelta(seconds=30) + developing.LEASE, attempts=1)

    assert not develop_next(NOW)
    assert Photo.objects.get().attempts == 1


def test_whether_the_host_takes_the_risk_is_told_to_the_darkroom(receive, monkeypatch, settings):
    asked = []

    def develop(read, *, limits, quarters=0):
        asked.append(limits.may_be_unlocked)
        raise Unlocked

    monkeypatch.setattr(developing, "develop", develop)
    photo = receive(b"a" * 90, at=NOW)
    for risk in (False, True):
        changed = {"risk_unlocked_darkroom": risk}
        settings.BESIDE = settings.BESIDE.model_copy(update=changed)
        with pytest.raises(Unlocked):
            develop_next(NOW + risk * developing.PAUSE)

    photo.refresh_from_db()
    assert asked == [False, True]
    assert (photo.state, photo.attempts) == ("received", 0)


@pytest.mark.parametrize(
    "wrong",
    [NoDarkroom(), OSError(28, "No space left on device"), NoSuchEpoch(3), OtherRoot()],
    ids=["darkroom", "disk", "epoch", "root"],
)
def test_what_the_machine_cannot_do_is_no_fault_of_the_photograph(receive, monkeypatch, wrong):
    def cannot(read, *, limits, quarters=0):
        raise wrong

    photo = receive(b"a" * 90, at=NOW)
    monkeypatch.setattr(developing, "develop", cannot)
    for attempt in range(9):
        with pytest.raises(type(wrong)):
            develop_next(NOW + attempt * developing.PAUSE)

    photo.refresh_from_db()
    assert (photo.state, photo.attempts) == ("received", 0)


def test_a_missing_file_is_told_to_the_host_and_nothing_is_let_go_of(receive, caplog):
    photo = receive(b"a" * 90, at=NOW)
    store().delete(photo.original_blob)

    is_kept_and_told(photo, caplog)


def test_so_is_a_key_that_does_not_open(receive, caplog):
    photo = receive(b"a" * 90, at=NOW)
    Hold.objects.filter(photo=photo).update(wrapped=b"\0" * 60)

    is_kept_and_told(photo, caplog)


def is_kept_and_told(photo: Photo, caplog) -> None:
    for attempt in range(6):
        develop_next(NOW + attempt * developing.LEASE)

    photo.refresh_from_db()
    assert photo.state == "received"
    assert Hold.objects.filter(photo=photo).count() == 2
    assert "beside verify" in caplog.text


def test_what_cannot_be_read_stands_behind_the_others_and_is_developed_once_it_can(
    receive, monkeypatch
):
    """A disk may have been lost with a thousand originals, and somebody sends a photograph now."""
    lost = receive(b"a" * 90, at=NOW)
    file = store().get(lost.original_blob)
    store().delete(lost.original_blob)
    develop_next(NOW)
    fresh = receive(b"b" * 90, at=NOW + developing.PAUSE)
    monkeypatch.setattr(developing, "develop", developed)

    develop_next(NOW + developing.LEASE)
    assert Photo.objects.get(pk=fresh.pk).state == "ready"

    store().put(lost.original_blob, file)
    develop_next(NOW + developing.LEASE)
    assert Photo.objects.get(pk=lost.pk).state == "ready"


def test_a_fault_of_this_program_holds_a_photograph_up_for_no_longer_than_any_other_failure(
    receive, monkeypatch
):
    """And is counted, or it would be tried for ever."""

    def faulty(read, *, limits, quarters=0):
        raise ZeroDivisionError

    receive(b"a" * 90, at=NOW)
    monkeypatch.setattr(developing, "develop", faulty)
    for attempt in range(developing.ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            develop_next(NOW + attempt * developing.PAUSE)

    develop_next(NOW + developing.ATTEMPTS * developing.PAUSE)
    assert Photo.objects.get().refusal == Refusal.TOO_HARD


def test_taken_back_meanwhile_it_is_not_shown_under_the_dead_key(receive, monkeypatch):
    photo = receive(b"a" * 90, at=NOW)

    def taken_back(read, *, limits, quarters=0):
        destroy(Hold.objects.filter(photo=photo, kind=Hold.Kind.SHOWN), at=NOW)
        return developed(read, limits=limits)

    monkeypatch.setattr(developing, "develop", taken_back)
    develop_next(NOW)
    before = Photo.objects.get().state
    monkeypatch.setattr(developing, "develop", developed)
    develop_next(LATER)

    assert before == "received"
    assert opened(Rendition.objects.get()) == b"\xff\xd8\xff!"


def test_after_a_taking_back_every_holder_sees_it_under_a_new_key(cast, receive, jpeg):
    photo = receive(jpeg(), at=NOW)
    keyring.add_holder(photo, account=cast.tom)
    develop_next(NOW)
    old_key = keyring.shown_key(photo.pk)
    photo.renditions.all().delete()
    destroy(Hold.objects.filter(photo=photo, kind=Hold.Kind.SHOWN), at=NOW)
    Photo.objects.update(state=Photo.State.RECEIVED)

    develop_next(LATER)

    holders = Hold.objects.filter(photo=photo, kind=Hold.Kind.SHOWN)
    assert set(holders.values_list("account", flat=True)) == {cast.rose.pk, cast.tom.pk}
    assert keyring.shown_key(photo.pk) != old_key
    assert opened(photo.renditions.get(name="jpeg")).startswith(b"\xff\xd8\xff")


def test_a_photograph_that_was_here_before_is_never_let_go_of(receive, monkeypatch):
    photo = receive(b"a" * 90, at=NOW)
    Photo.objects.update(width=10, height=10)
    monkeypatch.setattr(developing, "develop", refusing(Refusal.DAMAGED))

    develop_next(NOW)

    assert Hold.objects.filter(photo=photo, kind=Hold.Kind.ORIGINAL).exists()


def taken_over(photo):
    """Another worker develops it once this one's lease is over."""
    assert develop_next(NOW + 2 * developing.LEASE)


def taken_back_and_taken_again(photo):
    """The same, and it is taken back, and a worker has it once more, for the first time."""
    taken_over(photo)
    Photo.objects.update(state=Photo.State.RECEIVED, attempts=0, leased_until=None)
    assert developing._claim(NOW + 2 * developing.LEASE)


@pytest.mark.parametrize("meanwhile", [taken_over, taken_back_and_taken_again])
@pytest.mark.parametrize("verdict", [Refusal.DAMAGED, Refusal.FORMAT, Refusal.TOO_HARD])
def test_a_worker_that_wakes_up_late_destroys_nothing_of_what_another_has_developed(
    cast, receive, monkeypatch, meanwhile, verdict
):
    photo = receive(b"a" * 90, at=NOW)

    def held_up(read, *, limits, quarters=0):
        monkeypatch.setattr(developing, "develop", developed)
        meanwhile(photo)
        held_up.before = Photo.objects.values().get()
        raise Refused(verdict)

    monkeypatch.setattr(developing, "develop", held_up)
    develop_next(NOW)

    assert Photo.objects.values().get() == held_up.before
    assert opened(photo.renditions.get()) == b"\xff\xd8\xff!"
    assert Hold.objects.filter(photo=photo).count() == 2
    with closing(original(photo.pk, of=cast.rose).pieces) as pieces:
        assert b"".join(pieces) == b"a" * 90
    assert not Notice.objects.exists()


def test_nothing_plain_is_on_disk_while_it_is_developed(receive, jpeg, data, monkeypatch):
    picture = jpeg(size=(1200, 900))
    marker = os.urandom(24)
    seen = []
    really = developing.develop

    def watched(read, *, limits, quarters=0):
        made = really(read, limits=limits)
        needles = [marker, *(one.data[100:140] for one in made.renditions)]
        found = [
            path
            for path in data.rglob("*")
            if path.is_file()
            for needle in needles
            if needle in path.read_bytes()
        ]
        seen.append((needles, found))
        return made

    monkeypatch.setattr(developing, "develop", watched)
    receive(picture + marker, at=NOW)
    develop_next(NOW)

    (needles, during) = seen[0]
    after = [
        path
        for path in data.rglob("*")
        if path.is_file()
        for needle in needles
        if needle in path.read_bytes()
    ]
    assert Photo.objects.get().state == "ready"
    assert (during, after) == ([], [])


def test_an_original_is_given_to_its_holders_only(cast, receive, jpeg):
    photo = receive(jpeg(), at=NOW, name_on_phone="IMG_2214.JPG")
    develop_next(NOW)

    mine = original(photo.pk, of=cast.rose)

    assert (mine.name, mine.media_type) == ("IMG_2214.JPG", "image/jpeg")
    with closing(mine.pieces) as pieces:
        assert b"".join(pieces) == jpeg()
    with pytest.raises(NotYours):
        original(photo.pk, of=cast.tom)


@pytest.mark.django_db
def test_a_photograph_is_not_ready_without_its_size(cast):
    photo = make_photo(cast.rose)

    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(width=None)
