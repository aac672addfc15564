from __future__ import annotations

import pytest

from beside.photos.models import Photo
from beside.photos.vault import keyring
from tests.cast import make_photo


@pytest.fixture
def ring(db, settings, tmp_path) -> keyring.Keyring:
    settings.BESIDE = settings.BESIDE.model_copy(update={"data": tmp_path})
    return keyring.open_keyring()


@pytest.fixture
def sealed(ring):
    """Builds photographs whose two keys are real."""

    def build(uploader, **fields) -> Photo:
        photo = make_photo(uploader, **fields)
        photo.holds.all().delete()
        keyring.keys_for_new(photo, holder=uploader)
        return photo

    return build
