from __future__ import annotations

import os
import shutil
from pathlib import Path
from unittest import mock

import pytest

from beside.photos.vault.slots import FolderSlots, Held


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
