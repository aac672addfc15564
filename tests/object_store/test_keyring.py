from __future__ import annotations

import pytest
from django.conf import settings
from django.db import transaction

from beside.photos.models import AuthorKey, Hold, KeyEpoch
from beside.photos.vault import keyring
from beside.photos.vault.destroying import destroy
from beside.photos.vault.epoch import EpochFile, NoSuchEpoch, SlotsUnguarded
from beside.photos.vault.keyring import Keyring
from beside.photos.vault.object_slots import ObjectSlots
from tests import objects
from tests.cast import NOW
from tests.photos.vault.family import ORIGINAL, photograph


def another_node(ring: Keyring) -> Keyring:
    """The keyring of a process on another machine, which remembers what it has read."""
    slots = ObjectSlots(settings.BESIDE.keyring_place)
    return Keyring(EpochFile(slots, settings.ROOT_KEY, ring.instance), ring.instance)


def opened(node: Keyring, photo, account) -> bytes:
    """A photograph's key as that node opens it, with the rows as they are."""
    hold = Hold.objects.get(photo=photo, account=account, kind=ORIGINAL)
    return node.open_hold(
        KeyEpoch.objects.get().generation,
        bytes(AuthorKey.objects.get(account=account).wrapped),
        hold_wrapped=bytes(hold.wrapped),
        account=account.pk.bytes,
        photo=photo.pk.bytes,
        kind=ORIGINAL,
    )


@pytest.fixture
def ring(data, transactional_db) -> Keyring:
    return keyring.open_keyring()


def test_an_epoch_that_turned_is_in_force_on_every_node_at_its_next_request(ring, cast):
    photo, keys = photograph(cast.rose)
    other, _keys = photograph(cast.tom)
    node = another_node(ring)
    assert opened(node, photo, cast.rose) == keys.original

    destroy(Hold.objects.filter(photo=other), at=NOW)

    assert KeyEpoch.objects.get().generation == 2
    assert opened(node, photo, cast.rose) == keys.original
    with pytest.raises(NoSuchEpoch):
        another_node(ring).epochs.read(1)


def test_no_node_opens_with_an_epoch_that_it_remembers_of_another_generation(ring, cast):
    photo, _keys = photograph(cast.rose)
    other, _keys = photograph(cast.tom)
    node = another_node(ring)
    opened(node, photo, cast.rose)
    old = bytes(AuthorKey.objects.get(account=cast.rose).wrapped)
    hold = Hold.objects.get(photo=photo, account=cast.rose, kind=ORIGINAL)

    destroy(Hold.objects.filter(photo=other), at=NOW)
    opened(node, photo, cast.rose)

    with pytest.raises(NoSuchEpoch):
        node.open_hold(
            1,
            old,
            hold_wrapped=bytes(hold.wrapped),
            account=cast.rose.pk.bytes,
            photo=photo.pk.bytes,
            kind=ORIGINAL,
        )


def test_a_place_is_known_by_its_slots_and_no_second_one_is_made_over_it(ring, data):
    KeyEpoch.objects.all().delete()

    with pytest.raises(keyring.KeyringWithoutDatabase, match="s3://keyring/"):
        keyring.open_keyring()


def test_no_keyring_is_made_in_a_store_that_writes_over_what_it_should_not(
    own_place, db, monkeypatch, client
):
    write = ObjectSlots.write
    with monkeypatch.context() as patch:
        patch.setattr(
            ObjectSlots,
            "write",
            lambda self, name, data, over: write(self, name, data, over=self.read(name)),
        )
        with pytest.raises(SlotsUnguarded, match="although it was told not to"):
            keyring.open_keyring()
    prefix = settings.BESIDE.keyring.removeprefix(f"s3://{objects.KEYRING}/")
    left = dict(objects.everything_in(client, objects.KEYRING, prefix))
    keyring.open_keyring()

    assert left == {}
    assert not KeyEpoch.objects.exclude(generation=1).exists()


@pytest.mark.usefixtures("patient")
def test_a_slot_that_the_store_lists_late_is_read_and_ends_with_its_key(
    behind, cast, client, transactional_db
):
    """What destroys twice in one transaction needs a third slot, which the store doesn't list yet."""
    ring = keyring.open_keyring()
    photos = [photograph(cast.rose)[0] for _ in range(2)]
    kept, keys = photograph(cast.tom)
    behind.lists_late = True
    ring.epochs.newest()

    with transaction.atomic():
        for photo in photos:
            destroy(Hold.objects.filter(photo=photo), at=NOW)

    assert KeyEpoch.objects.get().generation == 3
    assert opened(another_node(ring), kept, cast.tom) == keys.original
    prefix = settings.BESIDE.keyring.removeprefix(f"s3://{objects.KEYRING}/")
    left = dict(objects.everything_in(client, objects.KEYRING, prefix))
    assert sorted(name.rpartition("/")[2] for name in left) == ["epoch.a", "epoch.b"]
