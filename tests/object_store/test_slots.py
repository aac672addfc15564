from __future__ import annotations

import os
from contextlib import suppress
from uuid import uuid4

import obstore
import pytest

from beside.photos.vault.epoch import EpochFile, NoSuchEpoch
from beside.photos.vault.object_slots import ObjectSlots
from beside.photos.vault.root import Root
from beside.photos.vault.slots import Held, SlotChanged
from beside.photos.vault.store import StoreUnavailable
from tests.object_store.conftest import bucket_place
from tests.parallel import in_parallel

ROOT, INSTANCE = Root(os.urandom(32)), uuid4()
KEYS = [os.urandom(32) for _ in range(9)]
SIXTEEN = 16


@pytest.fixture
def place(endpoint):
    return bucket_place(endpoint, "keyring")


def epochs(place) -> EpochFile:
    """As one node has them."""
    return EpochFile(ObjectSlots(place), ROOT, INSTANCE)


@pytest.fixture
def settled(place):
    """Two slots that hold generation 5."""
    for generation in range(1, 6):
        epochs(place).write_next(generation, KEYS[generation])
        epochs(place).settle(generation)
    return place


def test_an_epoch_that_was_written_and_settled_is_read_and_nothing_older_is_left(settled, client):
    epochs(settled).write_next(6, KEYS[6])
    both = epochs(settled).read(5), epochs(settled).read(6)
    epochs(settled).settle(6)

    assert both == (KEYS[5], KEYS[6])
    assert epochs(settled).read(6) == KEYS[6]
    assert ObjectSlots(settled).names() == ["epoch.a", "epoch.b"]
    assert epochs(settled).is_settled(6)
    with pytest.raises(NoSuchEpoch):
        epochs(settled).read(5)


def test_a_further_slot_is_removed_when_its_turn_is_over(settled):
    for generation in (6, 7, 8):
        epochs(settled).write_next(generation, KEYS[generation])
    further = ObjectSlots(settled).names()
    epochs(settled).settle(8)

    assert len(further) > 2
    assert ObjectSlots(settled).names() == ["epoch.a", "epoch.b"]
    assert epochs(settled).is_settled(8)


def test_of_sixteen_that_make_a_slot_at_once_one_does(place):
    said = in_parallel(
        lambda number: ObjectSlots(place).write("epoch.a", bytes([number]) * 99, over=None),
        times=SIXTEEN,
    )

    assert sorted(map(str, map(type, said))).count(str(type(None))) == 1
    assert all(isinstance(one, SlotChanged) for one in said if one is not None)
    assert ObjectSlots(place).read("epoch.a").data == bytes([said.index(None)]) * 99


def test_of_sixteen_that_replace_a_slot_at_once_one_does(place):
    ObjectSlots(place).write("epoch.a", b"before", over=None)
    before = ObjectSlots(place).read("epoch.a")

    said = in_parallel(
        lambda number: ObjectSlots(place).write("epoch.a", bytes([number]) * 99, over=before),
        times=SIXTEEN,
    )

    assert [one for one in said if one is not None and not isinstance(one, SlotChanged)] == []
    assert said.count(None) == 1
    assert ObjectSlots(place).read("epoch.a").data == bytes([said.index(None)]) * 99


def test_whoever_has_lost_its_turn_writes_over_nothing(settled):
    """A node decides on a slot, is cut off, and its write arrives after another node's whole turn."""
    late = ObjectSlots(settled)
    seen = {name: late.read(name) for name in late.names()}
    epochs(settled).write_next(6, KEYS[6])
    epochs(settled).settle(6)

    for name, held in seen.items():
        with pytest.raises(SlotChanged):
            late.write(name, b"what was decided before", over=held)

    assert epochs(settled).is_settled(6)


@pytest.mark.usefixtures("patient")
def test_a_store_that_forgets_to_answer_has_written_all_the_same(settled, faulty):
    between = settled._replace(endpoint=faulty.endpoint)
    faulty.forgets = 1
    epochs(between).write_next(6, KEYS[6])
    faulty.forgets = 1
    epochs(between).settle(6)

    assert epochs(settled).is_settled(6)


@pytest.mark.parametrize("forgets", range(1, 6))
def test_a_store_that_forgets_again_and_again_loses_no_committed_generation(
    settled, faulty, forgets
):
    between = settled._replace(endpoint=faulty.endpoint)
    faulty.forgets = forgets
    committed = 5
    with suppress(OSError):
        epochs(between).write_next(6, KEYS[6])
        committed = 6
    faulty.forgets = 0

    assert epochs(settled).read(committed) == KEYS[committed]
    epochs(settled).settle(committed)
    assert epochs(settled).is_settled(committed)


@pytest.mark.parametrize("fault", ["stalls", "refuses"])
def test_slots_that_cannot_be_read_open_nothing(settled, faulty, fault):
    between = settled._replace(endpoint=faulty.endpoint)
    setattr(faulty, fault, True)

    with pytest.raises(StoreUnavailable):
        epochs(between).read(5)
    with pytest.raises(StoreUnavailable):
        epochs(between).write_next(6, KEYS[6])
    with pytest.raises(StoreUnavailable):
        ObjectSlots(between).exist()
    assert epochs(settled).is_settled(5)


def test_a_further_slot_that_another_node_wrote_meanwhile_is_left(place):
    slots, another = ObjectSlots(place), ObjectSlots(place)
    slots.write("epoch.further-7", b"before", over=None)
    read = slots.read("epoch.further-7")
    another.write("epoch.further-7", b"another's", over=read)

    slots.remove("epoch.further-7", held=read)

    assert another.read("epoch.further-7").data == b"another's"


def test_a_store_is_told_its_own_version_of_a_slot_where_it_counts_them(place, monkeypatch):
    told = []
    monkeypatch.setattr(obstore, "put", lambda *_, mode, **__: told.append(mode))

    ObjectSlots(place).write("epoch.a", b"new", over=Held(b"old", "tag", "17"))
    ObjectSlots(place).write("epoch.a", b"new", over=Held(b"old", "tag"))

    assert told == [{"e_tag": "tag", "version": "17"}, {"e_tag": "tag"}]
