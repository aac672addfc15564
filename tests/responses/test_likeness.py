from __future__ import annotations

import pytest

from beside.responses.likeness import NEARLY, fingerprint, likeness, nearness

LONG = (
    "I read it twice. I think it is brave, but have you thought about your daughter? One day she will"
    " find these. Some things are better kept in the family."
)


def test_case_accents_spacing_and_signs_make_no_difference():
    assert likeness("You should be ashamed.") == likeness("  you SHOULD\n be… áshamed!!")
    assert likeness("You should be ashamed.") != likeness("You should not be ashamed.")


def test_nearly_the_same_is_near_and_another_text_is_not():
    edited = LONG.replace("brave", "very brave").replace("family", "house")
    other = "Ours is the second drawer down. I had not known that anyone else had one, thank you."

    assert nearness(fingerprint(LONG), fingerprint(LONG)) == 1
    assert nearness(fingerprint(LONG), fingerprint(edited)) > NEARLY
    assert nearness(fingerprint(LONG), fingerprint(other)) < 0.2


@pytest.mark.parametrize("words", ["", "…", "no", "two words"])
def test_short_texts_have_a_fingerprint_too(words):
    assert nearness(fingerprint(words), fingerprint(words)) == 1


def test_no_word_can_be_read_from_either():
    assert b"daughter" not in likeness(LONG)
    assert "daughter" not in "".join(fingerprint(LONG))
