from __future__ import annotations

import pytest

from beside.photos.darkroom import exif
from tests.data import heif, make


def _quarters(image):
    across, down = image.width // 4, image.height // 4
    return [image.getpixel((x, y)) for y in (down, 3 * down) for x in (across, 3 * across)]


def _is_upright(image, near):
    wanted = (make.RED, make.GREEN, make.BLUE, make.YELLOW)
    return all(near(a, b) for a, b in zip(_quarters(image), wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_the_same_way_up(developed, seen, near, kind, orientation):
    photograph = developed(make.turned(orientation, kind))

    assert (photograph.width, photograph.height) == (320, 240)
    assert all(_is_upright(seen(made), near) for made in photograph.renditions)


@pytest.mark.parametrize("orientation", [0, 9])
def test_an_orientation_that_does_not_exist_turns_nothing(developed, seen, near, orientation):
    photograph = developed(make.turned(orientation))

    assert all(_is_upright(seen(made), near) for made in photograph.renditions)


def test_a_heic_that_says_it_in_exif_alone_is_turned_once(developed, seen, near):
    photograph = developed(make.turned_by_exif_alone())

    assert (photograph.width, photograph.height) == (320, 240)
    assert all(_is_upright(seen(made), near) for made in photograph.renditions)


def test_a_turn_that_belongs_to_another_item_does_not_hide_exifs(developed, seen, near):
    photograph = developed(
        heif.rearranged(make.turned_by_exif_alone(), foreign=(b"irot", b"\1"), padding=70_000)
    )

    assert all(_is_upright(seen(made), near) for made in photograph.renditions)


def test_a_heic_that_says_it_twice_behind_its_pixels_is_turned_once(developed, seen, near):
    photograph = developed(heif.rearranged(make.turned_heic(), padding=70_000))

    assert all(_is_upright(seen(made), near) for made in photograph.renditions)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0II*\0",
        b"MM\0*\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff\xff",
    ],
)
def test_a_broken_exif_block_turns_nothing(block):
    assert exif.orientation(block) == 1


def test_a_heic_that_says_it_twice_is_turned_once(developed, seen, near):
    photograph = developed(make.turned_heic())

    assert (photograph.kind, photograph.width, photograph.height) == ("heic", 320, 240)
    assert all(_is_upright(seen(made), near) for made in photograph.renditions)
