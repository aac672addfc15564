"""When somebody asks to be written to, in their words: "the first week of March", "14 March", "early in May 2027".

Without a year it is the next time. Like a date, it is said back before it is saved, and nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from beside.family import date_words, dates
from beside.family.date_tables import WORDS, languages_for, plain
from beside.family.date_words import after, is_readable
from beside.family.dates import Kind, When

_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Days:
    """The days, first and last included, in one of which to write; `each_year` if the words say so."""

    first: date
    last: date
    each_year: bool = False


def read(typed: str, *, language: str, today: date) -> list[Days]:
    """Everything that `typed` can mean, but for days that don't lie ahead of `today`; empty if it can't be read."""
    if not is_readable(typed):
        return []
    said = plain(typed).strip(" .,;")
    said, each_year = _without_each_year(said, language)
    if not said:
        return []
    for text in (said, f"{said} {today.year}", f"{said} {today.year + 1}"):
        found = _days(text, language, today)
        ahead = [Days(first, last, each_year) for first, last in found if first > today]
        # With a year of its own, a date that is over isn't moved to another one.
        if ahead or (found and text == said):
            return ahead
    return []


def _without_each_year(said: str, language: str) -> tuple[str, bool]:
    for code in languages_for(language):
        for phrase in WORDS[code].each_year:
            if said.endswith(f" {phrase}"):
                return said.removesuffix(phrase).rstrip(" ,"), True
    return said, False


def _days(said: str, language: str, today: date) -> list[tuple[date, date]]:
    for code in languages_for(language):
        for number, phrases in enumerate(WORDS[code].weeks):
            if month := after(said, phrases):
                whole = [one for one in _bounds(month, code, today) if _is_month(*one)]
                return [_week(number, *one) for one in whole]
    return _bounds(said, language, today)


def _bounds(said: str, language: str, today: date) -> list[tuple[date, date]]:
    found = date_words.read(said, language=language, today=today)
    return [bounds for one in found if one.age is None and (bounds := _exact(one.when))]


def _exact(when: When | None) -> tuple[date, date] | None:
    """The days of a year's part, a season, a month or a day that isn't said to be uncertain."""
    if when is None or when.kind not in (Kind.AT, Kind.BETWEEN):
        return None
    if when.first and (when.first.about or when.first.perhaps or when.first.is_decade):
        return None
    first, last = when.bounds()
    return (first, last) if first and last else None


def _is_month(first: date, last: date) -> bool:
    return (first, last) == dates.at(dates.Point(first.year, first.month)).bounds()


def _week(number: int, first: date, last: date) -> tuple[date, date]:
    """The first to fourth seven days of a month, or its last."""
    if number == 4:
        return last - _WEEK, last
    begins = first + timedelta(days=7 * number)
    return begins, begins + _WEEK
