from __future__ import annotations

from pathlib import Path

import pytest

from beside.photos.vault import keyring
from tests import objects


@pytest.fixture
def place(tmp_path: Path, settings) -> Path:
    """A data folder of this test's own; the database is the test's too."""
    settings.BESIDE = settings.BESIDE.model_copy(
        update={"data": tmp_path / "data", **objects.a_place_of_its_own()}
    )
    return tmp_path / "data"


@pytest.fixture
def ring(place: Path, transactional_db) -> keyring.Keyring:
    """A keyring of its own in a database that commits, as on a server."""
    return keyring.open_keyring()
