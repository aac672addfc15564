from __future__ import annotations

from uuid import uuid4

import pytest
from django.conf import settings

from beside.cli.moving import epoch_keys
from beside.cli.moving.epoch_keys import KeyringThere
from beside.photos.models import KeyEpoch
from beside.photos.vault.epoch import SLOT_BYTES, EpochFile
from beside.photos.vault.slots import FolderSlots, slots
from beside.photos.vault.wrapping import fresh_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(data, tmp_path) -> FolderSlots:
    return FolderSlots(tmp_path / "elsewhere")


def epochs_in(one: FolderSlots, instance=None) -> EpochFile:
    return EpochFile(one, settings.ROOT_KEY, instance or KeyEpoch.objects.get().instance)


def test_the_key_is_in_both_slots_and_gone_from_the_old_ones_bytes_and_all(elsewhere):
    epoch, here = KeyEpoch.objects.get(), slots()
    key = epochs_in(here).read(epoch.generation)

    epoch_keys.require_free(elsewhere, epoch)
    epoch_keys.write(here, elsewhere, epoch)
    epoch_keys.end(here)

    assert len(elsewhere.names()) == 2
    assert epochs_in(elsewhere).read(epoch.generation) == key
    assert here.names() == []
    assert not epochs_in(here).was_settled()


def test_a_slot_is_written_over_with_noise_before_it_is_removed(elsewhere, monkeypatch):
    here = slots()
    before = {name: here.read(name).data for name in here.names()}
    monkeypatch.setattr(type(here), "remove", lambda _self, _name, **_held: None)

    epoch_keys.end(here)

    assert before.keys() == set(here.names())
    assert all(here.read(name).data != data for name, data in before.items())
    assert epochs_in(here).newest() == 0


@pytest.mark.parametrize("of", ["another place", "an earlier key", "another key"])
def test_a_keyring_that_isnt_this_places_as_it_is_now_is_left_alone(of, elsewhere):
    epoch = KeyEpoch.objects.get()
    if of == "an earlier key":
        KeyEpoch.objects.update(generation=epoch.generation + 1)
        epochs_in(slots()).write_next(epoch.generation + 1, fresh_key())
    instance = uuid4() if of == "another place" else epoch.instance
    epochs_in(elsewhere, instance).put_back(epoch.generation, fresh_key())
    before = [elsewhere.read(name) for name in elsewhere.names()]

    with pytest.raises(KeyringThere):
        epoch_keys.require_free(elsewhere, KeyEpoch.objects.get())

    assert [elsewhere.read(name) for name in elsewhere.names()] == before


def test_noise_is_no_keyring(elsewhere):
    elsewhere.write("epoch.a", b"\1" * SLOT_BYTES, over=None)

    epoch_keys.require_free(elsewhere, KeyEpoch.objects.get())


def test_the_keyring_in_use_is_no_free_place_whatever_it_is_called(data, tmp_path):
    (tmp_path / "link").symlink_to(data / "keyring")

    with pytest.raises(KeyringThere):
        epoch_keys.require_free(FolderSlots(tmp_path / "link"), KeyEpoch.objects.get())


def test_the_two_slots_are_ended_where_a_store_lists_them_late(elsewhere, monkeypatch):
    epoch = KeyEpoch.objects.get()
    epoch_keys.write(slots(), elsewhere, epoch)
    monkeypatch.setattr(FolderSlots, "names", lambda _self: [])

    epoch_keys.end(elsewhere)

    assert epochs_in(elsewhere).newest() == 0
    assert elsewhere.read("epoch.a") is elsewhere.read("epoch.b") is None
