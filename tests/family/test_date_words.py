from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from beside.family.ages import from_text as age_from_text
from beside.family.date_sentences import say, say_age
from beside.family.date_tables import WORDS
from beside.family.date_words import LONGEST_TYPED, Meaning, read
from beside.family.dates import from_text
from tests.family.strategies import ages, whens

TODAY = date(2026, 11, 30)
LANGUAGES = tuple(WORDS)


def texts(typed: str, language: str = "en") -> list[tuple[str, str, str]]:
    return [
        (
            one.when.text() if one.when else "",
            str(one.when.part) if one.when else "",
            one.age.text() if one.age else "",
        )
        for one in read(typed, language=language, today=TODAY)
    ]


@pytest.mark.thorough
@given(whens(), st.sampled_from(LANGUAGES))
def test_what_is_said_back_is_read_as_the_same_date(when, language):
    with translation.override(language):
        said = say(when)

    assert read(said, language=language, today=TODAY) == [Meaning(when)], said


@given(ages(), st.sampled_from(LANGUAGES))
def test_what_is_said_back_is_read_as_the_same_age(age, language):
    with translation.override(language):
        said = say_age(age)

    assert read(said, language=language, today=TODAY) == [Meaning(age=age)], said


@pytest.mark.parametrize(
    ("language", "typed", "text", "part"),
    [
        ("en", "December 2011", "2011-12", ""),
        ("en", "Autumn 2019", "2019-23", ""),
        ("en", "fall, 2019", "2019-23", ""),
        ("en", "March 14th, 2024", "2024-03-14", ""),
        ("en", "2024-03-14", "2024-03-14", ""),
        ("en", "13/4/2012", "2012-04-13", ""),
        ("en", "4/13/2012", "2012-04-13", ""),
        ("en", "mid-June 2012", "2012-06", "mid"),
        ("en", "c. December 2011", "2011-12~", ""),
        ("en", "2011?", "2011?", ""),
        ("en", "the 2010s", "201X", ""),
        ("en", "2010–2012", "2010/2012", "lasted"),
        ("en", "we don’t know", "XXXX", ""),
        ("en", "٢٠٢٤", "2024", ""),
        ("en", "Herbst 2019", "2019-23", ""),
        ("de", "Herbst 2019", "2019-23", ""),
        ("de", "3.4.2012", "2012-04-03", ""),
        ("de", "im Frühjahr 2019", "2019-21", ""),
        ("de", "Anfang März 2022", "2022-03", "early"),
        ("de", "zwischen 2010 und 2012", "2010/2012", ""),
        ("es", "hacia 2011", "2011~", ""),
        ("es", "entre 2010 y 2012", "2010/2012", ""),
        ("es", "otono 2019", "2019-23", ""),
        ("fr", "vers mars 2012", "2012-03~", ""),
        ("fr", "1er mars 2012", "2012-03-01", ""),
        ("fr", "mi-juin 2012", "2012-06", "mid"),
    ],
)
def test_a_date_is_read_as_people_say_it(language, typed, text, part):
    assert texts(typed, language) == [(text, part, "")]


@pytest.mark.parametrize(
    ("language", "typed", "text"),
    [
        ("en", "at 31 weeks", "at:31w"),
        ("en", "31 weeks", "bare:31w"),
        ("en", "in the 31st week", "in:31w"),
        ("en", "31+4 weeks", "bare:31w+4"),
        ("en", "four days old", "old:4d"),
        ("de", "31 Wochen", "bare:31w"),
        ("de", "31. Woche", "in:31w"),
        ("de", "in der 31. Schwangerschaftswoche", "in:31w"),
        ("de", "mit 31 Wochen", "at:31w"),
        ("es", "en la 31.ª semana", "in:31w"),
        ("fr", "à 31 semaines", "at:31w"),
        ("fr", "dans la 31e semaine", "in:31w"),
    ],
)
def test_a_week_that_is_over_is_not_the_week_that_goes_on(language, typed, text):
    assert texts(typed, language) == [("", "", text)]


def test_an_age_and_a_date_are_read_together():
    assert texts("at 20 weeks, September 2020") == [("2020-09", "", "at:20w")]
    assert texts("September 2020, at 20 weeks") == [("2020-09", "", "at:20w")]


def test_what_can_mean_several_days_is_asked():
    assert texts("3/4/2012") == [("2012-04-03", "", ""), ("2012-03-04", "", "")]
    assert texts("3/3/2012") == [("2012-03-03", "", "")]
    assert texts("Dec. ’11") == [("2011-12", "", ""), ("1911-12", "", "")]
    assert texts("Dec. ’98") == [("1998-12", "", "")]
    assert len(texts("3/4/12")) == 4


@pytest.mark.parametrize(
    "typed",
    [
        *("30 February 2012", "29 February 2023", "31 June 2012", "0", "0000", "1 January 0000"),
        *("24:00", "14 March 2024, 24:00", "December 11", "March", "31", "1 to 3 May 2012"),
        *("week 31", "SSW 31", "31 SA", "0 weeks", "March 2024 or so", "between 2012 and 2010"),
        *("before about 2012", "the 14th of March, I think, 2024", "2012-13", "00/00/2012"),
        *("", " ", "\0", "2024\0", "x" * 10_000, "2024 " * 2_000, "early on 14 March 2024"),
        *("the 2012s", "five weeks in 2012 or 2013", "31+7 weeks", "in the 31st year"),
    ],
)
def test_nothing_is_guessed(typed):
    assert all(texts(typed, language) == [] for language in LANGUAGES)


@pytest.mark.thorough
@given(st.text(max_size=LONGEST_TYPED), st.sampled_from((*LANGUAGES, "pt-br", "")))
def test_anything_typed_has_an_answer(typed, language):
    for one in read(typed, language=language, today=TODAY):
        assert one.when is None or from_text(one.when.text(), one.when.part) == one.when
        assert one.age is None or age_from_text(one.age.text()) == one.age
