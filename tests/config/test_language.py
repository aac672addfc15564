from __future__ import annotations

import pytest

from beside.config.env import load
from beside.people.languages import NAMES


@pytest.mark.parametrize("code", NAMES)
def test_a_place_has_the_language_that_its_host_sets(code):
    assert load({"BESIDE_LANGUAGE": code}).language == code


def test_it_is_english_without_one():
    assert load({}).language == "en-gb"


@pytest.mark.parametrize("code", ["", "en", "German", "de-AT", "en-xa"])
def test_a_language_that_beside_does_not_speak_stops_the_start_with_a_sentence(code):
    with pytest.raises(ValueError, match="Beside doesn't speak"):
        load({"BESIDE_LANGUAGE": code})
