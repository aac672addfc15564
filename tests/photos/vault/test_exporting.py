from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection, transaction

from beside.photos.models import AuthorKey, Hold, KeyEpoch, Photo, Tombstone
from beside.photos.vault import durable, exporting, keyring, slots
from beside.photos.vault.destroying import destroy
from beside.photos.vault.epoch import EpochFile, NoSuchEpoch
from beside.photos.vault.exporting import (
    KeyInUse,
    KeyringNotWritten,
    KeyringRolledBack,
    KeyringShrank,
    NoKeyring,
    put_back,
    read_export,
    require_no_other_key,
)
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.keyring_file import HeldKey, KeyringNotOurs, pack
from beside.photos.vault.root import Root
from beside.photos.vault.wrapping import KeyDoesNotOpen
from tests.cast import NOW
from tests.photos.vault.family import ORIGINAL, every_byte_on_disk, photograph
from tests.photos.vault.interruption import Killed, every_way_to_die
from tests.serving import PATIENCE_S


@pytest.fixture
def drawer(tmp_path):
    """The folder where the keyring's backup goes."""
    return tmp_path / "drawer"


def export(drawer, **given):
    return exporting.export(drawer, **{"at": NOW, "dump_keys": {}, "narrowings": []} | given)


def lose_every_key(place):
    """As if the machine were another one: no rows of keys, no epoch."""
    Hold.objects.all().delete()
    AuthorKey.objects.all().delete()
    KeyEpoch.objects.all().delete()
    shutil.rmtree(place / "keyring")
    keyring._keyring.cache_clear()


def test_the_keyring_goes_into_two_equal_slots(ring, cast, drawer):
    photograph(cast.rose)

    export(drawer)

    slots = every_byte_on_disk(drawer)
    assert sorted(slots) == ["keyring.a", "keyring.b"]
    assert slots["keyring.a"] == slots["keyring.b"]


def test_what_was_exported_is_read_back_whole(ring, cast, drawer):
    photo, _keys = photograph(cast.rose, cast.tom)
    destroyed, _other_keys = photograph(cast.rose)
    destroy(Hold.objects.filter(photo=destroyed), at=NOW)

    written = export(drawer, dump_keys={"dump": bytes(60)}, narrowings=[{"kind": "blocked"}])
    read = read_export(drawer)

    assert vars(read) == vars(written)
    assert (read.generation, read.made_at, read.instance) == (2, NOW, ring.instance)
    assert {held.photo for held in read.holds} == {photo.pk}
    assert {stone.held().photo for stone in read.tombstones} == {destroyed.pk}


def test_keys_come_back_on_another_machine(ring, cast, place, drawer):
    photo, keys = photograph(cast.rose, cast.tom)
    destroyed, _keys = photograph(cast.rose)
    destroy(Hold.objects.filter(photo=destroyed), at=NOW)
    export(drawer)
    lose_every_key(place)
    Tombstone.objects.all().delete()

    returned = put_back(read_export(drawer))
    keyring.open_keyring()

    assert returned == (4, 0)
    assert keyring.original_key(photo.pk) == keys.original
    assert keyring.shown_key(photo.pk) == keys.shown
    assert Tombstone.objects.filter(photo_id=destroyed.pk).count() == 2
    with pytest.raises(KeyDestroyed):
        keyring.original_key(destroyed.pk)


def test_a_dump_from_before_a_destroy_does_not_bring_keys_back(ring, cast, place, drawer):
    destroyed, _keys = photograph(cast.rose)
    kept, keys = photograph(cast.rose)
    old_holds = list(Hold.objects.values())
    old_authors = list(AuthorKey.objects.values())
    destroy(Hold.objects.filter(photo=destroyed), at=NOW)
    export(drawer)
    lose_every_key(place)
    KeyEpoch.objects.create(instance=ring.instance, generation=1)
    AuthorKey.objects.bulk_create(AuthorKey(**row) for row in old_authors)
    Hold.objects.bulk_create(Hold(**row) for row in old_holds)

    put_back(read_export(drawer))

    assert keyring.original_key(kept.pk) == keys.original
    with pytest.raises(KeyDestroyed):
        keyring.original_key(destroyed.pk)


def test_photographs_newer_than_the_dump_are_counted_not_guessed(ring, cast, place, drawer):
    newer, _keys = photograph(cast.rose)
    kept, keys = photograph(cast.tom)
    export(drawer)
    lose_every_key(place)
    Photo.objects.filter(pk=newer.pk).delete()

    returned = put_back(read_export(drawer))

    assert returned == (2, 2)
    assert keyring.original_key(kept.pk) == keys.original


def test_an_older_keyring_is_not_put_back(ring, cast, place, drawer):
    photo, keys = photograph(cast.rose)
    other, _keys = photograph(cast.rose)
    export(drawer)
    older = read_export(drawer)
    destroy(Hold.objects.filter(photo=other), at=NOW)

    with pytest.raises(KeyringRolledBack, match="generation 2 and the backup's of generation 1"):
        put_back(older)

    assert keyring.original_key(photo.pk) == keys.original


def test_an_older_database_does_not_write_over_a_newer_keyring(ring, cast, drawer):
    photograph(cast.rose)
    file = export(drawer)
    newer = replace(file, generation=5)
    for slot in drawer.iterdir():
        slot.write_bytes(pack(newer, exporting.settings.ROOT_KEY))
    before = every_byte_on_disk(drawer)

    with pytest.raises(KeyringRolledBack):
        export(drawer)

    assert every_byte_on_disk(drawer) == before


@pytest.mark.parametrize("lost", ["one hold", "every hold", "a hold whose tombstone is older"])
def test_a_keyring_that_shrank_by_accident_is_not_written(ring, cast, drawer, lost):
    photo, _keys = photograph(cast.rose)
    photograph(cast.rose)
    if lost == "a hold whose tombstone is older":
        destroy(Hold.objects.filter(photo=photo, kind=ORIGINAL), at=NOW)
        Hold.objects.filter(photo=photo).update(kind=ORIGINAL)
        Hold.objects.filter(photo=photo).delete()
        with transaction.atomic():
            keyring._hold(photo.pk, cast.rose.pk, kind=ORIGINAL, key=os.urandom(32))
    export(drawer)
    before = every_byte_on_disk(drawer)
    gone = Hold.objects.filter(photo=photo)
    (Hold.objects.all() if lost == "every hold" else gone).delete()

    with pytest.raises(KeyringShrank):
        export(drawer)

    assert every_byte_on_disk(drawer) == before


def test_a_keyring_that_shrank_by_a_destroy_is_written(ring, cast, drawer):
    photo, _keys = photograph(cast.rose, cast.tom)
    export(drawer)
    destroy(Hold.objects.filter(photo=photo, account=cast.rose), at=NOW)

    export(drawer)

    assert set(read_export(drawer).holds) == {
        HeldKey(photo.pk, cast.tom.pk, kind) for kind in Hold.Kind
    }


def test_no_copy_of_a_destroyed_key_stays_in_the_slots(ring, cast, drawer):
    photo, _keys = photograph(cast.rose)
    export(drawer)
    wrapped = [bytes(hold.wrapped) for hold in Hold.objects.all()]
    before = b"".join(every_byte_on_disk(drawer).values())
    destroy(Hold.objects.filter(photo=photo), at=NOW)

    export(drawer)

    after = b"".join(every_byte_on_disk(drawer).values())
    assert all(key in before for key in wrapped)
    assert not any(key in after for key in wrapped)


def test_a_damaged_row_does_not_write_over_a_good_copy(ring, cast, drawer):
    photograph(cast.rose)
    export(drawer)
    before = every_byte_on_disk(drawer)
    Hold.objects.filter(kind=ORIGINAL).update(wrapped=os.urandom(60))

    with pytest.raises(KeyDoesNotOpen):
        export(drawer)

    assert every_byte_on_disk(drawer) == before


def test_a_keyring_of_another_place_or_root_is_left_alone(ring, cast, drawer, settings):
    photograph(cast.rose)
    file = export(drawer)
    before = every_byte_on_disk(drawer)

    ours = settings.ROOT_KEY
    settings.ROOT_KEY = Root(os.urandom(32))
    with pytest.raises(KeyringNotOurs):
        read_export(drawer)
    with pytest.raises(KeyringNotOurs):
        export(drawer)
    settings.ROOT_KEY = ours
    left = every_byte_on_disk(drawer)
    for slot in drawer.iterdir():
        slot.write_bytes(pack(replace(file, instance=uuid4()), settings.ROOT_KEY))
    with pytest.raises(KeyringNotOurs):
        export(drawer)

    assert left == before


def test_where_there_is_no_keyring_it_is_said(ring, drawer):
    with pytest.raises(NoKeyring):
        read_export(drawer)


def test_a_disk_that_reads_back_something_else_is_told_of(ring, cast, drawer, monkeypatch):
    photograph(cast.rose)
    monkeypatch.setattr(
        slots,
        "overwrite_open",
        lambda file, data: durable.overwrite_open(file, data[:-1] + b"\0\0"),
    )

    with pytest.raises(KeyringNotWritten):
        export(drawer)


def test_a_write_torn_at_any_byte_leaves_a_keyring_that_opens(ring, cast, drawer, monkeypatch):
    _photo, _keys = photograph(cast.rose)
    size = len(pack(export(drawer), exporting.settings.ROOT_KEY))
    whole = durable.write_all

    for torn_at in range(0, size, 97):

        def tear(descriptor: int, data: bytes, torn_at: int = torn_at) -> None:
            whole(descriptor, data[:torn_at])
            raise Killed

        monkeypatch.setattr(durable, "write_all", tear)
        with pytest.raises(Killed):
            export(drawer)

        assert len(read_export(drawer).holds) == 2
        monkeypatch.setattr(durable, "write_all", whole)
        export(drawer)


def test_a_kill_at_any_step_leaves_a_keyring_that_opens(ring, cast, drawer):
    photograph(cast.rose)
    export(drawer)

    deaths = 0
    for _step in every_way_to_die(lambda: export(drawer), afresh=lambda: photograph(cast.rose)):
        deaths += 1
        assert len(read_export(drawer).holds) >= 2
    assert deaths > 6
    assert len(read_export(drawer).holds) == Hold.objects.count()


@pytest.mark.parametrize("slot", ["keyring.a", "keyring.b"])
def test_any_damage_to_one_slot_is_found_and_survived(ring, cast, drawer, slot):
    photograph(cast.rose)
    export(drawer)
    good = (drawer / slot).read_bytes()

    for byte in range(0, len(good), 97):
        (drawer / slot).write_bytes(good[:byte] + bytes((good[byte] ^ 1,)) + good[byte + 1 :])
        kept = slots.FolderSlots(drawer)
        assert exporting._whole(kept, slot, kept.read(slot)) is None
        assert len(read_export(drawer).holds) == 2


def test_no_key_lies_open_in_the_backup_of_the_keyring(ring, cast, drawer):
    _photo, keys = photograph(cast.rose)

    export(drawer)

    data = b"".join(every_byte_on_disk(drawer).values())
    assert not [key for key in (keys.original, keys.shown, ring.epochs.read(1)) if key in data]


def in_another_connection(act) -> None:
    """Do it now, and fail if it doesn't get through within seconds."""

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{PATIENCE_S}s'")
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as alone:
        alone.submit(run).result()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_nobody_waits_while_keys_are_gathered(ring, cast, drawer, monkeypatch):
    photo, _keys = photograph(cast.rose)
    shown = Hold.objects.filter(photo=photo, kind=Hold.Kind.SHOWN)
    acts = [
        lambda: destroy(shown, at=NOW),
        lambda: photograph(cast.rose),
    ]

    def held(*row):
        while acts:
            in_another_connection(acts.pop())
        return HeldKey(*row)

    monkeypatch.setattr(exporting, "HeldKey", held)

    file = export(drawer)

    assert not acts
    assert (file.generation, len(file.holds)) == (1, 2)
    assert Hold.objects.count() == 3
    assert KeyEpoch.objects.get().generation == 2


def test_an_epoch_that_ends_as_it_is_read_is_read_again(ring, cast, drawer, monkeypatch):
    photograph(cast.rose)
    sealed, ended = EpochFile.sealed, iter([0])

    def ends(self, generation):
        for before in ended:
            raise NoSuchEpoch(before)
        return sealed(self, generation)

    monkeypatch.setattr(EpochFile, "sealed", ends)

    assert export(drawer).generation == 1


def test_an_epoch_that_is_not_there_is_told_of(ring, cast, drawer, place):
    photograph(cast.rose)
    KeyEpoch.objects.update(generation=7)

    with pytest.raises(NoSuchEpoch):
        export(drawer)


def test_a_restore_writes_over_no_other_places_key(ring, cast, drawer, place, settings):
    photograph(cast.rose)
    file = export(drawer)
    for anothers in (
        EpochFile(slots.slots(), settings.ROOT_KEY, uuid4()),
        EpochFile(slots.slots(), Root(os.urandom(32)), file.instance),
    ):
        lose_every_key(place)
        anothers.put_back(1, os.urandom(32))
        with pytest.raises(KeyInUse):
            require_no_other_key(file)


def test_a_restore_may_write_over_its_own_places_key(ring, cast, drawer, place):
    photograph(cast.rose)
    file = export(drawer)

    require_no_other_key(file)
    lose_every_key(place)
    require_no_other_key(file)
