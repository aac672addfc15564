from __future__ import annotations

import struct

import pytest

from beside.photos.darkroom.cicp import Coding
from tests.data import heif, make

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


P3_PQ = (b"colr", heif.nclx(12, 16))
KINDS = {"avif": make.avif, "heic": make.heic}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("padding", [0, 70_000])
def test_a_colour_box_of_another_item_changes_nothing(developed, seen, near, kind, padding):
    photograph = heif.rearranged(KINDS[kind](), foreign=P3_PQ, padding=padding)

    made = developed(photograph).renditions
    assert all(near(seen(each).getpixel((40, 40)), make.RED) for each in made)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("padding", [0, 70_000])
def test_the_pictures_own_colour_box_counts_wherever_it_stands(
    developed, seen, near, kind, padding
):
    photograph = heif.rearranged(
        KINDS[kind](),
        foreign=(b"colr", heif.nclx(1, 13)),
        colour=heif.nclx(12, 13),
        padding=padding,
    )

    made = developed(photograph).renditions
    # (40, 160, 60) of Display P3.
    assert all(near(seen(each).getpixel((280, 40)), (0, 162, 48)) for each in made)


@pytest.mark.parametrize(("brand", "kind"), [(b"avif", "avif"), (b"heic", "heic")])
def test_a_general_brand_is_told_by_the_main_item(developed, brand, kind):
    photograph = heif.rearranged(
        KINDS[kind](), foreign=P3_PQ, brands=b"mif1\0\0\0\0mif1miaf", padding=70_000
    )

    assert developed(photograph).kind == kind


CICP_P3, CICP_2020, CICP_SRGB = b"\x0c\x0d\0\1", b"\x09\x0d\0\1", b"\1\x0d\0\1"
SRGB_XY = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
P3_XY = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)


@pytest.mark.parametrize(
    ("chunks", "wanted"),
    [
        ([(b"cICP", CICP_SRGB)], (200, 40, 40)),
        ([(b"cICP", CICP_P3)], (219, 0, 27)),
        ([(b"gAMA", struct.pack(">I", 45455)), (b"cICP", CICP_P3)], (219, 0, 27)),
        ([(b"sRGB", b"\0"), (b"cICP", CICP_P3)], (219, 0, 27)),
        ([(b"cICP", b"\xfa\x0d\0\1")], (200, 40, 40)),
        ([(b"cICP", b"\x0c\x0d\x06\1")], (200, 40, 40)),
        ([(b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 100_000))], (200, 40, 40)),
        ([(b"gAMA", struct.pack(">I", 45455)), (b"cHRM", SRGB_XY)], (200, 40, 40)),
        ([(b"gAMA", struct.pack(">I", 45455)), (b"cHRM", P3_XY)], (219, 0, 18)),
        ([(b"gAMA", struct.pack(">I", 100_000))], (229, 110, 110)),
        ([(b"gAMA", struct.pack(">I", 45455)), (b"cHRM", bytes(32))], (200, 40, 40)),
    ],
)
def test_a_png_means_what_its_strongest_chunk_says(developed, seen, near, chunks, wanted):
    made = developed(make.png_with(*chunks)).renditions

    assert all(near(_middle(seen(each)), wanted, within=6) for each in made)


def test_cicp_wins_over_a_profile(developed, seen, near):
    with_profile = make.display_p3("PNG")
    photograph = with_profile[:33] + make.chunk(b"cICP", CICP_SRGB) + with_profile[33:]

    made = developed(photograph).renditions
    assert all(near(_middle(seen(each)), (51, 204, 77), within=6) for each in made)


@pytest.mark.parametrize(("transfer", "white"), [(16, 148), (18, 191)])
def test_diffuse_white_of_hdr_is_bright_and_not_blown_out(developed, seen, near, transfer, white):
    """203 cd/m² is coded as 58 % in PQ and 75 % in HLG."""
    photograph = make.png_with((b"cICP", bytes((9, transfer, 0, 1))), pixel=(white,) * 3)

    made = developed(photograph).renditions
    shown = [_middle(seen(each)) for each in made]
    assert all(near(one, (one[0],) * 3, within=4) and 215 < one[0] < 250 for one in shown)


def test_a_damaged_cicp_chunk_says_nothing(developed, seen, near):
    photograph = bytearray(make.png_with((b"cICP", CICP_P3)))
    photograph[photograph.index(b"cICP") + 4] = 9

    made = developed(bytes(photograph)).renditions
    assert all(near(_middle(seen(each)), (200, 40, 40), within=6) for each in made)


def test_white_stays_white_whatever_the_primaries():
    for primaries in (1, 2, 4, 5, 6, 7, 9, 11, 12, 22):
        matrix = Coding.of(primaries, 13).to_srgb()
        assert [round(sum(row), 3) for row in matrix] == [1.0, 1.0, 1.0]
