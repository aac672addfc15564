from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from beside.access.door import admissions, bans
from beside.access.models import Admission, Ban, Look
from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.archive import account_closures
from beside.cli.backups import restore as restoring
from beside.cli.backups.dumps import DumpName
from beside.cli.verification.blobs import all_named
from beside.cli.verification.progress import Progress
from beside.cli.verify import prove
from beside.family import families
from beside.family.models import Family, FamilyAudience
from beside.people import account_closures as accounts
from beside.people import blocks, circles, follows, invitations, moderators, sessions
from beside.people import suspensions as people_suspensions
from beside.people.models import (
    Account,
    AddressSuspension,
    Block,
    Follow,
    Invitation,
    Membership,
    Narrowing,
    Session,
)
from beside.photos import deposits, developing, hidden, removal
from beside.photos.deposits import Terms
from beside.photos.models import HiddenPhoto, Hold, Photo, Rendition
from beside.photos.vault.exporting import read_export
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.keyring import keyring_of, open_keyring
from beside.photos.vault.sealing import BlobAltered, open_sealed, read_segments
from beside.photos.vault.store import store
from beside.posts import (
    audiences,
    closing,
    destroying,
    share_link_devices,
    share_links,
    taking_back,
)
from beside.posts import suspensions as letter_suspensions
from beside.posts.models import Audience, Post, ShareLinkDevice
from beside.posts.reach import Chosen, Reach
from tests.cast import make_account
from tests.crash import scenario
from tests.crash.scenario import AT, nan, rose

pytestmark = pytest.mark.thorough

LATER = AT + timedelta(days=1)


@pytest.fixture
def backup(beside, tmp_path):
    def back_up() -> str:
        done = beside("backup", str(tmp_path / "backup"), "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)["dump"]

    return back_up


@pytest.fixture
def restore(beside, tmp_path, elsewhere):
    def put_back(*, snapshot: str | None = None) -> dict:
        elsewhere()
        more = ("--snapshot", snapshot) if snapshot else ()
        done = beside("restore", str(tmp_path / "backup"), "--json", *more)
        assert done.exit_code == 0, done.output
        open_keyring()
        assert [found for found in prove(Progress(), quietly=True) if not found.is_leftover] == []
        return json.loads(done.stdout)

    return put_back


def sight_of(account: Account, post: Post) -> Sight:
    try:
        return Sight(see(Viewer(account.pk), post.pk, at=AT).sight)
    except NothingToSee:
        return Sight.NOTHING


def test_everything_comes_back_as_it_was(place, backup, restore):
    originals = set(Photo.objects.values_list("pk", "original_bytes"))
    backup()

    restored = restore()

    assert set(Photo.objects.values_list("pk", "original_bytes")) == originals
    assert scenario.published().words == scenario.WORDS
    assert restored["lost"] == restored["newer"] == 0


def test_what_was_destroyed_is_noise_in_every_older_snapshot(place, backup, restore, monkeypatch):
    post = scenario.published()
    doomed = [(one.photo_id, one.photo.original_blob) for one in post.placed.all()]
    shown = list(
        Rendition.objects.filter(photo__placed__post=post).values_list("pk", "photo", "name")
    )
    before = backup()
    asked = destroying.ask_for_post(post, by=rose(), at=LATER)
    destroying.destroy_now(asked, by=rose(), at=LATER)
    backup()

    # As if it were cut off before it deletes them: they go with the first sweep.
    monkeypatch.setattr(removal, "_delete_now", lambda blobs: None)
    restore(snapshot=before)

    assert scenario.published() is None
    assert not Photo.objects.filter(pk__in=[photo for photo, _ in doomed]).exists()
    here, keys = store(), list(every_key())
    ring = keyring_of(open_keyring().instance)
    assert keys
    for photo, blob in doomed:
        assert not any(opens_original(here, ring, photo, blob, key) for key in keys)
    for rendition, photo, name in shown:
        assert not any(opens(here, ring, photo, rendition, name, key) for key in keys)


def test_a_block_a_removal_and_a_closing_are_not_undone(place, backup, restore, beside):
    max_ = Account.objects.create(email="max@home.example")
    post, family = scenario.published(), circles.of(rose())[0]
    circles.add(family, max_, at=AT)
    link, _secret = deposits.make(rose(), Terms("Ingrid"), at=AT)
    photo = post.placed.first().photo
    before = backup()
    hidden.hold(photo, account=rose(), at=LATER)
    blocks.block(rose(), nan(), at=LATER)
    deposits.end(link, by=rose(), at=LATER)
    circles.remove_member(family, max_.pk, at=LATER)
    closing.close(post, by=rose(), at=LATER)
    backup()

    restore(snapshot=before)
    beside("open", "--yes")

    assert Block.objects.filter(blocker=rose(), blocked=nan()).exists()
    assert not deposits.is_open(deposits.of(rose()).get(), at=LATER)
    assert HiddenPhoto.objects.filter(photo=photo, account=rose()).exists()
    assert not Membership.objects.filter(account=max_.pk).exists()
    assert scenario.published().state == Post.State.CLOSED
    assert sight_of(nan(), post) == sight_of(max_, post) == Sight.NOTHING


def test_what_was_taken_back_stays_so_and_its_author_has_it(place, backup, restore):
    post = scenario.published()
    shown = set(Rendition.objects.filter(photo__placed__post=post).values_list("pk", flat=True))
    before = backup()
    taking_back.take_back(post, by=rose(), at=LATER)
    while developing.develop_next(LATER):
        pass
    backup()

    restore(snapshot=before)
    while developing.develop_next(LATER):
        pass

    assert scenario.published().state == Post.State.TAKEN_BACK
    assert sight_of(nan(), post) == Sight.NOTHING
    assert not Rendition.objects.filter(pk__in=shown).exists()
    assert set(Photo.objects.values_list("state", flat=True)) == {Photo.State.READY}


def test_a_narrower_audience_comes_back_closed(place, backup, restore, beside):
    before = backup()
    audiences.show_to_nobody(scenario.published(), by=rose(), at=LATER)
    backup()

    restore(snapshot=before)
    beside("open", "--yes")

    assert scenario.published().state == Post.State.CLOSED


def test_an_audience_in_which_one_took_anothers_place_comes_back_closed(
    place, backup, restore, beside
):
    before = backup()
    for_ines = Reach(Audience.PEOPLE, accounts=frozenset([make_account("ines").pk]))
    audiences.change(scenario.published(), Chosen(for_ines, for_ines), by=rose(), at=LATER)
    backup()

    restore(snapshot=before)
    beside("open", "--yes")

    assert scenario.published().state == Post.State.CLOSED


def test_a_removed_follower_and_a_revoked_invitation_stay_out(place, backup, restore):
    follows.ask(nan(), rose(), at=AT)
    follows.accept(rose(), nan().pk, at=AT)
    before = backup()
    follows.remove(rose(), nan().pk, at=LATER)
    backup()

    restore(snapshot=before)

    assert Follow.objects.get().state == Follow.State.DECLINED


def test_whoever_is_let_in_no_more_or_kept_out_stays_out(place, backup, restore):
    post = scenario.published()
    admissions.admit(post, nan().pk, message="", at=AT)
    before = backup()
    admissions.end(post, nan().pk, by=rose(), at=LATER)
    bans.ban(rose(), nan(), at=LATER)
    bans.ban_address(rose(), "max@home.example", at=LATER)
    backup()

    restore(snapshot=before)

    assert not Admission.objects.exists()
    assert set(Ban.objects.values_list("account", "address")) == {
        (nan().pk, ""),
        (None, "max@home.example"),
    }


def test_an_ended_link_stays_ended_and_any_other_asks_in_every_browser(place, backup, restore):
    post = scenario.published()
    ended, old = share_links.make(post, share_links.Terms("Lars"), by=rose(), at=AT)
    stays, good = share_links.make(post, share_links.Terms("Ebba"), by=rose(), at=AT)
    for key, link in (("x" * 32, ended), ("y" * 32, stays)):
        Session.objects.create(session_key=key, expire_date=LATER)
        share_link_devices.open_in(key, link, device="phone", at=AT)
    before = backup()
    share_links.end(ended, by=rose(), at=LATER)
    backup()

    restore(snapshot=before)

    assert not ShareLinkDevice.objects.exists()
    closing.reopen(scenario.published(), by=rose(), at=LATER)
    with pytest.raises(share_link_devices.ShareLinkNotOpen):
        share_link_devices.find(share_links.digest_of(old), at=LATER)
    Session.objects.create(session_key="z" * 32, expire_date=LATER)
    link = share_link_devices.find(share_links.digest_of(good), at=LATER)
    assert not share_link_devices.open_in("z" * 32, link, device="phone", at=LATER)


def test_what_moderators_closed_stays_closed_and_whoever_stopped_is_none(
    place, backup, restore, beside
):
    host = make_account("host", is_host=True)
    moderators.name(nan(), by=host, at=AT)
    moderators.accept(nan(), at=AT)
    post = scenario.published()
    before = backup()
    moderators.end(nan().pk, by=nan(), at=LATER)
    people_suspensions.suspend(nan().pk, because="", at=LATER)
    people_suspensions.suspend_address("eve@home.example", because="", at=LATER)
    letter_suspensions.suspend(post.pk, because="", at=LATER)
    backup()

    restore(snapshot=before)
    beside("open")

    assert nan().suspended_at == LATER
    assert AddressSuspension.objects.get().address == "eve@home.example"
    assert Post.objects.get(pk=post.pk).suspended_at == LATER
    assert not moderators.named().exists()


def test_every_way_in_has_ended(place, backup, restore):
    Account.objects.filter(pk=rose().pk).update(is_host=True)
    _, secret = invitations.make(rose(), name="Ines", at=AT)
    Session.objects.create(session_key="x" * 32, account=nan(), expire_date=LATER)
    Account.objects.filter(pk=nan().pk).update(password="an old one")
    before = backup()
    sessions.end_everywhere(nan(), at=LATER)
    backup()

    restore(snapshot=before)

    assert not Session.objects.exists()
    assert not Invitation.objects.open_at(AT).exists()
    assert not nan().has_usable_password()
    with pytest.raises(invitations.InvitationNotOpen):
        invitations.find_open(secret, at=AT)


def test_a_destroyed_account_is_not_brought_back_by_an_older_dump(place, backup, restore):
    me = rose().pk
    mine = list(Photo.objects.values_list("original_blob", flat=True))
    before = backup()
    account_closures.close_and_destroy(rose(), at=LATER)
    backup()

    restore(snapshot=before)

    assert not Account.objects.filter(pk=me).exists()
    assert scenario.published() is None
    assert not Photo.objects.exists()
    assert not Hold.objects.exists()
    here = {blob for blob, _ in store().ids()}
    assert here.isdisjoint(mine)


def test_a_closed_account_stays_closed_and_its_mailed_link_still_opens_it(place, backup, restore):
    before = backup()
    secret, _freed = account_closures.close(rose(), at=LATER)
    backup()

    restore(snapshot=before)

    assert not rose().is_active
    assert scenario.published().state == Post.State.CLOSED
    accounts.reopen(accounts.find(secret))
    account_closures.run_due(LATER + timedelta(days=31))
    assert rose().is_active
    assert scenario.published() is not None


def test_whoever_has_come_back_since_is_not_destroyed_after_a_restore(place, backup, restore):
    secret, _freed = account_closures.close(rose(), at=AT)
    before = backup()
    accounts.reopen(accounts.find(secret))
    backup()

    restore(snapshot=before)
    account_closures.run_due(AT + timedelta(days=31))

    assert rose().is_active
    assert scenario.published() is not None


def test_a_family_is_closed_too_until_its_host_opens_it(place, backup, restore, beside):
    family = families.locked(rose(), at=AT)
    families.choose(rose(), families.Seen(FamilyAudience.PEOPLE, frozenset([nan().pk])), at=AT)
    assert Family.objects.get(pk=family.pk).closed_at is None
    backup()

    restore()

    assert Family.objects.get(pk=family.pk).closed_at is not None
    beside("open", "--yes")
    assert Family.objects.get(pk=family.pk).closed_at is None


def test_a_moderators_look_ends_with_its_session_and_leaves_no_row_astray(place, backup, restore):
    session = Session.objects.create(session_key="x" * 32, account=nan(), expire_date=LATER)
    Look.objects.create(
        moderator=nan(),
        session=session,
        report=uuid4(),
        post=scenario.published(),
        ends_at=LATER,
    )
    backup()

    restore()  # It also proves the tables.

    assert not Look.objects.exists()


def test_numbers_that_were_given_are_not_given_again(place, backup, restore):
    last = Narrowing.objects.create(kind=Narrowing.Kind.BLOCKED, subject={}, at=AT).pk
    Narrowing.objects.filter(pk=last).delete()
    backup()

    restore()

    assert Narrowing.objects.create(kind=Narrowing.Kind.BLOCKED, subject={}, at=AT).pk > last


def test_a_restored_place_is_closed_until_its_host_opens_it(place, backup, restore, beside):
    post = scenario.published()
    backup()

    restore()

    assert sight_of(nan(), post) == Sight.NOTHING
    assert sight_of(rose(), post) == Sight.PHOTOGRAPHS
    assert beside("open", "--yes").exit_code == 0
    assert sight_of(nan(), post) == Sight.VEIL
    assert beside("open", "--yes").exit_code == 1


def test_what_an_author_closed_after_the_restore_stays_closed(place, backup, restore, beside):
    backup()
    restore()
    closing.reopen(scenario.published(), by=rose(), at=LATER)
    closing.close(scenario.published(), by=rose(), at=LATER)

    beside("open", "--yes")

    assert scenario.published().state == Post.State.CLOSED


def test_a_restore_writes_over_nothing(place, backup, beside, tmp_path):
    backup()

    refused = beside("restore", str(tmp_path / "backup"))

    assert refused.exit_code == 1
    assert "isn't empty" in refused.output
    assert scenario.published() is not None


def test_what_a_new_disk_has_in_it_does_not_keep_a_restore_away_and_stays(tmp_path):
    """ext4 makes it, and it is root's."""
    (tmp_path / "lost+found").mkdir()
    (tmp_path / "half").touch()

    assert [one.name for one in restoring._within(tmp_path)] == ["half"]
    restoring._empty(tmp_path, keeps_mark=False)

    assert restoring._within(tmp_path) == []
    assert [one.name for one in tmp_path.iterdir()] == ["lost+found"]


def test_another_root_key_is_said_to_be_another(place, backup, beside, elsewhere, tmp_path, move):
    backup()
    other = elsewhere()
    (other / "root.key").chmod(0o600)
    (other / "root.key").write_bytes(bytes(32))
    move.to(other)

    refused = beside("restore", str(tmp_path / "backup"))

    assert refused.exit_code == 1
    assert "root key" in refused.output


def test_a_damaged_dump_is_passed_over_for_the_one_before(place, backup, restore, tmp_path):
    first, second = backup(), backup()
    dump = tmp_path / "backup" / "dumps" / f"{second}.dump"
    dump.write_bytes(dump.read_bytes()[:-40])

    assert restore()["dump"] == first


def test_keys_that_vanished_stop_the_backup_and_spare_the_last(place, backup, beside, tmp_path):
    backup()
    before = read_export(tmp_path / "backup" / "keyring")
    Hold.objects.first().delete()

    refused = beside("backup", str(tmp_path / "backup"))

    assert refused.exit_code == 1
    assert "nobody destroyed them" in " ".join(refused.output.split())
    assert read_export(tmp_path / "backup" / "keyring").holds == before.holds


def test_no_word_and_no_key_lies_open_in_a_backup(place, backup, tmp_path):
    backup()

    everything = [path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file()]

    assert len(everything) > 4
    assert not any(scenario.WORDS.encode() in data for data in everything)
    assert not any(settings.BESIDE.root_key_file.read_bytes() in data for data in everything)
    assert not any(path.name.startswith("snapshot") for path in settings.BESIDE.data.iterdir())


def test_a_backup_that_was_cut_off_leaves_no_dump_to_be_found(place, beside, tmp_path, monkeypatch):
    def cut(*_args, **_how):
        raise OSError(5, "the disk was pulled out")

    monkeypatch.setattr("beside.cli.backups.backup._copy", cut)

    refused = beside("backup", str(tmp_path / "backup"))

    assert refused.exit_code == 1
    assert not list((tmp_path / "backup" / "dumps").iterdir())


def test_a_dump_and_its_key_go_after_35_days(place, backup, tmp_path, monkeypatch):
    old = backup()
    future = DumpName.parse(old).at + timedelta(days=36)
    monkeypatch.setattr("beside.cli.backup.timezone.now", lambda: future)

    new = backup()

    assert list(read_export(tmp_path / "backup" / "keyring").dump_keys) == [new]
    assert [path.stem for path in (tmp_path / "backup" / "dumps").glob("*.dump")] == [new]


def test_each_file_is_copied_once(place, backup, beside, tmp_path):
    backup()

    again = beside("backup", str(tmp_path / "backup"), "--json")

    assert json.loads(again.stdout)["copied"] == 0


def test_a_backup_into_the_data_folder_is_refused(place, beside):
    refused = beside("backup", str(settings.BESIDE.data / "backup"))

    assert refused.exit_code == 1
    assert "another disk" in refused.output


def every_key():
    """Each key that anybody still holds, whatever photograph it is for."""
    ring = open_keyring()
    with connection.cursor() as cursor:
        cursor.execute("SELECT generation FROM photos_keyepoch")
        (generation,) = cursor.fetchone()
    for hold in Hold.objects.select_related("account__authorkey"):
        yield ring.open_hold(
            generation,
            bytes(hold.account.authorkey.wrapped),
            hold_wrapped=bytes(hold.wrapped),
            account=hold.account_id.bytes,
            photo=hold.photo_id.bytes,
            kind=hold.kind,
        )


def opens_original(store, ring, photo, blob, key) -> bool:
    try:
        with store.open(blob) as file:
            return bool(list(read_segments(file, key, ring.identity(photo, blob, "original"))))
    except BlobAltered:
        return False


def opens(store, ring, photo, rendition, name, key) -> bool:
    try:
        return bool(open_sealed(key, ring.identity(photo, rendition, name), store.get(rendition)))
    except BlobAltered:
        return False


@pytest.mark.parametrize("of", ["an original", "a rendition"])
def test_a_file_that_the_backups_disk_does_not_give_costs_no_other(
    place, backup, beside, elsewhere, tmp_path, monkeypatch, of
):
    backup()
    shown = Rendition.objects.values_list("pk", "photo__original_blob").first()
    bad = shown[of == "an original"]
    elsewhere()
    really = FolderStore.get

    def get(store, blob):
        if blob == bad:
            raise OSError(5, "Input/output error")
        return really(store, blob)

    monkeypatch.setattr(FolderStore, "get", get)

    done = beside("restore", str(tmp_path / "backup"), "--json")

    assert done.exit_code == 1
    [fault] = json.loads(done.stdout)["faults"]
    assert str(bad) in fault["about"]
    assert {blob for blob, _written in FolderStore(settings.BESIDE.data).ids()} == all_named() - {
        bad
    }
    # What can be made anew from its original is.
    assert Photo.objects.filter(state="received").count() == (of == "a rendition")
    assert Photo.objects.count() == 3


def file_in_backup(folder, blob):
    return folder / "backup" / "blobs" / blob.hex[:2] / blob.hex[2:4] / blob.hex


def test_what_readers_are_sent_is_made_anew_where_the_backup_lacks_it(
    place, backup, restore, tmp_path
):
    """It was swept before it was copied."""
    backup()
    turned = scenario.in_drawer()
    file_in_backup(tmp_path, turned.renditions.first().pk).unlink()

    restored = restore()

    assert (restored["again"], restored["faults"]) == (1, [])
    assert Photo.objects.get(pk=turned.pk).state == Photo.State.RECEIVED
    assert developing.develop_next(LATER)
    assert not developing.develop_next(LATER)
    again = Photo.objects.get(pk=turned.pk)
    assert again.state == Photo.State.READY
    assert all(store().get(rendition.pk) for rendition in again.renditions.all())


def test_what_the_backup_lacks_is_told_at_the_end_of_a_restore(
    place, backup, beside, elsewhere, tmp_path
):
    backup()
    lost = scenario.in_drawer()
    for blob in (lost.original_blob, lost.renditions.first().pk):
        file_in_backup(tmp_path, blob).unlink()
    elsewhere()

    done = beside("restore", str(tmp_path / "backup"), "--json")

    assert done.exit_code == 1
    said = json.loads(done.stdout)
    # Without its original nothing can be made anew, and the other copies may still be shown.
    assert said["again"] == 0
    assert [fault["about"] for fault in said["faults"]] == [f"photo {lost.pk}"] * 2
    assert all("isn't in the backup (file " in fault["says"] for fault in said["faults"])
    assert Photo.objects.get(pk=lost.pk).state == Photo.State.READY


def test_a_restore_that_fails_leaves_an_empty_folder_and_one_that_was_killed_is_begun_again(
    place, backup, beside, elsewhere, tmp_path, monkeypatch
):
    backup()
    second = elsewhere()
    really = FolderStore.put

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderStore, "put", full)
    refused = beside("restore", str(tmp_path / "backup"))
    assert refused.exit_code == 1
    assert f"There is no room for it in {second / 'data'}" in " ".join(refused.output.split())
    assert list((second / "data").iterdir()) == []

    (second / "data" / "blobs").mkdir()
    (second / "data" / "restoring").touch()
    monkeypatch.setattr(FolderStore, "put", really)
    assert beside("restore", str(tmp_path / "backup")).exit_code == 0
    assert Photo.objects.count() == 3
