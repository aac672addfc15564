from __future__ import annotations

import os
from uuid import uuid4

import pytest
from django.db import transaction

from beside.photos.models import AuthorKey, Hold, KeyEpoch, Photo
from beside.photos.vault import keyring
from beside.photos.vault.destroying import destroy
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import KeyDestroyed, Keyring, KeyringWithoutDatabase
from beside.photos.vault.root import Root
from beside.photos.vault.slots import slots
from beside.photos.vault.wrapping import KeyDoesNotOpen
from tests.cast import NOW
from tests.photos.vault.family import (
    ORIGINAL,
    SHOWN,
    every_byte_on_disk,
    every_wrapped_key,
    photograph,
)


def columns(photo: Photo, kind: int = SHOWN) -> dict[str, object]:
    """What delivery's statement reads, as `open_hold` takes it."""
    hold = Hold.objects.get(photo=photo, kind=kind)
    return {
        "generation": KeyEpoch.objects.get().generation,
        "author_wrapped": AuthorKey.objects.get(account=hold.account_id).wrapped,
        "hold_wrapped": hold.wrapped,
        "account": hold.account_id.bytes,
        "photo": photo.pk.bytes,
        "kind": kind,
    }


def test_a_new_photograph_has_two_keys_of_its_own(ring, cast):
    photo, keys = photograph(cast.rose)
    _other, other_keys = photograph(cast.rose)

    assert keyring.original_key(photo.pk) == keys.original
    assert keyring.shown_key(photo.pk) == keys.shown
    assert len({keys.original, keys.shown, other_keys.original, other_keys.shown}) == 4


def test_a_photograph_nobody_holds_has_no_key(ring):
    with pytest.raises(KeyDestroyed):
        keyring.original_key(uuid4())


def test_a_co_author_has_a_hold_of_their_own(ring, cast):
    photo, keys = photograph(cast.rose, cast.tom)
    keyring.add_holder(photo, account=cast.tom)

    destroy(Hold.objects.filter(photo=photo, account=cast.rose), at=NOW)

    assert keyring.original_key(photo.pk) == keys.original
    assert keyring.shown_key(photo.pk) == keys.shown
    assert set(Hold.objects.values_list("account", flat=True)) == {cast.tom.pk}


def test_a_key_that_is_gone_cannot_be_handed_on(ring, cast):
    photo, _keys = photograph(cast.rose)
    destroy(Hold.objects.filter(photo=photo), at=NOW)

    with pytest.raises(KeyDestroyed):
        keyring.add_holder(photo, account=cast.tom)


def test_only_the_keys_that_still_exist_are_handed_on(ring, cast):
    photo, keys = photograph(cast.rose)
    destroy(Hold.objects.filter(photo=photo, kind=SHOWN), at=NOW)

    keyring.add_holder(photo, account=cast.tom)

    assert keyring.original_key(photo.pk) == keys.original
    assert list(Hold.objects.filter(account=cast.tom).values_list("kind", flat=True)) == [ORIGINAL]


def test_what_was_taken_back_is_shown_again_only_under_another_key(ring, cast):
    photo, keys = photograph(cast.rose, cast.tom)
    same = keyring.shown_key_or_new(photo.pk)
    destroy(Hold.objects.filter(photo=photo, kind=SHOWN), at=NOW)

    fresh = keyring.shown_key_or_new(photo.pk)

    assert same == keys.shown
    assert fresh not in (keys.shown, keys.original)
    assert keyring.shown_key(photo.pk) == fresh
    assert set(Hold.objects.filter(kind=SHOWN).values_list("account", flat=True)) == {
        cast.rose.pk,
        cast.tom.pk,
    }


def test_what_nobody_holds_is_not_shown_again(ring, cast):
    photo, _keys = photograph(cast.rose)
    destroy(Hold.objects.filter(photo=photo), at=NOW)

    with pytest.raises(KeyDestroyed):
        keyring.shown_key_or_new(photo.pk)


def test_delivery_opens_a_hold_from_the_columns_it_read(ring, cast):
    photo, keys = photograph(cast.rose)

    assert ring.open_hold(**columns(photo)) == keys.shown
    assert ring.open_hold(**columns(photo)) == keys.shown


def test_delivery_in_another_process_follows_a_destroy(ring, cast):
    photo, keys = photograph(cast.rose)
    other, _keys = photograph(cast.rose)
    elsewhere = Keyring(ring.epochs, ring.instance)
    before = columns(photo)
    elsewhere.open_hold(**before)

    destroy(Hold.objects.filter(photo=other), at=NOW)

    assert elsewhere.open_hold(**columns(photo)) == keys.shown
    with pytest.raises(NoSuchEpoch):
        elsewhere.open_hold(**before)


def test_delivery_is_not_misled_by_a_generation_that_never_committed(ring, cast):
    photo, keys = photograph(cast.rose)
    other, _keys = photograph(cast.rose)
    with transaction.atomic():
        destroy(Hold.objects.filter(photo=other), at=NOW)
        assert ring.open_hold(**columns(photo)) == keys.shown
        transaction.set_rollback(True)

    destroy(Hold.objects.filter(photo=other), at=NOW)

    assert ring.open_hold(**columns(photo)) == keys.shown


def test_an_upload_is_not_misled_by_a_generation_that_never_committed(ring, cast):
    photo, _keys = photograph(cast.rose)
    with transaction.atomic():
        destroy(Hold.objects.filter(photo=photo), at=NOW)
        photograph(cast.rose)
        transaction.set_rollback(True)
    destroy(Hold.objects.filter(photo=photo), at=NOW)

    late, keys = photograph(cast.rose)

    assert Keyring(ring.epochs, ring.instance).open_hold(**columns(late)) == keys.shown


@pytest.mark.parametrize("swapped", ["account", "photo", "kind"])
def test_a_hold_opens_only_as_what_it_is(ring, cast, swapped):
    photo, _keys = photograph(cast.rose)
    altered = columns(photo) | {swapped: ORIGINAL if swapped == "kind" else uuid4().bytes}

    with pytest.raises(KeyDoesNotOpen):
        ring.open_hold(**altered)


def test_a_hold_moved_to_another_author_or_photograph_does_not_open(ring, cast):
    photo, _keys = photograph(cast.rose)
    other, _other_keys = photograph(cast.tom)

    with pytest.raises(KeyDoesNotOpen):
        ring.open_hold(**columns(photo) | {"hold_wrapped": columns(other)["hold_wrapped"]})
    with pytest.raises(KeyDoesNotOpen):
        ring.open_hold(
            **columns(photo) | {"hold_wrapped": columns(photo, ORIGINAL)["hold_wrapped"]}
        )


def test_opening_the_keyring_again_changes_nothing(ring, place, cast):
    photo, keys = photograph(cast.rose)
    before = every_byte_on_disk(place)

    again = keyring.open_keyring()

    assert again.open_hold(**columns(photo)) == keys.shown
    assert every_byte_on_disk(place) == before


def test_an_empty_database_does_not_write_over_a_keyring(ring, place):
    KeyEpoch.objects.all().delete()
    before = every_byte_on_disk(place)

    with pytest.raises(KeyringWithoutDatabase, match="Check which database"):
        keyring.open_keyring()

    assert every_byte_on_disk(place) == before
    assert not KeyEpoch.objects.exists()


def test_a_database_without_its_keyring_does_not_open(ring, place):
    for slot in slots().names():
        slots().remove(slot, held=slots().read(slot))

    with pytest.raises(NoSuchEpoch):
        keyring.open_keyring()


def test_another_root_key_does_not_open_the_keyring(ring, place, settings):
    settings.ROOT_KEY = Root(os.urandom(32))
    keyring._keyring.cache_clear()

    with pytest.raises(OtherRoot):
        keyring.open_keyring()

    keyring._keyring.cache_clear()


def test_no_key_lies_open_in_rows_or_files(ring, place, cast):
    _photo, keys = photograph(cast.rose)
    epoch_key = ring.epochs.read(1)

    everything = b"".join(every_wrapped_key()) + b"".join(every_byte_on_disk(place).values())

    assert not [key for key in (keys.original, keys.shown, epoch_key) if key in everything]


@pytest.mark.thorough
def test_no_two_wrapped_keys_share_a_nonce(ring, cast):
    seen = []
    photos = [photograph(cast.rose, cast.tom)[0] for _ in range(10)]
    for photo in photos:
        seen += every_wrapped_key()
        destroy(Hold.objects.filter(photo=photo), at=NOW)

    distinct = set(seen)

    assert len({wrapped[:12] for wrapped in distinct}) == len(distinct)


def test_nothing_that_holds_keys_prints_them(ring, cast):
    photo, keys = photograph(cast.rose)
    ring.open_hold(**columns(photo))

    said = f"{keys!r} {ring!r} {ring._remembered!r} {ring.epochs!r}"

    assert repr(keys.shown)[2:-1] not in said
    assert keys.shown.hex() not in said
