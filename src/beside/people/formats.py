"""Days, times, lists and sizes in the language of whoever reads them, as the CLDR has them (Babel).

Every one that a person reads is written here. Instants come in the reader's time zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils.translation import get_language

# Where there is no language, and where the CLDR knows none by its code.
_ENGLISH = "en-gb"
# Written without the comma that the CLDR has after the weekday.
_FULL = {"en": "EEEE d MMMM y"}
_SIZES = ((1024**3, "digital-gigabyte"), (1024**2, "digital-megabyte"), (1024, "digital-kilobyte"))


def day(when: date) -> str:
    """The day with its year: "14 March 2024"."""
    return format_date(when, "long", locale())


def day_of_year(when: date) -> str:
    """The day without its year: "14 March"."""
    return format_skeleton("MMMMd", when, locale=locale())


def short_day(when: date) -> str:
    """The day without its year, where there is little room: "14 Mar"."""
    return format_skeleton("MMMd", when, locale=locale())


def weekday(when: date) -> str:
    """The day with its weekday: "Thursday 14 March"."""
    # The CLDR shortens weekdays beside a month in full, or has no such form.
    pattern = locale().datetime_skeletons["MMMMEd"].pattern
    return format_date(when, pattern.replace("E", "EEEE"), locale())


def weekday_of_year(when: date) -> str:
    """The day with its weekday and its year: "Thursday 14 March 2024"."""
    there = locale()
    return format_date(when, _FULL.get(there.language, "full"), there)


def month(when: date) -> str:
    """The month with its year: "March 2024"."""
    return format_skeleton("yMMMM", when, locale=locale())


def time_of_day(when: time | datetime) -> str:
    """The time, to the minute: "06:20"."""
    return format_time(when, "short", locale=locale())


def moment(when: datetime) -> str:
    """The day with its year, and the time: "14 March 2024, 06:20"."""
    return _both(day(when), when)


def moment_of_year(when: datetime) -> str:
    """The day without its year, and the time: "14 March, 06:20"."""
    return _both(day_of_year(when), when)


def moment_in_zone(when: datetime) -> str:
    """The day, the time, and the zone it is told in: "14 March 2024, 06:20 GMT"."""
    return f"{moment(when)} {when.tzname() or ''}".rstrip()


def listed(some: Iterable[str], *, style: str = "standard") -> str:
    """All of them in a sentence: "Anna, Jonas and Liv". In the style "or" it is "Anna, Jonas or Liv"."""
    return format_list(list(some), style=style, locale=locale())  # type: ignore[arg-type]


def number(value: float) -> str:
    """The number with the separators of the language."""
    return format_decimal(value, locale=locale())


def file_size(n_bytes: float) -> str:
    """The size with one place after the point: "2.5 MB", of 1,024 kB each."""
    for size, unit in _SIZES:
        if n_bytes >= size:
            said = n_bytes / size
            return format_unit(said, unit, "short", format="#,##0.0", locale=locale())
    return format_unit(int(n_bytes), "digital-byte", "short", locale=locale())


def locale() -> Locale:
    """The CLDR's locale of the language that is active."""
    return _locale_of(get_language() or _ENGLISH)


@lru_cache(maxsize=32)
def _locale_of(code: str) -> Locale:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_ENGLISH, sep="-")


def _both(day: str, when: datetime) -> str:
    both = str(locale().datetime_formats["medium"])
    return both.replace("{1}", day).replace("{0}", time_of_day(when))
