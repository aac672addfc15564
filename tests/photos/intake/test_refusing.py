from __future__ import annotations

import pytest

from beside.photos.darkroom import verdicts
from beside.photos.darkroom.verdicts import refusal_for
from beside.photos.intake import KEPT, Notice, Refusal, sentence
from tests.data import make


@pytest.mark.parametrize("name", make.not_photographs())
def test_what_is_not_a_photograph_reaches_no_decoder(refusal, name):
    assert refusal(make.not_photographs()[name]) is Refusal.FORMAT


@pytest.mark.parametrize("name", make.films())
def test_a_film_is_told_apart(refusal, name):
    assert refusal(make.films()[name]) is Refusal.FILM


def test_an_empty_file_is_told_apart(refusal):
    assert refusal(b"") is Refusal.EMPTY


@pytest.mark.parametrize(
    "bomb", [make.png_bomb(), make.jpeg_bomb(), make.webp_bomb()], ids=["png", "jpeg", "webp"]
)
def test_too_many_pixels_are_refused_before_any_is_decoded(refusal, bomb):
    assert refusal(bomb) is Refusal.PIXELS


def test_the_limit_on_pixels_is_the_hosts(refusal):
    assert refusal(make.jpeg(), max_pixels=1000) is Refusal.PIXELS


def test_the_limit_on_bytes_is_the_hosts(refusal):
    assert refusal(make.noisy_jpeg(), max_bytes=1000) is Refusal.BYTES


def test_a_text_of_32_megabytes_in_a_small_file_does_no_harm(developed):
    assert developed(make.text_bomb()).notice is None


def test_what_needs_more_memory_than_it_may_have_is_too_hard(refusal):
    assert refusal(make.noisy_png(), memory_bytes=64 * 1024 * 1024) is Refusal.TOO_HARD


@pytest.mark.parametrize("name", make.polyglots())
def test_a_photograph_that_is_something_else_as_well_is_only_a_photograph(developed, name):
    photograph = developed(make.polyglots()[name])

    told = b"".join(made.data for made in photograph.renditions)
    assert photograph.notice is None
    assert not [
        words for words in (b"<html", b"PK\x03\x04", b"%PDF", b"<svg", b"<?php") if words in told
    ]


@pytest.mark.thorough
def test_the_name_says_nothing(developed):
    assert developed(make.everything()["jpeg-named.heic"]).kind == "jpeg"


@pytest.mark.parametrize("why", [*Refusal, *Notice])
def test_every_reason_has_a_sentence(why):
    told = sentence(why)

    assert told.endswith(".")
    assert not [word for word in ("invalid", "error", "failed", "!") if word in told.lower()]


@pytest.mark.parametrize("why", Refusal)
def test_every_refusal_says_where_the_photograph_still_is(why):
    assert ("kept here" if why in KEPT else "still on your phone") in sentence(why)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("heifload_buffer does not support optional argument shrink", Refusal.NOT_YET),
        ("unable to call jpegload_buffer\n  image: bad dimensions\n", Refusal.NOT_YET),
        (
            "unable to copy to memory\n  VipsJpeg: Unsupported JPEG data precision 12\n",
            Refusal.NOT_YET,
        ),
        (
            "unable to call heifload_buffer\n  heif: Unsupported feature: no decoder",
            Refusal.NOT_YET,
        ),
        (
            "unable to copy to memory\n  vips_tracked: out of memory --- size == 96MB",
            Refusal.TOO_HARD,
        ),
        ("unable to copy to memory\n  VipsJpeg: Insufficient memory (case 4)\n", Refusal.TOO_HARD),
        ("unable to copy to memory\n  vipspng: libpng read error\n", Refusal.DAMAGED),
        ("unable to call webpload_buffer\n  webp: unable to parse image\n", Refusal.DAMAGED),
        ("Invalid input: Unexpected end of file: Extent in iloc box", Refusal.DAMAGED),
    ],
)
def test_a_refusal_names_no_cause_that_was_not_found(said, why):
    assert refusal_for(ValueError(said)).refusal is why


def test_a_mistake_of_ours_is_told_to_the_host_in_letters_that_do_no_harm():
    mistake = refusal_for(KeyError("\x1b[31m<script> \n2026 ERROR forged"))

    assert mistake.fault.startswith("KeyError at ")
    assert not set("\x1b\n<>[") & set(mistake.fault)


def test_a_twelve_bit_jpeg_is_not_called_damaged(refusal):
    assert refusal(make.twelve_bits()) is Refusal.NOT_YET


@pytest.mark.parametrize("start", [make.noisy_png()[:20], make.noisy_png()[:36]])
def test_a_png_that_ends_in_its_header_is_damaged(refusal, start):
    assert refusal(start) is Refusal.DAMAGED


def test_a_complaint_of_many_lines_is_read_once():
    # What matched from the first blank line on would be tried again from each of them.
    found = verdicts._BY_A_DECODER.search("\n" * 100 + "  VipsJpeg: premature end")

    assert found.start() == 100
