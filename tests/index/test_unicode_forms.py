from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import beside
from beside.index.analysis import tokens_of
from beside.index.unicode_forms import folded, normalized
from beside.people import names

FORMS = ["NFC", "NFKC", "NFD", "NFKD"]
# Two that are sorted, so that each is moved past all others of its kind.
ENDLESS = "a" + "\u0301\u0316" * 500_000


@pytest.mark.parametrize("form", FORMS)
def test_of_an_endless_run_of_marks_thirty_are_kept(form):
    assert len(normalized(form, ENDLESS)) <= 31
    assert normalized(form, "e\u0301tait " + ENDLESS + " la").endswith(" la")


@given(st.sampled_from(FORMS), st.text(max_size=30))
def test_anything_shorter_is_pythons_own_form(form, text):
    assert normalized(form, text) == unicodedata.normalize(form, text)


def test_a_folded_text_has_neither_case_nor_accents():
    assert folded("Große ÉTÉ, Zoë") == "grosse ete, zoe"
    assert folded("PLAIN") == "plain"


@pytest.mark.thorough
def test_endless_marks_hold_up_neither_a_letter_nor_a_name():
    assert tokens_of(ENDLESS + " candle", "en") == tokens_of("a candle", "en")
    assert len(names.clean(ENDLESS)) <= 31


def test_nothing_else_puts_a_text_into_a_form_of_unicode():
    places = [
        path.name
        for path in Path(beside.__file__).parent.rglob("*.py")
        if re.search(r"\bnormalize\(", path.read_text("utf-8"))
    ]

    assert places == ["unicode_forms.py"]
