"""Dates and ages in the words of whoever reads, each as one whole sentence for translators.

A sentence has the name of a day, a month or a year in it, as the CLDR writes them (Babel), and there is one for each of
these and each season: languages put other words before them. What a sentence says, `date_words` can read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum, auto

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from django.utils.functional import Promise
from django.utils.translation import (
    get_language,
    gettext_lazy,
    ngettext,
    pgettext,
    pgettext_lazy,
    to_locale,
)
from django.utils.translation import gettext as _

from beside.family.ages import Age, Said, Unit
from beside.family.dates import AUTUMN, SPRING, SUMMER, WINTER, Kind, Part, Point, When


class _Form(Enum):
    """Which sentence is said of one point."""

    PLAIN = auto()
    ABOUT = auto()
    PERHAPS = auto()
    PERHAPS_ABOUT = auto()
    BEFORE = auto()
    AFTER = auto()
    EARLY = auto()
    MID = auto()
    LATE = auto()
    WITHIN = auto()  # one of the two of "between"


_DAY, _MONTH, _YEAR, _DECADE = "day", "month", "year", "decade"
_SENTENCES: Mapping[int | str, Mapping[_Form, str | Promise]] = {
    _DAY: {
        _Form.PLAIN: pgettext_lazy("a day", "%(date)s"),
        _Form.ABOUT: pgettext_lazy("a day", "About %(date)s"),
        _Form.PERHAPS: pgettext_lazy("a day", "Perhaps %(date)s"),
        _Form.PERHAPS_ABOUT: pgettext_lazy("a day", "Perhaps about %(date)s"),
        _Form.BEFORE: pgettext_lazy("a day", "Before %(date)s"),
        _Form.AFTER: pgettext_lazy("a day", "After %(date)s"),
        _Form.WITHIN: pgettext_lazy("a day, within “between … and …”", "%(date)s"),
    },
    _MONTH: {
        _Form.PLAIN: pgettext_lazy("a month", "%(date)s"),
        _Form.ABOUT: pgettext_lazy("a month", "About %(date)s"),
        _Form.PERHAPS: pgettext_lazy("a month", "Perhaps %(date)s"),
        _Form.PERHAPS_ABOUT: pgettext_lazy("a month", "Perhaps about %(date)s"),
        _Form.BEFORE: pgettext_lazy("a month", "Before %(date)s"),
        _Form.AFTER: pgettext_lazy("a month", "After %(date)s"),
        _Form.EARLY: pgettext_lazy("a month", "Early in %(date)s"),
        _Form.MID: pgettext_lazy("a month", "In the middle of %(date)s"),
        _Form.LATE: pgettext_lazy("a month", "Late in %(date)s"),
        _Form.WITHIN: pgettext_lazy("a month, within “between … and …”", "%(date)s"),
    },
    _YEAR: {
        _Form.PLAIN: pgettext_lazy("a year", "%(date)s"),
        _Form.ABOUT: pgettext_lazy("a year", "About %(date)s"),
        _Form.PERHAPS: pgettext_lazy("a year", "Perhaps %(date)s"),
        _Form.PERHAPS_ABOUT: pgettext_lazy("a year", "Perhaps about %(date)s"),
        _Form.BEFORE: pgettext_lazy("a year", "Before %(date)s"),
        _Form.AFTER: pgettext_lazy("a year", "After %(date)s"),
        _Form.EARLY: pgettext_lazy("a year", "Early in %(date)s"),
        _Form.MID: pgettext_lazy("a year", "In the middle of %(date)s"),
        _Form.LATE: pgettext_lazy("a year", "Late in %(date)s"),
        _Form.WITHIN: pgettext_lazy("a year, within “between … and …”", "%(date)s"),
    },
    _DECADE: {
        _Form.PLAIN: pgettext_lazy("ten years", "The %(date)ss"),
        _Form.ABOUT: pgettext_lazy("ten years", "About the %(date)ss"),
        _Form.PERHAPS: pgettext_lazy("ten years", "Perhaps the %(date)ss"),
        _Form.PERHAPS_ABOUT: pgettext_lazy("ten years", "Perhaps about the %(date)ss"),
    },
    SPRING: {
        _Form.PLAIN: gettext_lazy("Spring %(date)s"),
        _Form.ABOUT: gettext_lazy("About spring %(date)s"),
        _Form.PERHAPS: gettext_lazy("Perhaps spring %(date)s"),
        _Form.PERHAPS_ABOUT: gettext_lazy("Perhaps about spring %(date)s"),
        _Form.BEFORE: gettext_lazy("Before spring %(date)s"),
        _Form.AFTER: gettext_lazy("After spring %(date)s"),
        _Form.EARLY: gettext_lazy("Early in spring %(date)s"),
        _Form.MID: gettext_lazy("In the middle of spring %(date)s"),
        _Form.LATE: gettext_lazy("Late in spring %(date)s"),
        _Form.WITHIN: pgettext_lazy("within “between … and …”", "spring %(date)s"),
    },
    SUMMER: {
        _Form.PLAIN: gettext_lazy("Summer %(date)s"),
        _Form.ABOUT: gettext_lazy("About summer %(date)s"),
        _Form.PERHAPS: gettext_lazy("Perhaps summer %(date)s"),
        _Form.PERHAPS_ABOUT: gettext_lazy("Perhaps about summer %(date)s"),
        _Form.BEFORE: gettext_lazy("Before summer %(date)s"),
        _Form.AFTER: gettext_lazy("After summer %(date)s"),
        _Form.EARLY: gettext_lazy("Early in summer %(date)s"),
        _Form.MID: gettext_lazy("In the middle of summer %(date)s"),
        _Form.LATE: gettext_lazy("Late in summer %(date)s"),
        _Form.WITHIN: pgettext_lazy("within “between … and …”", "summer %(date)s"),
    },
    AUTUMN: {
        _Form.PLAIN: gettext_lazy("Autumn %(date)s"),
        _Form.ABOUT: gettext_lazy("About autumn %(date)s"),
        _Form.PERHAPS: gettext_lazy("Perhaps autumn %(date)s"),
        _Form.PERHAPS_ABOUT: gettext_lazy("Perhaps about autumn %(date)s"),
        _Form.BEFORE: gettext_lazy("Before autumn %(date)s"),
        _Form.AFTER: gettext_lazy("After autumn %(date)s"),
        _Form.EARLY: gettext_lazy("Early in autumn %(date)s"),
        _Form.MID: gettext_lazy("In the middle of autumn %(date)s"),
        _Form.LATE: gettext_lazy("Late in autumn %(date)s"),
        _Form.WITHIN: pgettext_lazy("within “between … and …”", "autumn %(date)s"),
    },
    WINTER: {
        _Form.PLAIN: gettext_lazy("Winter %(date)s"),
        _Form.ABOUT: gettext_lazy("About winter %(date)s"),
        _Form.PERHAPS: gettext_lazy("Perhaps winter %(date)s"),
        _Form.PERHAPS_ABOUT: gettext_lazy("Perhaps about winter %(date)s"),
        _Form.BEFORE: gettext_lazy("Before winter %(date)s"),
        _Form.AFTER: gettext_lazy("After winter %(date)s"),
        _Form.EARLY: gettext_lazy("Early in winter %(date)s"),
        _Form.MID: gettext_lazy("In the middle of winter %(date)s"),
        _Form.LATE: gettext_lazy("Late in winter %(date)s"),
        _Form.WITHIN: pgettext_lazy("within “between … and …”", "winter %(date)s"),
    },
}  # fmt: skip
_SIGNED = {
    (False, False): _Form.PLAIN,
    (True, False): _Form.ABOUT,
    (False, True): _Form.PERHAPS,
    (True, True): _Form.PERHAPS_ABOUT,
}
_PARTS = {Part.EARLY: _Form.EARLY, Part.MID: _Form.MID, Part.LATE: _Form.LATE}


def say(when: When) -> str:
    """The date in the language that is active, beginning with a capital."""
    said = _say(when)
    return said[:1].upper() + said[1:]


def say_age(age: Age) -> str:
    """The age in the language that is active, in the words in which it was said."""
    if age.days:
        weeks = {"weeks": age.number, "days": age.days}
        if age.said == Said.AT:
            return _("At %(weeks)s+%(days)s weeks") % weeks
        return _("%(weeks)s+%(days)s weeks") % weeks
    if age.said == Said.IN:
        in_the = {
            Unit.WEEK: _("In the %(ordinal)s week"),
            Unit.MONTH: _("In the %(ordinal)s month"),
        }
        return in_the[age.unit] % {"ordinal": _ordinal(age)}
    return _counted(age) % {"number": age.number}


def _say(when: When) -> str:
    if when.kind == Kind.UNKNOWN:
        return _("On a day that isn’t known")
    if when.kind == Kind.BETWEEN:
        return _say_two(when)
    point = when.first or when.last
    assert point is not None
    if when.kind == Kind.AT:
        return _say_point(point, _PARTS.get(when.part) or _SIGNED[point.about, point.perhaps])
    return _say_point(point, _Form.BEFORE if when.kind == Kind.BEFORE else _Form.AFTER)


def _say_two(when: When) -> str:
    assert when.first is not None
    assert when.last is not None
    lasted = when.part == Part.LASTED
    form = _Form.PLAIN if lasted else _Form.WITHIN
    points = {"first": _say_point(when.first, form), "last": _say_point(when.last, form)}
    if lasted:
        return _("%(first)s – %(last)s") % points
    return _("Between %(first)s and %(last)s") % points


def _say_point(point: Point, form: _Form) -> str:
    return str(_SENTENCES[_grain(point)][form]) % {"date": _name(point)}


def _grain(point: Point) -> int | str:
    if point.is_decade:
        return _DECADE
    if point.is_season:
        return point.month
    return (_DAY if point.day else _MONTH) if point.month else _YEAR


def _name(point: Point) -> str:
    """As the CLDR writes a day, a month or a year; of a season and ten years, the year."""
    if point.day:
        day = date(point.year, point.month, point.day)
        return format_date(day, "long", locale=_locale())
    if point.month and not point.is_season:
        month = date(point.year, point.month, 1)
        return format_skeleton("yMMMM", month, locale=_locale())
    return str(point.year)


def _locale() -> Locale:
    language = get_language() or "en"
    try:
        # Our English is British: the day comes before the month.
        return Locale.parse("en_GB" if language == "en" else to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def _counted(age: Age) -> str:
    return _COUNTED[age.said, age.unit](age.number)


_COUNTED = {
    (Said.AT, Unit.DAY): lambda n: ngettext("At %(number)s day", "At %(number)s days", n),
    (Said.AT, Unit.WEEK): lambda n: ngettext("At %(number)s week", "At %(number)s weeks", n),
    (Said.AT, Unit.MONTH): lambda n: ngettext("At %(number)s month", "At %(number)s months", n),
    (Said.AT, Unit.YEAR): lambda n: ngettext("At %(number)s year", "At %(number)s years", n),
    (Said.OLD, Unit.DAY): lambda n: ngettext("%(number)s day old", "%(number)s days old", n),
    (Said.OLD, Unit.WEEK): lambda n: ngettext("%(number)s week old", "%(number)s weeks old", n),
    (Said.OLD, Unit.MONTH): lambda n: ngettext("%(number)s month old", "%(number)s months old", n),
    (Said.OLD, Unit.YEAR): lambda n: ngettext("%(number)s year old", "%(number)s years old", n),
    (Said.BARE, Unit.DAY): lambda n: ngettext("%(number)s day", "%(number)s days", n),
    (Said.BARE, Unit.WEEK): lambda n: ngettext("%(number)s week", "%(number)s weeks", n),
    (Said.BARE, Unit.MONTH): lambda n: ngettext("%(number)s month", "%(number)s months", n),
    (Said.BARE, Unit.YEAR): lambda n: ngettext("%(number)s year", "%(number)s years", n),
}


def _ordinal(age: Age) -> str:
    """The number of a week or a month in the order of them: "31st"."""
    number = age.number
    last = 0 if 10 < number % 100 < 20 else number % 10
    if number == 1 and age.unit == Unit.WEEK:
        pattern = pgettext("the first week", "%(number)sst")
    elif number == 1:
        pattern = pgettext("the first month", "%(number)sst")
    else:
        pattern = {
            1: pgettext("the 21st, 31st … week or month", "%(number)sst"),
            2: pgettext("the second, 22nd … week or month", "%(number)snd"),
            3: pgettext("the third, 23rd … week or month", "%(number)srd"),
        }.get(last, pgettext("the fourth, 11th … week or month", "%(number)sth"))
    return pattern % {"number": number}
