from __future__ import annotations

import os
import shutil
from uuid import uuid4

import pytest

from beside.photos.vault import durable
from beside.photos.vault.epoch import SLOT_BYTES, EpochFile, NoSuchEpoch, OtherRoot
from beside.photos.vault.root import Root
from beside.photos.vault.slots import FolderSlots
from tests.photos.vault.interruption import Killed, every_way_to_die

ROOT = Root(os.urandom(32))
INSTANCE = uuid4()
KEYS = [os.urandom(32) for _ in range(9)]


def epoch_file(folder, root=ROOT, instance=INSTANCE):
    return EpochFile(FolderSlots(folder), root, instance)


@pytest.fixture
def settled(tmp_path):
    """A folder whose two slots hold generation 5."""
    folder = tmp_path / "keyring"
    for generation in range(1, 6):
        epoch_file(folder).write_next(generation, KEYS[generation])
        epoch_file(folder).settle(generation)
    return folder


def test_an_epoch_that_was_written_and_settled_is_read(settled):
    assert epoch_file(settled).read(5) == KEYS[5]


def test_settling_leaves_nothing_of_the_generation_before(settled):
    old = {path.read_bytes() for path in settled.iterdir()}

    epoch_file(settled).write_next(6, KEYS[6])
    epoch_file(settled).settle(6)

    with pytest.raises(NoSuchEpoch):
        epoch_file(settled).read(5)
    assert not old & {path.read_bytes() for path in settled.iterdir()}
    assert sorted(path.name for path in settled.iterdir()) == ["epoch.a", "epoch.b"]


def test_until_it_is_settled_both_generations_open(settled):
    epoch_file(settled).write_next(6, KEYS[6])

    assert epoch_file(settled).read(5) == KEYS[5]
    assert epoch_file(settled).read(6) == KEYS[6]


def test_a_generation_that_was_never_committed_is_written_over(settled):
    epoch_file(settled).write_next(6, KEYS[0])

    epoch_file(settled).write_next(6, KEYS[6])
    epoch_file(settled).settle(6)

    assert epoch_file(settled).read(6) == KEYS[6]


def test_settling_again_changes_nothing(settled):
    before = [path.read_bytes() for path in sorted(settled.iterdir())]

    epoch_file(settled).settle(5)

    assert [path.read_bytes() for path in sorted(settled.iterdir())] == before


def test_settling_what_is_nowhere_is_refused_and_touches_nothing(settled):
    before = [path.read_bytes() for path in sorted(settled.iterdir())]

    for generation in (4, 6):
        with pytest.raises(NoSuchEpoch):
            epoch_file(settled).settle(generation)
    with pytest.raises(NoSuchEpoch):
        epoch_file(settled).write_next(8, KEYS[8])

    assert [path.read_bytes() for path in sorted(settled.iterdir())] == before


@pytest.mark.parametrize("lost", ["epoch.a", "epoch.b"])
def test_one_lost_slot_loses_nothing(settled, lost):
    (settled / lost).unlink()

    assert epoch_file(settled).read(5) == KEYS[5]
    epoch_file(settled).settle(5)
    assert (settled / lost).stat().st_size == SLOT_BYTES


class Deletes:
    """A folder that stands in for a bucket which keeps the deletions it was asked for, and carries them out `late`."""

    def __init__(self, folder):
        self._slots = FolderSlots(folder)
        self.asked: list[str] = []

    def __getattr__(self, name):
        return getattr(self._slots, name)

    def remove(self, name, *, held):
        assert self._slots.read(name) == held
        self.asked.append(name)

    def late(self):
        for name in self.asked:
            if held := self._slots.read(name):
                self._slots.remove(name, held=held)


def generations(folder) -> set[int]:
    slots = epoch_file(folder)._slots()
    return {slot.generation for slot in slots if slot.generation}


@pytest.fixture
def rolled_back(settled):
    """The same, after a transaction that destroyed three times and was rolled back."""
    for generation in (6, 7, 8):
        epoch_file(settled).write_next(generation, KEYS[generation])
    return settled


@pytest.mark.parametrize("settled_first", [True, False])
def test_a_deletion_that_comes_late_takes_no_generation_that_may_be_committed(
    rolled_back, settled_first
):
    bucket = Deletes(rolled_back)
    node = EpochFile(bucket, ROOT, INSTANCE)
    node.settle(5)
    asked = list(bucket.asked)
    for generation in (6, 7, 8):
        node.write_next(generation, KEYS[generation - 6])
        if settled_first:
            node.settle(generation)
        bucket.late()

        assert node.read(generation) == KEYS[generation - 6]
    node.settle(8)
    bucket.late()

    assert node.read(8) == KEYS[2]
    assert node.is_settled(8)
    assert asked == []
    assert sorted(path.name for path in rolled_back.iterdir()) == ["epoch.a", "epoch.b"]


def test_a_slot_that_must_stay_holds_no_key_and_is_written_once(rolled_back):
    node = epoch_file(rolled_back)
    before = node.is_settled(5)

    node.settle(5)
    left = {path.name: path.read_bytes() for path in rolled_back.iterdir()}
    node.settle(5)

    assert (before, node.is_settled(5)) == (False, True)
    assert generations(rolled_back) == {5}
    assert set(left) == {"epoch.a", "epoch.b", "epoch.further-7", "epoch.further-8"}
    assert {path.name: path.read_bytes() for path in rolled_back.iterdir()} == left
    for generation in (6, 7, 8):
        with pytest.raises(NoSuchEpoch):
            node.read(generation)


def test_another_root_key_opens_nothing(settled):
    with pytest.raises(OtherRoot):
        epoch_file(settled, root=Root(os.urandom(32))).read(5)


def test_another_server_s_keyring_opens_nothing(settled):
    with pytest.raises(OtherRoot):
        epoch_file(settled, instance=uuid4()).read(5)


@pytest.mark.parametrize("byte", range(0, SLOT_BYTES, 97))
@pytest.mark.parametrize("slot", ["epoch.a", "epoch.b"])
def test_one_altered_slot_loses_nothing(settled, slot, byte):
    data = bytearray((settled / slot).read_bytes())
    data[byte] ^= 1
    (settled / slot).write_bytes(data)

    assert epoch_file(settled).read(5) == KEYS[5]


def test_a_write_torn_at_any_byte_leaves_the_committed_generation(settled, tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    shutil.copytree(settled, kept)
    whole = durable.write_all

    for torn_at in range(0, SLOT_BYTES, 97):

        def tear(descriptor: int, data: bytes, torn_at: int = torn_at) -> None:
            whole(descriptor, data[:torn_at])
            raise Killed

        shutil.rmtree(settled)
        shutil.copytree(kept, settled)
        monkeypatch.setattr(durable, "write_all", tear)
        with pytest.raises(Killed):
            epoch_file(settled).write_next(6, KEYS[6])
        assert epoch_file(settled).read(5) == KEYS[5]

        monkeypatch.setattr(durable, "write_all", whole)
        epoch_file(settled).write_next(6, KEYS[6])
        monkeypatch.setattr(durable, "write_all", tear)
        with pytest.raises(Killed):
            epoch_file(settled).settle(6)
        assert epoch_file(settled).read(6) == KEYS[6]
        monkeypatch.setattr(durable, "write_all", whole)
        epoch_file(settled).settle(6)
        assert epoch_file(settled).read(6) == KEYS[6]


@pytest.mark.parametrize("begun", [False, True])
def test_a_kill_at_any_step_of_a_change_leaves_what_was_committed(tmp_path, settled, begun):
    kept = tmp_path / "kept"
    shutil.copytree(settled, kept)
    committed = 5

    def afresh() -> None:
        nonlocal committed
        committed = 5
        shutil.rmtree(settled)
        shutil.copytree(kept, settled)
        if begun:
            epoch_file(settled).write_next(6, KEYS[0])

    def work() -> None:
        nonlocal committed
        epoch_file(settled).write_next(6, KEYS[6])
        committed = 6
        epoch_file(settled).settle(6)

    deaths = 0
    for _step in every_way_to_die(work, afresh=afresh):
        deaths += 1
        assert epoch_file(settled).read(committed) == KEYS[committed]
        epoch_file(settled).settle(committed)
        assert epoch_file(settled).read(committed) == KEYS[committed]
    assert deaths > 6


def test_a_kill_while_the_first_epoch_is_made_leaves_room_for_another_try(tmp_path):
    folder = tmp_path / "keyring"

    def work() -> None:
        epoch_file(folder).write_next(1, KEYS[0])

    for _step in every_way_to_die(work, afresh=lambda: shutil.rmtree(folder, ignore_errors=True)):
        epoch_file(folder).write_next(1, KEYS[1])
        epoch_file(folder).settle(1)
        assert epoch_file(folder).read(1) == KEYS[1]


def test_no_key_lies_open_in_a_slot(settled):
    slots = [path.read_bytes() for path in settled.iterdir()]

    assert not [key for key in KEYS if any(key in slot for slot in slots)]
