from __future__ import annotations

import pytest

from beside.photos.intake import Notice, Refusal
from tests.data import make


@pytest.mark.parametrize("whole", [make.noisy_jpeg(), make.noisy_png()], ids=["jpeg", "png"])
def test_a_photograph_cut_short_is_kept_and_its_author_told(developed, seen, whole):
    photograph = developed(make.cut(whole, 0.6))

    largest = seen(photograph.renditions[0])
    assert photograph.notice is Notice.DAMAGED
    assert len(set(largest.crop((0, 0, 40, 40)).convert("L").tobytes())) > 100


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
