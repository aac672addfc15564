from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from beside.photos.models import AuthorKey, Hold, KeyEpoch, Tombstone
from beside.photos.vault import destroying, keyring
from beside.photos.vault.destroying import REPLACED_WITHIN, destroy, drop, replace_if_due
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.root import derive
from beside.photos.vault.slots import slots
from tests import objects
from tests.cast import NOW
from tests.photos.vault.family import (
    ORIGINAL,
    SHOWN,
    all_that_opens,
    every_byte_on_disk,
    every_wrapped_key,
    photograph,
)
from tests.photos.vault.interruption import Killed, killed_before


def test_destroying_the_last_hold_ends_the_key(ring, cast):
    photo, _keys = photograph(cast.rose)

    destroy(Hold.objects.filter(photo=photo), at=NOW)

    for key_of in (keyring.original_key, keyring.shown_key):
        with pytest.raises(KeyDestroyed):
            key_of(photo.pk)


def test_everything_else_still_opens(ring, cast):
    lost, _keys = photograph(cast.rose, cast.tom)
    kept = [photograph(cast.rose), photograph(cast.tom, cast.rose), photograph(cast.nan)]

    destroy(Hold.objects.filter(photo=lost), at=NOW)

    for photo, keys in kept:
        assert keyring.original_key(photo.pk) == keys.original
        assert keyring.shown_key(photo.pk) == keys.shown


def test_many_dropped_together_end_with_one_replacement(ring, cast):
    lost = [photograph(holder)[0] for holder in (cast.rose, cast.tom, cast.rose)]
    kept, keys = photograph(cast.rose)
    before = KeyEpoch.objects.get().generation
    old = every_wrapped_key()

    with transaction.atomic():
        for photo in lost:
            drop(Hold.objects.filter(photo=photo), at=NOW)
        destroying.replace()

    assert KeyEpoch.objects.get().generation == before + 1
    assert keyring.original_key(kept.pk) == keys.original
    for photo in lost:
        with pytest.raises(KeyDestroyed):
            keyring.original_key(photo.pk)
    authors = {bytes(wrapped) for wrapped in AuthorKey.objects.values_list("wrapped", flat=True)}
    assert not authors & old


def test_replacing_with_nothing_dropped_changes_no_key(ring, cast):
    photograph(cast.rose)
    before = every_wrapped_key()

    destroying.replace()

    assert every_wrapped_key() == before


def test_taking_back_ends_what_readers_see_and_keeps_the_original(ring, cast):
    photo, keys = photograph(cast.rose, cast.tom)

    destroy(Hold.objects.filter(photo=photo, kind=SHOWN), at=NOW)

    assert keyring.original_key(photo.pk) == keys.original
    with pytest.raises(KeyDestroyed):
        keyring.shown_key(photo.pk)


def test_each_dropped_hold_has_its_tombstone(ring, cast):
    photo, _keys = photograph(cast.rose, cast.tom)

    destroy(Hold.objects.filter(photo=photo, account=cast.rose), at=NOW)

    assert set(
        Tombstone.objects.values_list("photo_id", "account_id", "kind", "generation", "at")
    ) == {(photo.pk, cast.rose.pk, kind, 2, NOW) for kind in (ORIGINAL, SHOWN)}


def test_destroying_nothing_changes_nothing(ring, cast, place):
    photograph(cast.rose)
    before = every_wrapped_key(), every_byte_on_disk(place)

    destroy(Hold.objects.none(), at=NOW)

    assert (every_wrapped_key(), every_byte_on_disk(place)) == before


def destroyed_in_two_steps(lost, account):
    # In two steps, whose rows in between an archived log would keep as well.
    with transaction.atomic():
        destroy(Hold.objects.filter(photo=lost, account=account), at=NOW)
        yield
        destroy(Hold.objects.filter(photo=lost), at=NOW)


def dropped_and_replaced_later(lost, account):
    drop(Hold.objects.filter(photo=lost, account=account), at=NOW)
    yield
    drop(Hold.objects.filter(photo=lost), at=NOW)
    replace_if_due(NOW + REPLACED_WITHIN)


def dropped_before_another_is_destroyed(lost, account):
    drop(Hold.objects.filter(photo=lost), at=NOW)
    yield
    destroy(Hold.objects.filter(photo=photograph(account)[0]), at=NOW)


@pytest.mark.parametrize(
    "ended",
    [destroyed_in_two_steps, dropped_and_replaced_later, dropped_before_another_is_destroyed],
)
def test_nothing_left_over_opens_a_destroyed_key_even_with_the_root_key(
    ring, cast, place, settings, ended
):
    lost, lost_keys = photograph(cast.rose, cast.tom)
    kept, kept_keys = photograph(cast.rose)
    people = (cast.rose.pk, cast.tom.pk)
    old_rows = every_wrapped_key()
    old_slots = every_byte_on_disk(place / "keyring")

    for _ in ended(lost, cast.rose):
        old_rows |= every_wrapped_key()
    slots = every_byte_on_disk(place / "keyring")
    bounds = [
        *(ring.author_bound(person, generation) for person in people for generation in (1, 2, 3)),
        *(
            ring.hold_bound(person, photo.pk, kind)
            for person in people
            for photo in (lost, kept)
            for kind in (ORIGINAL, SHOWN)
        ),
        *(ring.epochs._bound(generation) for generation in (1, 2, 3)),
    ]
    root = {derive(settings.ROOT_KEY, "epoch")}
    in_slots = {slot[12:72] for slot in slots.values()}
    reached = all_that_opens(root, old_rows | every_wrapped_key() | in_slots, bounds)
    in_old_slots = {slot[12:72] for slot in old_slots.values()}
    reached_before = all_that_opens(root, old_rows | in_old_slots, bounds)

    assert {kept_keys.original, kept_keys.shown} <= reached
    assert not {lost_keys.original, lost_keys.shown} & reached
    assert {lost_keys.original, lost_keys.shown} <= reached_before
    assert sorted(slots) == ["epoch.a", "epoch.b"]


def test_what_is_dropped_opens_no_more_and_the_keys_above_stay_until_they_are_due(ring, cast):
    photo, _keys = photograph(cast.rose)
    _kept, kept_keys = photograph(cast.rose)

    drop(Hold.objects.filter(photo=photo), at=NOW)
    for key_of in (keyring.original_key, keyring.shown_key):
        with pytest.raises(KeyDestroyed):
            key_of(photo.pk)
    replace_if_due(NOW + REPLACED_WITHIN - timedelta(seconds=1))
    assert KeyEpoch.objects.get().generation == 1

    replace_if_due(NOW + REPLACED_WITHIN)
    replace_if_due(NOW + REPLACED_WITHIN)

    assert KeyEpoch.objects.get().generation == 2
    assert keyring.original_key(_kept.pk) == kept_keys.original


def test_where_a_clock_was_wrong_the_keys_above_are_replaced_at_once(ring, cast):
    photo, _keys = photograph(cast.rose)
    drop(Hold.objects.filter(photo=photo), at=NOW + timedelta(days=400))

    replace_if_due(NOW)

    assert KeyEpoch.objects.get().generation == 2


def test_a_destroy_that_is_rolled_back_never_was(ring, cast, place):
    photo, keys = photograph(cast.rose)

    with transaction.atomic():
        destroy(Hold.objects.filter(photo=photo), at=NOW)
        transaction.set_rollback(True)

    assert keyring.shown_key(photo.pk) == keys.shown
    assert keyring.open_keyring().epochs.read(1)
    with pytest.raises(NoSuchEpoch):
        ring.epochs.read(2)


def test_settling_before_the_commit_does_not_end_what_is_committed(ring, cast):
    photo, keys = photograph(cast.rose)

    with transaction.atomic():
        destroy(Hold.objects.filter(photo=photo), at=NOW)
        keyring.settle()
        transaction.set_rollback(True)

    assert keyring.shown_key(photo.pk) == keys.shown


@pytest.mark.parametrize("undone", ["none", "first", "second", "inner", "all"])
def test_destroying_twice_in_one_transaction_holds_whatever_is_rolled_back(ring, cast, undone):
    first, first_keys = photograph(cast.rose)
    second, second_keys = photograph(cast.tom)
    kept, keys = photograph(cast.rose, cast.tom)

    def step(photo, *, undo: bool) -> None:
        with transaction.atomic():
            destroy(Hold.objects.filter(photo=photo), at=NOW)
            if undo:
                raise DatabaseError

    def attempt(photo, *names: str) -> None:
        try:
            step(photo, undo=undone in names)
        except DatabaseError:
            return

    try:
        with transaction.atomic():
            attempt(first, "first", "inner")
            attempt(second, "second", "inner")
            if undone == "all":
                raise DatabaseError
    except DatabaseError:
        pass
    keyring.open_keyring()

    survive = {
        "none": [],
        "first": [(first, first_keys)],
        "second": [(second, second_keys)],
        "inner": [(first, first_keys), (second, second_keys)],
        "all": [(first, first_keys), (second, second_keys)],
    }[undone]
    for photo, its_keys in [*survive, (kept, keys)]:
        assert keyring.original_key(photo.pk) == its_keys.original
    assert Hold.objects.count() == 2 * len(survive) + 4


@pytest.mark.thorough
@pytest.mark.skipif(objects.are_used(), reason="tests/object_store/test_slots.py asks the store")
def test_a_kill_at_any_step_on_the_disk_undoes_all_or_nothing(ring, cast, place):
    kept, keys = photograph(cast.rose, cast.tom)
    finished = False

    for step in range(1, 200):
        doomed, doomed_keys = photograph(cast.rose)
        try:
            with killed_before(step):
                destroy(Hold.objects.filter(photo=doomed), at=NOW)
        except Killed:
            connection.close()
        else:
            finished = True
        keyring._keyring.cache_clear()
        if not finished:
            assert ring.epochs.read(KeyEpoch.objects.get().generation)
        keyring.open_keyring()

        assert keyring.shown_key(kept.pk) == keys.shown
        if Hold.objects.filter(photo=doomed).exists():
            assert keyring.shown_key(doomed.pk) == doomed_keys.shown
        generation = KeyEpoch.objects.get().generation
        slots = every_byte_on_disk(place / "keyring")
        assert sorted(slots) == ["epoch.a", "epoch.b"]
        assert {int.from_bytes(slot[4:12], "big") for slot in slots.values()} == {generation}
        if finished:
            break

    assert finished
    assert step > 8


def test_an_old_epoch_slot_put_back_does_not_open_the_rows(ring, cast, place):
    photo, _keys = photograph(cast.rose)
    other, _other_keys = photograph(cast.rose)
    older = {name: slots().read(name).data for name in slots().names()}
    destroy(Hold.objects.filter(photo=other), at=NOW)

    for name, data in older.items():
        slots().write(name, data, over=slots().read(name))
    keyring._keyring.cache_clear()

    with pytest.raises(NoSuchEpoch):
        keyring.open_keyring()
    with pytest.raises(NoSuchEpoch):
        keyring.shown_key(photo.pk)


def test_everything_of_one_author_is_destroyed_at_once(ring, cast, monkeypatch):
    monkeypatch.setattr(destroying, "_AT_ONCE", 3)
    shared, keys = photograph(cast.rose, cast.tom)
    for _ in range(4):
        photograph(cast.tom)

    destroy(Hold.objects.filter(account=cast.tom), at=NOW)

    assert Tombstone.objects.count() == 10
    assert Hold.objects.count() == 2
    assert keyring.original_key(shared.pk) == keys.original
