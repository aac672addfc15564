from __future__ import annotations

import os
import shutil
from pathlib import Path
from unittest import mock

import pytest

from beside.photos.vault.slots import FolderSlots, Held, SlotChanged

SIXTEEN = 16


@pytest.fixture
def synced(monkeypatch) -> list[Path]:
    """What was fsynced, in order."""
    told: list[Path] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        told.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", mock.Mock(side_effect=fsync))
    return told


def test_a_slot_that_is_written_again_costs_one_fsync(tmp_path, synced):
    slots = FolderSlots(tmp_path / "keyring")
    slots.write("epoch.a", b"first", over=None)
    first = list(synced)
    synced.clear()

    slots.write("epoch.a", b"second", over=slots.read("epoch.a"))

    assert first == [tmp_path, tmp_path / "keyring" / "epoch.a", tmp_path / "keyring"]
    assert synced == [tmp_path / "keyring" / "epoch.a"]


def test_another_folder_in_its_place_is_made_durable_too(tmp_path, synced):
    slots = FolderSlots(tmp_path / "keyring")
    slots.write("epoch.a", b"first", over=None)
    (tmp_path / "keyring").rename(tmp_path / "put aside")
    shutil.copytree(tmp_path / "put aside", tmp_path / "keyring")
    synced.clear()

    slots.write("epoch.a", b"second", over=slots.read("epoch.a"))

    assert synced == [tmp_path, tmp_path / "keyring" / "epoch.a"]


def test_a_slot_that_was_written_again_meanwhile_is_not_removed(tmp_path):
    slots = FolderSlots(tmp_path / "keyring")
    slots.write("epoch.further-7", b"before", over=None)
    read = slots.read("epoch.further-7")
    slots.write("epoch.further-7", b"another's", over=read)

    slots.remove("epoch.further-7", held=read)
    assert slots.read("epoch.further-7") == Held(b"another's")

    slots.remove("epoch.further-7", held=slots.read("epoch.further-7"))
    assert slots.read("epoch.further-7") is None


def test_whoever_has_lost_its_turn_writes_over_nothing(tmp_path):
    """A node decides on a slot, is held up, and its write arrives after another node's whole turn."""
    late, another = FolderSlots(tmp_path / "keyring"), FolderSlots(tmp_path / "keyring")
    another.write("epoch.a", b"generation 5", over=None)
    seen = late.read("epoch.a")
    another.write("epoch.a", b"generation 6", over=seen)

    for over in (seen, None):
        with pytest.raises(SlotChanged):
            late.write("epoch.a", b"what was decided before", over=over)

    assert another.read("epoch.a") == Held(b"generation 6")


def test_whoever_comes_late_does_not_make_again_what_was_removed(tmp_path):
    slots = FolderSlots(tmp_path / "keyring")
    slots.write("epoch.further-7", b"before", over=None)
    seen = slots.read("epoch.further-7")
    slots.remove("epoch.further-7", held=seen)

    with pytest.raises(SlotChanged):
        slots.write("epoch.further-7", b"late", over=seen)

    assert slots.names() == []


@pytest.mark.thorough
@pytest.mark.parametrize("over", [None, Held(b"before")], ids=["make", "replace"])
def test_of_processes_that_write_to_a_slot_at_once_one_does(tmp_path, over):
    """As nodes in several containers that share a volume: the lock is the kernel's, on the file."""
    folder = tmp_path / "keyring"
    if over:
        FolderSlots(folder).write("epoch.a", over.data, over=None)
    told, go = [], Pipe()
    for number in range(SIXTEEN):
        child = os.fork()
        if child == 0:
            go.wait()
            os._exit(_written(folder, bytes([number]) * 99, over))
        told.append(child)

    go.begin()
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in told]

    assert sorted(ended) == [0] + [1] * (SIXTEEN - 1)
    assert FolderSlots(folder).read("epoch.a") == Held(bytes([ended.index(0)]) * 99)


class Pipe:
    """What children wait at until all are there."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()

    def wait(self) -> None:
        os.close(self._writing)
        os.read(self._reading, 1)

    def begin(self) -> None:
        os.close(self._writing)
        os.close(self._reading)


def _written(folder: Path, data: bytes, over: Held | None) -> int:
    """0 if it was, 1 if it was refused, 2 where anything else went wrong."""
    try:
        FolderSlots(folder).write("epoch.a", data, over=over)
    except SlotChanged:
        return 1
    except BaseException:  # noqa: BLE001
        return 2
    return 0
