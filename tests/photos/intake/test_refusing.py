from __future__ import annotations

import pytest

from beside.photos.intake import Notice, Refusal, sentence
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


def test_the_name_says_nothing(developed):
    assert developed(make.everything()["jpeg-named.heic"]).kind == "jpeg"


@pytest.mark.parametrize("why", [*Refusal, *Notice])
def test_every_reason_has_a_sentence(why):
    told = sentence(why)

    assert told.endswith(".")
    assert not [word for word in ("invalid", "error", "failed", "!") if word in told.lower()]


@pytest.mark.parametrize("why", Refusal)
def test_every_refusal_says_where_the_photograph_still_is(why):
    assert "still on your phone" in sentence(why)
