from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from beside.people import formats

AT = datetime(2024, 3, 14, 6, 20, tzinfo=UTC)
SAID = {
    "en-gb": {
        formats.day: "14 March 2024",
        formats.day_of_year: "14 March",
        formats.short_day: "14 Mar",
        formats.weekday: "Thursday 14 March",
        formats.weekday_of_year: "Thursday 14 March 2024",
        formats.month: "March 2024",
        formats.time_of_day: "06:20",
        formats.moment: "14 March 2024, 06:20",
        formats.moment_of_year: "14 March, 06:20",
        formats.moment_in_zone: "14 March 2024, 06:20 UTC",
    },
    "de": {
        formats.day: "14. März 2024",
        formats.weekday: "Donnerstag, 14. März",
        formats.moment: "14. März 2024, 06:20",
    },
    "es": {formats.day: "14 de marzo de 2024", formats.weekday: "jueves, 14 de marzo"},
    "fr": {formats.day: "14 mars 2024", formats.weekday_of_year: "jeudi 14 mars 2024"},
}


@pytest.mark.parametrize("code", SAID)
def test_days_and_times_are_said_as_the_language_says_them(code):
    with translation.override(code):
        assert {say: say(AT) for say in SAID[code]} == SAID[code]


@pytest.mark.parametrize(
    ("code", "said"),
    [("en-gb", "Anna, Jonas and Liv"), ("de", "Anna, Jonas und Liv"), ("es", "Anna, Jonas y Liv")],
)
def test_names_are_listed_as_the_language_lists_them(code, said):
    with translation.override(code):
        assert formats.listed(["Anna", "Jonas", "Liv"]) == said
        assert formats.listed(["Anna"]) == "Anna"
        assert formats.listed([]) == ""


@pytest.mark.parametrize(
    ("n_bytes", "said"),
    [(0, "0 byte"), (1536, "1.5 kB"), (5 * 1024**2, "5.0 MB"), (3 * 1024**3, "3.0 GB")],
)
def test_sizes_have_one_place_after_the_point(n_bytes, said):
    with translation.override("en-gb"):
        assert formats.file_size(n_bytes).replace("\xa0", " ") == said
    with translation.override("fr"):
        assert formats.file_size(1536).startswith("1,5")


@pytest.mark.parametrize("code", ["en-xa", "ar-xb", "tlh"])
def test_a_language_that_the_cldr_does_not_know_says_days_in_english(code):
    assert formats._locale_of(code).language == "en"
    with translation.override(None):
        assert formats.day(date(2024, 3, 14)) == "14 March 2024"
