from __future__ import annotations

import unicodedata

import pytest

from bench.likeness import shares_alike
from beside.responses.likeness import digests_in, likeness, nearness, sketch

LONG = (
    "I read it twice. I think it is brave, but have you thought about your daughter? One day she will"
    " find these. Some things are better kept in the family."
)


def test_case_accents_spacing_and_signs_make_no_difference():
    assert likeness("You should be ashamed.") == likeness("  you SHOULD\n be… áshamed!!")
    assert likeness("You should be ashamed.") != likeness("You should not be ashamed.")


def test_no_word_can_be_read_from_it():
    assert b"daughter" not in likeness(LONG)


@pytest.mark.thorough
def test_what_was_written_from_one_another_is_near_and_what_was_not_is_far():
    """docs/performance.md has the figures of `bench.likeness`; these bounds leave room for other texts."""
    for sentences in (2, 5):
        again, others = shares_alike(sentences, most=60)

        assert (again[0.05], again[0.1]) == (1, 1)
        assert again[0.2] >= 0.9
        assert others <= 0.01


def test_of_a_few_words_only_the_same_are_near():
    few, same, other = (
        digests_in(sketch(text))
        for text in ("You are so evil.", "you are so evil", "You are so vile.")
    )

    assert nearness(few, same) == 1
    assert nearness(few, other) == 0
    assert nearness(frozenset(), frozenset()) == 0


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
