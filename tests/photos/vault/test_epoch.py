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
