"""The words in which each language says dates and ages. Names of months come from the CLDR, through Babel.

All are written as `plain` leaves a text: in small letters, without accents. A language that isn't here has its dates
said (`date_sentences`), and reads them in English.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from babel.dates import get_month_names

from beside.family.ages import Said, Unit
from beside.index.unicode_forms import folded

Phrases = tuple[str, ...]
# Signs that mean the same, as phones and word processors write them.
_SAME = str.maketrans({"’": "'", "‘": "'", "´": "'", "–": "-", "—": "-", "−": "-", "‑": "-"})


@dataclass(frozen=True)
class Words:
    """What one language says. In a pattern of an age, `#` is the number and `@` the unit."""

    about: Phrases
    perhaps: Phrases
    before: Phrases
    after: Phrases
    between: tuple[tuple[str, str], ...]
    lasted: tuple[tuple[str, str], ...]
    early: Phrases
    mid: Phrases
    late: Phrases
    seasons: tuple[Phrases, Phrases, Phrases, Phrases]
    unknown: Phrases
    decades: Phrases
    fillers: Phrases  # words that say nothing within a date
    units: Mapping[Unit, Phrases]
    ages: Mapping[Said, Phrases]
    numbers: Phrases
    # The first, second, third, fourth and last week of a month, and what makes a reminder one of each year.
    weeks: tuple[Phrases, ...]
    each_year: Phrases
    months: Mapping[str, int] = field(default_factory=dict)
    day_first: bool = True


WORDS: Mapping[str, Words] = {
    "en": Words(
        about=("about", "around", "circa", "ca", "c", "approximately", "roughly"),
        perhaps=("perhaps", "maybe", "possibly"),
        before=("before",),
        after=("after",),
        between=(("between", "and"),),
        lasted=(("from", "to"), ("", "to")),
        early=("early in", "early", "at the beginning of", "the beginning of", "in early"),
        mid=("mid-", "mid", "in the middle of", "the middle of", "in mid-", "in mid"),
        late=("late in", "late", "at the end of", "the end of", "in late"),
        seasons=(("spring",), ("summer",), ("autumn", "fall"), ("winter",)),
        unknown=("on a day that isn't known", "unknown", "not known", "we don't know", "i don't know", "nobody knows"),
        decades=("#s", "the #s", "in the #s"),
        weeks=tuple((f"the {nth} week of", f"the {nth} week in", f"{nth} week of", f"in the {nth} week of") for nth in ("first", "second", "third", "fourth", "last")),
        each_year=("each year", "every year"),
        fillers=("in the", "on the", "in", "on", "the", "of"),
        units={
            Unit.DAY: ("day", "days"),
            Unit.WEEK: ("week", "weeks"),
            Unit.MONTH: ("month", "months"),
            Unit.YEAR: ("year", "years"),
        },
        ages={
            Said.AT: ("at # @",),
            Said.IN: ("in the #(?:st|nd|rd|th) @", "in #(?:st|nd|rd|th) @", "#(?:st|nd|rd|th) @"),
            Said.OLD: ("# @ old", "at # @ old", "aged # @"),
            Said.BARE: ("# @",),
        },
        numbers=(
            *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen", "twenty"),
        ),
        months={"sept": 9},
        day_first=False,
    ),
    "de": Words(
        about=("etwa am", "um", "etwa", "ungefahr", "circa", "ca", "zirka", "gegen", "rund um"),
        perhaps=("vielleicht", "moglicherweise", "womoglich"),
        before=("vor dem", "vor der", "vor",),
        after=("nach dem", "nach der", "nach",),
        between=(("zwischen", "und"), ("zwischen dem", "und dem"), ("zwischen dem", "und")),
        lasted=(("von", "bis"), ("vom", "bis zum"), ("", "bis")),
        early=("anfang des", "anfang", "zu beginn des", "fruh im"),
        mid=("mitte des", "mitte"),
        late=("ende des", "ende", "spat im"),
        seasons=(("fruhling", "fruhjahr", "fruehling", "fruehjahr", "fruhlings", "fruhjahrs"),
                 ("sommer", "sommers"), ("herbst", "herbsts"), ("winter", "winters")),
        unknown=("an einem tag, der nicht bekannt ist", "unbekannt", "nicht bekannt", "wir wissen es nicht", "ich weiss es nicht"),
        decades=("#er", "#er jahre", "die #er jahre", "in den #er jahren", "in den #ern"),
        weeks=tuple((f"in der {nth}n woche im", f"der {nth}n woche im", f"{nth} woche im") for nth in ("erste", "zweite", "dritte", "vierte", "letzte")),
        each_year=("jedes jahr", "jahrlich"),
        fillers=("in der", "in dem", "im jahr", "im", "am", "in", "den", "dem", "der", "des"),
        units={
            Unit.DAY: ("tag", "tage", "tagen"),
            Unit.WEEK: ("woche", "wochen", "schwangerschaftswoche", "schwangerschaftswochen", "ssw"),
            Unit.MONTH: ("monat", "monate", "monaten"),
            Unit.YEAR: ("jahr", "jahre", "jahren"),
        },
        ages={
            Said.AT: ("mit # @", "bei # @"),
            Said.IN: ("in der #[.] @", "im #[.] @", "#[.] @"),
            Said.OLD: ("# @ alt",),
            Said.BARE: ("# @",),
        },
        numbers=(
            *("ein|eine|einem|einer", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht"),
            *("neun", "zehn", "elf", "zwolf", "dreizehn", "vierzehn", "funfzehn", "sechzehn"),
            *("siebzehn", "achtzehn", "neunzehn", "zwanzig"),
        ),
        months={"janner": 1, "feber": 2, "maerz": 3, "sept": 9},
    ),
    "es": Words(
        about=("hacia", "alrededor de", "alrededor del", "sobre", "aproximadamente", "circa", "ca", "c"),
        perhaps=("quizas", "quiza", "tal vez", "posiblemente"),
        before=("antes de", "antes del"),
        after=("despues de", "despues del"),
        between=(("entre", "y"),),
        lasted=(("de", "a"), ("desde", "hasta"), ("del", "al"), ("", "a")),
        early=("a principios de", "principios de", "a principios del", "a comienzos de"),
        mid=("a mediados de", "mediados de", "a mediados del"),
        late=("a finales de", "finales de", "a finales del", "a fines de"),
        seasons=(("primavera",), ("verano",), ("otono",), ("invierno",)),
        unknown=("en una fecha desconocida", "desconocido", "desconocida", "no se sabe", "no lo sabemos", "no lo se"),
        decades=("anos #", "los anos #", "en los anos #", "la decada de #", "en la decada de #"),
        weeks=tuple((f"en la {nth} semana de", f"la {nth} semana de", f"{nth} semana de") for nth in ("primera", "segunda", "tercera", "cuarta", "ultima")),
        each_year=("cada ano", "todos los anos"),
        fillers=("en el ano", "en el", "en la", "en", "el", "la", "de", "del"),
        units={
            Unit.DAY: ("dia", "dias"),
            Unit.WEEK: ("semana", "semanas"),
            Unit.MONTH: ("mes", "meses"),
            Unit.YEAR: ("ano", "anos"),
        },
        ages={
            Said.AT: ("a las # @", "a los # @", "con # @"),
            Said.IN: ("en la #[.]?(?:a|o) @", "en el #[.]?(?:a|o|er) @", "#[.]?(?:a|o|er) @"),
            Said.OLD: ("# @ de edad", "# @ de vida", "con # @ de vida", "a los # @ de vida"),
            Said.BARE: ("# @",),
        },
        numbers=(
            *("un|una|uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
            *("diez", "once", "doce", "trece", "catorce", "quince", "dieciseis", "diecisiete"),
            *("dieciocho", "diecinueve", "veinte"),
        ),
        months={"setiembre": 9, "set": 9},
    ),
    "fr": Words(
        about=("vers le", "vers", "environ", "autour de", "autour du", "circa", "ca"),
        perhaps=("peut-etre", "peut-etre en", "peut-etre le"),
        before=("avant le", "avant l'", "avant"),
        after=("apres le", "apres l'", "apres"),
        between=(("entre", "et"),),
        lasted=(("de", "a"), ("du", "au"), ("", "a")),
        early=("au debut de l'", "au debut de", "au debut du", "debut"),
        mid=("mi-", "a la mi-", "au milieu de l'", "au milieu de", "au milieu du"),
        late=("a la fin de l'", "a la fin de", "a la fin du", "fin"),
        seasons=(("printemps",), ("ete",), ("automne",), ("hiver",)),
        unknown=("a une date inconnue", "inconnu", "inconnue", "on ne sait pas", "nous ne savons pas", "je ne sais pas"),
        decades=("annees #", "les annees #", "dans les annees #"),
        weeks=tuple((f"dans la {nth} semaine de", f"la {nth} semaine de", f"{nth} semaine de", f"la {nth} semaine d'", f"{nth} semaine d'") for nth in ("premiere", "deuxieme", "troisieme", "quatrieme", "derniere")),
        each_year=("chaque annee", "tous les ans"),
        fillers=("au", "en", "a l'", "le", "l'", "la", "de l'", "de", "du"),
        units={
            Unit.DAY: ("jour", "jours"),
            Unit.WEEK: ("semaine", "semaines"),
            Unit.MONTH: ("mois",),
            Unit.YEAR: ("an", "ans"),
        },
        ages={
            Said.AT: ("a # @",),
            Said.IN: ("dans la #(?:re|e|eme) @", "au #(?:er|e|eme) @", "#(?:re|er|e|eme) @"),
            Said.OLD: ("a l'age de # @", "age de # @", "agee de # @", "# @ de vie", "a # @ de vie"),
            Said.BARE: ("# @",),
        },
        numbers=(
            *("un|une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
            *("onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit"),
            *("dix-neuf", "vingt"),
        ),
    ),
}  # fmt: skip


def plain(text: str) -> str:
    """`text` in small letters, without accents or doubled spaces, its digits in ASCII, one sign for each dash and apostrophe."""
    bare = "".join(map(_ascii_digit, folded(text.translate(_SAME))))
    return " ".join(bare.split())


def languages_for(language: str) -> list[str]:
    """The languages to try for somebody who reads `language`: theirs, then the others."""
    own = language.partition("-")[0].lower()
    return sorted(WORDS, key=lambda code: (code != own, code != "en", code))


@lru_cache
def months_of(language: str) -> Mapping[str, int]:
    """The names of months, long and short, with their numbers."""
    found = dict(WORDS[language].months)
    for width in ("abbreviated", "wide"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, locale=language).items():
                found[plain(name).rstrip(".")] = number
    return found


def _ascii_digit(one: str) -> str:
    return str(unicodedata.decimal(one)) if unicodedata.decimal(one, None) is not None else one
