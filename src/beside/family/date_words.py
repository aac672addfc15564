"""What somebody typed as a date or an age, read in the words of their language, and then of the others.

Nothing is guessed: what can mean several things has several readings, among which its writer chooses, and what isn't
understood has none. Whatever is read is said back before it is saved (`date_sentences`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import TypeVar

from beside.family import dates
from beside.family.ages import Age, NoAge, Said, Unit
from beside.family.date_tables import WORDS, languages_for, months_of, plain
from beside.family.dates import SEASONS, Kind, NoDate, Part, Point, When

LONGEST_TYPED = 200
# More commas or hyphens than these are in no date.
_MOST_SPLITS = 4
_YEAR = re.compile(r"[0-9]{4}")
_SHORT_YEAR = re.compile(r"'([0-9]{2})")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|e|a|o)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{4}|[0-9]{2})")
T = TypeVar("T")
_OF_A_YEAR = {"year", "jahr", "jahres", "jahre", "ano", "annee"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What something typed can mean: a date, an age, or both."""

    when: When | None = None
    age: Age | None = None


def read(typed: str, *, language: str, today: date) -> list[Meaning]:
    """Everything that `typed` can mean to somebody who reads `language`; empty if it can't be read.

    `today` only tells which century a year of two digits may be in. The time is linear in the length of `typed`.
    """
    if not is_readable(typed):
        return []
    said = plain(typed).strip(" .,;")
    languages = languages_for(language)
    for code in languages:
        reader = _Reader(code, asks_for_order=not WORDS[languages[0]].day_first, today=today)
        if found := reader.read(said):
            return found
    return []


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads texts as `plain` leaves them, in one language."""

    language: str
    asks_for_order: bool
    today: date

    def read(self, said: str) -> list[Meaning]:
        if found := self.whens(said):
            return [Meaning(when=one) for one in found]
        if age := _age(said, self.language):
            return [Meaning(age=age)]
        for first, rest in _halves(said, ","):
            for age_part, date_part in ((first, rest), (rest, first)):
                age, found = _age(age_part, self.language), self.whens(date_part)
                if age and found:
                    return [Meaning(one, age) for one in found]
        return []

    def whens(self, said: str) -> list[When]:
        words = WORDS[self.language]
        if said in words.unknown:
            return [When(Kind.UNKNOWN)]
        said, perhaps = (said[:-1].rstrip(), True) if said.endswith("?") else (said, False)
        rest = after(said, words.perhaps)
        said, perhaps = (rest, True) if rest else (said, perhaps)
        if about := after(said, words.about):
            return _made(self.points(about), lambda one: dates.at(_sign(one, perhaps, about=True)))
        found = _made(self.points(said), lambda one: dates.at(_sign(one, perhaps)))
        return found or ([] if perhaps else self._unsigned(said))

    def _unsigned(self, said: str) -> list[When]:
        """What says more than one point: a part of it, what is before or after it, or two of them."""
        words = WORDS[self.language]
        for part, phrases in zip(dates.THIRDS, (words.early, words.mid, words.late), strict=True):
            if rest := after(said, phrases):
                return _made(self.points(rest), partial(dates.at, part=part))
        if rest := after(said, words.before):
            return _made(self.points(rest), lambda one: When(Kind.BEFORE, last=one))
        if rest := after(said, words.after):
            return _made(self.points(rest), lambda one: When(Kind.AFTER, first=one))
        return self._two(said, words.between, Part.WHOLE) or self._two(
            said, (*words.lasted, ("", "-")), Part.LASTED
        )

    def _two(self, said: str, pairs: Sequence[tuple[str, str]], part: Part) -> list[When]:
        for opening, middle in pairs:
            rest = after(said, (opening,)) if opening else said
            for first, last in _halves(rest or "", middle if middle == "-" else f" {middle} "):
                ends = [(one, two) for one in self.points(first) for two in self.points(last)]
                made = _made(ends, lambda both: When(Kind.BETWEEN, *both, part))
                if made:
                    return made
        return []

    def points(self, said: str) -> list[Point]:
        """The years, months, seasons or days that it can be."""
        tokens = self._tokens(said)
        if len(tokens) == 1:
            (only,) = tokens
            if _YEAR.fullmatch(only):
                return _points((int(only), 0, 0))
            return _year_first(only) or self._day_and_month(only) or self._decade(said)
        return self._decade(said) or self._named(tokens) or self._day_and_month(said)

    def _tokens(self, said: str) -> list[str]:
        fillers = {word for phrase in WORDS[self.language].fillers for word in phrase.split()}
        unsaid = fillers | _OF_A_YEAR
        # "14. März" and "l'été" hold two words each.
        parts = re.split(r"[ ,]+|(?<=[a-z])\.|\.(?=[ a-z])|(?<=l')", said)
        return [one.rstrip(".") for one in parts if one and one.rstrip(".") not in unsaid]

    def _decade(self, said: str) -> list[Point]:
        for pattern in WORDS[self.language].decades:
            found = re.fullmatch(re.escape(pattern).replace(r"\#", "([0-9]{3}0)"), said)
            if found:
                return _points((int(found[1]), 0, 0), is_decade=True)
        return []

    def _named(self, tokens: Sequence[str]) -> list[Point]:
        """With the name of a month or a season in it, a year, and perhaps a day, in any order that can be read in one way."""
        months, seasons = months_of(self.language), self._seasons()
        names = [one for one in tokens if one in months or one in seasons]
        others = [one for one in tokens if one not in names]
        if len(names) != 1 or not 1 <= len(others) <= 2:
            return []
        years = [one for one in others if _YEAR.fullmatch(one) or _SHORT_YEAR.fullmatch(one)]
        days = [found for one in others if one not in years and (found := _DAY.fullmatch(one))]
        if len(years) != 1 or len(days) != len(others) - 1:
            return []
        month = months.get(names[0]) or seasons[names[0]]
        day = int(days[0][1]) if days else 0
        if days and not day:
            return []
        return _points(*((year, month, day) for year in self._years(years[0])))

    def _seasons(self) -> dict[str, int]:
        named = zip(SEASONS, WORDS[self.language].seasons, strict=True)
        return {word: season for season, words in named for word in words}

    def _day_and_month(self, said: str) -> list[Point]:
        """ "3/4/2012" can be two days, unless the reader's language has one order."""
        if found := _MONTH_FIRST.fullmatch(said):
            return _points((int(found[2]), int(found[1]) or 99, 0))
        found = _NUMERIC.fullmatch(said)
        if found is None:
            return []
        first, second = int(found[1]) or 99, int(found[3]) or 99
        orders = [(second, first)] + [(first, second)] * self.asks_for_order
        years = self._years(found[4] if len(found[4]) == 4 else f"'{found[4]}")
        return _points(*((year, month, day) for year in years for month, day in orders))

    def _years(self, said: str) -> Iterator[int]:
        if short := _SHORT_YEAR.fullmatch(said):
            this, other = (century + int(short[1]) for century in (2000, 1900))
            # A date may lie ahead, though not by much.
            yield from (this, other) if this <= self.today.year + 1 else (other,)
        else:
            yield int(said)


def _year_first(said: str) -> list[Point]:
    found = _YEAR_FIRST.fullmatch(said)
    if found is None:
        return []
    day = 0 if found[4] is None else int(found[4]) or 99
    return _points((int(found[1]), int(found[3]) or 99, day))


def _points(*numbers: tuple[int, int, int], is_decade: bool = False) -> list[Point]:
    """The points that exist, each once. A month of a number that none has is not taken for a season."""
    made: dict[Point, None] = {}
    for year, month, day in numbers:
        try:
            made[Point(year, month, day, is_decade)] = None
        except NoDate:
            continue
    return list(made)


def is_readable(typed: str) -> bool:
    """Whether `typed` is short enough for a date, and holds nothing that can't be typed."""
    return len(typed) <= LONGEST_TYPED and not any(_is_control(one) for one in typed)


def _is_control(one: str) -> bool:
    return unicodedata.category(one).startswith("C") and one not in "\t\u200e\u200f\u2068\u2069"


def _made(found: Sequence[T], make: Callable[[T], When]) -> list[When]:
    made = []
    for one in found:
        try:
            made.append(make(one))
        except NoDate:
            continue
    return made


def _sign(point: Point, perhaps: bool, *, about: bool = False) -> Point:
    return replace(point, perhaps=perhaps, about=about)


def after(said: str, phrases: Sequence[str]) -> str:
    """What follows one of these phrases at the beginning; empty if none is there."""
    for phrase in sorted(phrases, key=len, reverse=True):
        rest = said[len(phrase) :]
        if said.startswith(phrase) and (phrase[-1] in "-'" or rest[:1] in (" ", ".")):
            return rest.lstrip(" .")
    return ""


def _halves(said: str, middle: str) -> Iterator[tuple[str, str]]:
    """The two sides of each `middle`, of the first few."""
    begins = said.find(middle)
    for _number in range(_MOST_SPLITS):
        if begins < 0:
            return
        yield said[:begins].strip(), said[begins + len(middle) :].strip()
        begins = said.find(middle, begins + 1)


def _age(said: str, language: str) -> Age | None:
    for kind, unit, pattern in _age_patterns(language):
        if found := pattern.fullmatch(said):
            number = found["number"]
            counted = int(number) if number.isdecimal() else _numbers(language)[number]
            days = found.groupdict().get("days")
            try:
                return Age(kind, counted, unit, int(days or 0))
            except NoAge:
                continue
    return None


@lru_cache
def _age_patterns(language: str) -> list[tuple[Said, Unit, re.Pattern[str]]]:
    """Each way to say an age, the longer words first, so that "four days old" isn't taken for "four days"."""
    words = WORDS[language]
    number = rf"(?P<number>[0-9]{{1,3}}|{'|'.join(_numbers(language))})"
    made = []
    for kind in (Said.OLD, Said.IN, Said.AT, Said.BARE):
        for unit, names in words.units.items():
            if kind == Said.IN and unit not in (Unit.WEEK, Unit.MONTH):
                continue
            more = r"(?:\+(?P<days>[1-6]))?" if unit == Unit.WEEK and kind != Said.IN else ""
            for pattern in words.ages[kind]:
                text = pattern.replace("#", number + more).replace("@", f"(?:{'|'.join(names)})")
                made.append((kind, unit, re.compile(text)))
    return made


@lru_cache
def _numbers(language: str) -> dict[str, int]:
    listed = enumerate(WORDS[language].numbers, start=1)
    return {word: number for number, words in listed for word in words.split("|")}
