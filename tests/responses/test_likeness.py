from __future__ import annotations

from beside.responses.likeness import likeness

LONG = (
    "I read it twice. I think it is brave, but have you thought about your daughter? One day she will"
    " find these. Some things are better kept in the family."
)


def test_case_accents_spacing_and_signs_make_no_difference():
    assert likeness("You should be ashamed.") == likeness("  you SHOULD\n be… áshamed!!")
    assert likeness("You should be ashamed.") != likeness("You should not be ashamed.")


def test_no_word_can_be_read_from_it():
    assert b"daughter" not in likeness(LONG)
