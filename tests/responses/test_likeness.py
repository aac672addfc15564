from __future__ import annotations

import unicodedata

import pytest

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


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u0323\u0301", "\u0f73", "\u0344"])
def test_accents_in_any_order_make_no_difference(marks):
    assert likeness(f"be a{marks * 3}shamed") == likeness("Be ashamed!")


def test_unicode_is_never_asked_to_sort_a_run_of_accents(monkeypatch):
    asked = []
    normalize = unicodedata.normalize
    monkeypatch.setattr(
        unicodedata, "normalize", lambda form, text: asked.append(text) or normalize(form, text)
    )

    likeness("a" + "\u0301\u0323" * 50)

    assert max(len(text) for text in asked) == 1
