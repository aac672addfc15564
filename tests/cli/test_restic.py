"""The recipe of docs/hosting.md for copies elsewhere, word by word, with the programs that it names."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from beside.cli.verification.progress import Progress
from beside.cli.verify import prove
from beside.photos.models import Photo
from beside.photos.vault import exporting
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.keyring import keyring_of, open_keyring
from beside.photos.vault.sealing import BlobAltered, read_segments
from beside.posts import destroying
from beside.posts.models import Post
from tests.crash import scenario
from tests.crash.scenario import AT, rose
from tests.serving import program

pytestmark = pytest.mark.thorough

HANDBOOK = Path(__file__).parents[2] / "docs" / "hosting.md"
FIRST = "### Copies elsewhere, with restic"
LATER = AT + timedelta(days=1)


def recipe(heading: str) -> str:
    """The commands in the first block of code after `heading`."""
    text = HANDBOOK.read_text("utf-8").partition(f"{heading}\n")[2]
    found = re.search(r"```\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def follow(place, tmp_path, settings) -> Callable[[str], str]:
    """Do what the handbook says under a heading, with this machine's folders in the place of its own."""
    program("restic")
    program("rsync")
    for folder in ("other-disk", "elsewhere", "cache"):
        (tmp_path / folder).mkdir()
    (tmp_path / "password").write_text("a password", "utf-8")

    def run(heading: str) -> str:
        commands = recipe(heading)
        folders = (
            ("/mnt/other-disk", f"{tmp_path}/other-disk"),
            ("sftp:me@elsewhere:beside", f"{tmp_path}/elsewhere/repository"),
            ("me@elsewhere:", f"{tmp_path}/elsewhere/"),
            ("/etc/beside/restic", f"{tmp_path}/password"),
            ("/srv/returned", f"{tmp_path}/returned"),
        )
        for said, meant in folders:
            commands = commands.replace(said, meant)
        environ = {name: value for name, value in os.environ.items() if "BESIDE" not in name} | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "BESIDE_DATA": str(settings.BESIDE.data),
            "BESIDE_ROOT_KEY_FILE": str(settings.BESIDE.root_key_file),
            "DJANGO_SETTINGS_MODULE": "beside.config.settings",
            "RESTIC_CACHE_DIR": str(tmp_path / "cache"),
        }
        around = recipe(FIRST).splitlines()[0] if heading != FIRST else ""
        for said, meant in folders:
            around = around.replace(said, meant)
        command = ["sh", "-eu", "-c", f"{around}\n{commands}"]
        done = subprocess.run(command, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def every_key(folder: Path) -> list[bytes]:
    """Every photograph's key in a keyring that was backed up."""
    return [key for _held, key in exporting.keys_in(exporting.read_export(folder))]


def opens(store: FolderStore, photo: Photo, key: bytes) -> bool:
    ring = keyring_of(open_keyring().instance)
    identity = ring.identity(photo.pk, photo.original_blob, "original")
    try:
        with store.open(photo.original_blob) as file:
            return bool(list(read_segments(file, key, identity)))
    except BlobAltered:
        return False


def test_a_place_comes_back_from_copies_elsewhere_and_what_was_destroyed_does_not(
    follow, elsewhere, beside, tmp_path
):
    doomed, stays = originals(scenario.published()), scenario.in_drawer()
    versioned_keyring = back_up_and_destroy_and_back_up(follow, tmp_path)
    returned = FolderStore(first_of_two(tmp_path))
    shutil.rmtree(tmp_path / "other-disk")
    elsewhere()

    follow("To come back from it, on a machine that has nothing but the root key:")

    assert [fault for fault in prove(Progress(), quietly=True) if not fault.is_leftover] == []
    assert [photo.pk for photo in Photo.objects.all()] == [stays.pk]
    keys = every_key(tmp_path / "elsewhere" / "beside-keyring")
    assert any(opens(FolderStore(settings.BESIDE.data), stays, key) for key in keys)
    # The first copy has the files that were destroyed since.
    assert not any(opens(returned, photo, key) for photo in doomed for key in keys)
    # What the recipe leaves out would have brought them back.
    versioned = every_key(versioned_keyring)
    for photo in doomed:
        assert any(opens(returned, photo, key) for key in versioned)


def test_an_older_copy_comes_back_with_the_newest_keyring_and_without_what_was_destroyed(
    follow, beside, tmp_path
):
    back_up_and_destroy_and_back_up(follow, tmp_path)
    newest = str(tmp_path / "elsewhere" / "beside-keyring")

    tried = beside("restore", str(first_of_two(tmp_path)), "--keyring", newest, "--try", "--json")

    assert tried.exit_code == 0, tried.output
    assert json.loads(tried.stdout)["photographs"] == 1


def originals(post: Post) -> list[Photo]:
    return [placed.photo for placed in post.placed.select_related("photo")]


def back_up_and_destroy_and_back_up(follow: Callable[[str], str], tmp_path: Path) -> Path:
    """Two nights, and a letter that is destroyed in between. Returns the keyring of the first."""
    follow(FIRST)
    follow("Then each night:")
    versioned_keyring = tmp_path / "as-it-would-be-with-versions"
    shutil.copytree(tmp_path / "other-disk" / "beside" / "keyring", versioned_keyring)
    asked = destroying.ask_for_post(scenario.published(), by=rose(), at=LATER)
    destroying.destroy_now(asked, by=rose(), at=LATER)
    follow("Then each night:")
    assert "/keyring" not in restic(tmp_path, "ls", "latest")
    return versioned_keyring


def first_of_two(tmp_path: Path) -> Path:
    """The folder of the backup as the first copy has it."""
    first, _second = re.findall(r'"short_id":"(\w+)"', restic(tmp_path, "snapshots", "--json"))
    restic(tmp_path, "restore", first, "--target", str(tmp_path / "first"))
    return tmp_path / "first" / str(tmp_path / "other-disk" / "beside").lstrip("/")


def restic(tmp_path: Path, *words: str) -> str:
    environ = os.environ | {
        "RESTIC_REPOSITORY": str(tmp_path / "elsewhere" / "repository"),
        "RESTIC_PASSWORD_FILE": str(tmp_path / "password"),
        "RESTIC_CACHE_DIR": str(tmp_path / "cache"),
    }
    command = [program("restic"), *words]
    return subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout
