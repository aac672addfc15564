from __future__ import annotations

import io
from contextlib import closing

import pytest
from django.conf import settings
from PIL import Image

from beside.photos import receiving
from beside.photos.models import Photo
from beside.photos.originals import pieces_of
from beside.photos.vault.keyring import open_keyring


@pytest.fixture
def data(tmp_path, monkeypatch, db):
    """A data folder of this test's own, with its keyring."""
    folder = tmp_path / "data"
    monkeypatch.setattr(settings, "BESIDE", settings.BESIDE.model_copy(update={"data": folder}))
    open_keyring()
    return folder


@pytest.fixture
def whole():
    """An original as its holder gets it back."""

    def read(photo: Photo) -> bytes:
        with closing(pieces_of(Photo.objects.get(pk=photo.pk))) as pieces:
            return b"".join(pieces)

    return read


@pytest.fixture
def jpeg():
    """A small real photograph."""

    def make(colour: str = "teal", size: tuple[int, int] = (160, 120)) -> bytes:
        file = io.BytesIO()
        Image.new("RGB", size, colour).save(file, "JPEG")
        return file.getvalue()

    return make


@pytest.fixture
def receive(cast, data):
    """Take a whole file in for Rose, in pieces of `size` bytes."""

    def do(content: bytes, *, at, size: int = 1 << 20, **expected) -> Photo:
        upload = receiving.begin(cast.rose, len(content), at=at, **expected)
        for start in range(0, len(content), size):
            piece = io.BytesIO(content[start : start + size])
            receiving.receive(upload, piece.read, offset=start, at=at)
        return Photo.objects.get(pk=upload.pk)

    return do
