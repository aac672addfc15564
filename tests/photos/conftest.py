from __future__ import annotations

import io

import pytest

from beside.photos import uploads
from beside.photos.models import Photo


@pytest.fixture
def receive(cast, data):
    """Take a whole file in for Rose, in pieces of `size` bytes."""

    def do(content: bytes, *, at, size: int = 1 << 20, **expected) -> Photo:
        upload = uploads.begin(cast.rose, len(content), at=at, **expected)
        for start in range(0, len(content), size):
            piece = io.BytesIO(content[start : start + size])
            uploads.receive(upload, piece.read, offset=start, at=at)
        return Photo.objects.get(pk=upload.pk)

    return do
