from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from PIL import Image

from tests.data import make

TELLING = {
    "jpeg": make.telling_jpeg,
    "png": make.telling_png,
    "webp": make.telling_webp,
    "avif": make.telling_avif,
    "heic": make.telling_heic,
}
# Where exiftool puts what a photograph may not tell.
TELLING_GROUPS = {"IFD0", "IFD1", "ExifIFD", "GPS", "IPTC", "Photoshop", "PNG", "ICC_Profile"}


@pytest.mark.parametrize("kind", TELLING)
def test_the_photograph_tells_before_it_is_developed(kind):
    assert TELLING[kind]().count(make.CANARY) >= 4


@pytest.mark.parametrize("kind", TELLING)
def test_no_word_of_it_is_in_any_rendition(developed, kind):
    made = developed(TELLING[kind]()).renditions

    assert not [each.name for each in made if make.CANARY in each.data]


@pytest.mark.parametrize("kind", TELLING)
def test_no_metadata_of_any_kind_is_left(developed, kind):
    made = developed(TELLING[kind]()).renditions

    for each in made:
        image = Image.open(io.BytesIO(each.data))
        assert not image.getexif()
        assert not {"icc_profile", "exif", "xmp", "comment", "photoshop"} & set(image.info)


def test_a_jpeg_rendition_is_one_picture_and_ends_with_it(developed):
    rendition = developed(make.telling_jpeg()).renditions[-1].data

    assert rendition.count(b"\xff\xd8\xff") == 1
    assert rendition.endswith(b"\xff\xd9")
    assert not [n for n in range(0xE1, 0xF0) if bytes([0xFF, n]) in rendition[:200]]


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
@pytest.mark.parametrize("kind", TELLING)
def test_another_reader_finds_nothing_either(developed, tmp_path, kind):
    for each in developed(TELLING[kind]()).renditions:
        (tmp_path / each.name).write_bytes(each.data)

    told = subprocess.run(
        ["exiftool", "-a", "-u", "-G1", "-s", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    groups = {line.split("]")[0].strip("[ ") for line in told.splitlines() if line.startswith("[")}
    assert "XMP" not in told
    assert not groups & TELLING_GROUPS
