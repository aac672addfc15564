from __future__ import annotations

import io
import math
import re
from collections import Counter

from PIL import Image

from beside.photos import developing
from beside.photos.models import Photo
from tests import objects
from tests.cast import NOW
from tests.object_store.conftest import whole_upload

NAME = re.compile(r"[0-9a-f]{32}/(blobs/[0-9a-f]{32}|epoch\.[ab])")
# Long enough that noise hardly ever has one of them.
MARKS = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF",
    b"Exif\x00\x00II*\x00",
    b"Exif\x00\x00MM\x00*",
    b"ftypavif",
    b"a camera of the tests",
    b"2026:11:30",
)
# Of eight; so much has what can't be told from noise, in files of this length.
ENOUGH_BITS = 7.5


def photograph() -> bytes:
    """With a time, a place and a camera in it."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "a camera of the tests"
    exif[0x0132] = "2026:11:30 06:12:00"
    Image.effect_noise((900, 700), 60).convert("RGB").save(file, "JPEG", exif=exif)
    return file.getvalue()


def bits(data: bytes) -> float:
    """Of each byte, as Shannon counts them."""
    return -sum(n / len(data) * math.log2(n / len(data)) for n in Counter(data).values())


def test_a_foreign_client_finds_nothing_but_noise_under_random_names(cast, data, client, settings):
    content = photograph()
    photo = whole_upload(cast.rose, content, at=NOW)
    while developing.develop_next(NOW):
        pass
    photo = Photo.objects.get(pk=photo.pk)
    assert photo.state == Photo.State.READY

    places = (settings.BESIDE.store, settings.BESIDE.keyring)
    prefixes = [place.rpartition("/")[2] for place in places]
    found = {
        **dict(objects.everything_in(client, objects.PHOTOGRAPHS, prefixes[0])),
        **dict(objects.everything_in(client, objects.KEYRING, prefixes[1])),
    }

    assert len(found) > 2 + photo.renditions.count()
    for name, held in found.items():
        assert NAME.fullmatch(name)
        assert not [told for told in MARKS if told in held]
        for who in (photo.pk, cast.rose.pk):
            assert who.bytes not in held
            assert who.hex.encode() not in held
            assert who.hex not in name
        assert not any(content[at : at + 16] in held for at in range(0, len(content), 997))
        if len(held) > 20_000:
            assert bits(held) > ENOUGH_BITS
