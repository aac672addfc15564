from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beside.photos.darkroom import printing
from beside.photos.intake import Notice, Refusal
from tests.data import make


@pytest.mark.parametrize("whole", [make.noisy_jpeg(), make.noisy_png()], ids=["jpeg", "png"])
def test_a_photograph_cut_short_is_kept_and_its_author_told(developed, seen, whole):
    photograph = developed(make.cut(whole, 0.6))

    largest = seen(photograph.renditions[0])
    assert photograph.notice is Notice.DAMAGED
    assert len(set(largest.crop((0, 0, 40, 40)).convert("L").tobytes())) > 100


@pytest.mark.parametrize("marker", [0xDB, 0xC4, 0xC0, 0xDA, 0xD9])
def test_padding_that_costs_no_pixel_is_no_damage(developed, marker):
    assert developed(make.padded_jpeg(make.noisy_jpeg(), marker)).notice is None


def test_a_missing_end_marker_is_no_damage(developed):
    whole = make.noisy_jpeg()

    assert whole.endswith(b"\xff\xd9")
    assert developed(whole[:-2]).notice is None


@pytest.mark.parametrize("marker", [0xDB, 0xC4, 0xDA])
def test_padding_does_not_hide_that_rows_are_missing(developed, marker):
    padded = make.padded_jpeg(make.noisy_jpeg(), marker)

    assert developed(make.cut(padded, 0.6)).notice is Notice.DAMAGED


def test_a_progressive_jpeg_cut_between_two_scans_is_damaged(developed):
    whole = make.progressive_jpeg()
    last_scan = whole.rindex(b"\xff\xda")
    before_its_tables = whole.rindex(b"\xff\xc4", 0, last_scan)

    assert developed(whole[:before_its_tables]).notice is Notice.DAMAGED
    assert developed(whole[: last_scan + 200]).notice is Notice.DAMAGED
    assert developed(whole[:-2]).notice is None


def test_a_damaged_word_in_a_png_is_no_damaged_pixel(developed):
    photograph = bytearray(make.telling_png())
    photograph[photograph.index(b"tEXt") + 12] ^= 1

    assert developed(bytes(photograph)).notice is None


@pytest.mark.parametrize("size", [(9000, 2), (2, 9000), (9000, 1), (16000, 3), (5000, 7)])
def test_a_thin_picture_is_whole(developed, size):
    photograph = developed(make.jpeg(*size))

    assert photograph.notice is None
    assert (photograph.width, photograph.height) == size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_a_wide_picture_of_any_kind_is_developed(developed, kind):
    photograph = developed(make.wide(kind))

    assert (photograph.width, photograph.height, photograph.notice) == (5000, 40, None)
    assert photograph.renditions[3].width == 5000


def test_a_heic_of_which_nothing_decodes_is_refused(refusal):
    assert refusal(make.cut(make.telling_heic(), 0.6)) is Refusal.DAMAGED


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_what_moves_the_first_still_is_kept(developed, seen, near, kind):
    photograph = developed(make.animated(kind))

    assert photograph.notice is Notice.MOVING
    assert near(seen(photograph.renditions[0]).getpixel((32, 32)), make.RED)


def test_of_a_motion_photograph_the_picture_is_kept(developed):
    photograph = developed(make.motion_jpeg())

    assert photograph.notice is Notice.MOVING
    assert not [each for each in photograph.renditions if make.CANARY in each.data]


def test_of_several_pictures_the_main_one_is_kept(developed):
    photograph = developed(make.several_heic())

    assert photograph.notice is Notice.SEVERAL
    assert (photograph.width, photograph.height) == (320, 240)


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((120, 90), {"w480": 120, "jpeg": 120}),
        ((480, 320), {"w480": 480, "jpeg": 480}),
        ((700, 500), {"w480": 480, "w1080": 700, "jpeg": 700}),
        ((2500, 400), {"w480": 480, "w1080": 1080, "w2048": 2048, "jpeg": 1600}),
    ],
)
def test_no_rendition_is_larger_than_the_photograph(developed, seen, size, widths):
    made = developed(make.jpeg(*size)).renditions

    assert {each.name: each.width for each in made} == widths
    assert [seen(each).size for each in made] == [(each.width, each.height) for each in made]


@pytest.mark.parametrize(
    ("size", "large"),
    [
        ((16000, 3000), (8192, 1536)),
        ((16384, 2000), (10152, 1239)),
        ((30000, 600), (16384, 328)),
        ((4032, 3024), (4032, 3024)),
        ((3024, 4032), (3024, 4032)),
        ((8064, 6048), (4096, 3072)),
        ((2560, 1440), (2560, 1440)),
        ((2500, 1440), None),
    ],
)
def test_a_large_rendition_is_bound_by_its_area(size, large):
    assert printing.sizes(*size).get("large") == large


@given(st.integers(1, 200_000), st.integers(1, 200_000))
def test_no_rendition_is_larger_than_area_side_and_photograph_allow(width, height):
    for across, down in printing.sizes(width, height).values():
        assert 1 <= across <= min(width, 16384)
        assert 1 <= down <= min(height, 16384)
        assert (across - 1) * (down - 1) <= printing.MAX_AREA


@pytest.mark.thorough
def test_a_jpeg_of_more_pixels_than_may_be_decoded_is_decoded_smaller(developed):
    photograph = developed(make.jpeg(6400, 4800), max_pixels=8_000_000)

    assert (photograph.width, photograph.height) == (6400, 4800)


@pytest.mark.parametrize("size", [(40, 9000), (9000, 40), (1, 1), (1, 700)])
def test_no_rendition_is_cropped(developed, size):
    made = developed(make.jpeg(*size)).renditions

    for each in made:
        assert each.height == max(1, round(size[1] * each.width / size[0]))


def test_the_kinds_of_files_that_readers_are_sent(developed):
    made = developed(make.jpeg()).renditions

    assert {each.name: each.media_type for each in made} == {
        "w480": "image/avif",
        "jpeg": "image/jpeg",
    }
