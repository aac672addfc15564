from __future__ import annotations

import pytest

from tests.data import make

# (51, 204, 77) of Display P3, through its profile to sRGB, where red is below what can be shown.
P3_GREEN_IN_SRGB = (0, 207, 60)


def _middle(image):
    return image.getpixel((image.width // 2, image.height // 2))


@pytest.mark.parametrize(
    "photograph",
    [
        make.display_p3("JPEG"),
        make.display_p3("PNG"),
        make.display_p3("WEBP"),
        make.display_p3_heic(),
    ],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_a_wide_gamut_looks_right_without_its_profile(developed, seen, near, photograph):
    made = developed(photograph).renditions

    assert all(near(_middle(seen(each)), P3_GREEN_IN_SRGB, within=16) for each in made)


def test_inks_become_light(developed, seen):
    made = developed(make.cmyk()).renditions

    red, green, blue = _middle(seen(made[0]))
    assert red > 200
    assert green < 60
    assert blue < 60


def test_sixteen_bits_become_eight(developed, seen, near):
    made = developed(make.sixteen_bits()).renditions

    assert all(near(_middle(seen(each)), (200, 100, 50)) for each in made)


def test_grey_stays_grey(developed, seen, near):
    made = developed(make.grey()).renditions

    assert all(near(_middle(seen(each)), (128, 128, 128)) for each in made)


def test_what_was_transparent_lies_on_white(developed, seen, near):
    made = developed(make.see_through()).renditions

    assert all(near(_middle(seen(each)), (255, 255, 255), within=4) for each in made)
