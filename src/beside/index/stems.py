"""The forms under which a word is found besides itself: its stem, without an article, and the end of a compound."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable

import snowballstemmer

_SNOWBALL = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
# Their stemmers cut so much off that what they leave is a word in other languages: "kin" of "kind", "em" of "Emil".
_BY_THEMSELVES = {"ca", "cs", "et", "eu", "fi", "ga", "hu", "id", "lt", "pl", "ro", "sr", "tr"}
# Languages that write several words as one.
_COMPOUNDING = {
    "af",
    "da",
    "de",
    "dsb",
    "et",
    "fi",
    "fy",
    "hsb",
    "hu",
    "is",
    "lb",
    "nb",
    "nl",
    "nn",
    "sv",
}
# A compound has at least so many letters; so many stand before its last part, which has at least so many.
_COMPOUND, _FIRST_PART, SHORTEST_END = 8, 3, 4
_LONGEST_COMPOUND = 40
# With one of these before it, the article is written with the Arabic word: "and", "so", "with", "like", "for".
_ARABIC_ARTICLE = re.compile("^(?:[وفبك]?ال|لل)(?=..)")
_ARABIC_AND = re.compile("^و(?=...)")
# Written with the Hebrew word, up to three of them: "and", "that", "the", "in", "as", "to", "from".
_HEBREW_BEFORE = "ושהבכלמ"
_MOST_BEFORE, _SHORTEST_HEBREW = 3, 2
_OWN = threading.local()


def languages_of(word: str) -> Iterable[str]:
    """The languages in whose script `word` may be written, of those that have a stemmer."""
    first = word[:1]
    return next((known for end, known in _BY_SCRIPT if first < end), ())


def stems_of(word: str, language: str) -> set[str]:
    """The stems of a lower-case word with its accents, of its script and in `language` (a BCP 47 code; empty: none)."""
    if _is_hebrew(word):
        return _hebrew(word)
    found = _arabic(word) if _is_arabic(word) else set()
    name = _SNOWBALL.get(language.partition("-")[0])
    if name:
        found.add(_stemmer(name).stemWord(word))
    return found


def sign_of(language: str) -> str:
    """What stands before a stem of this language, if its stems must not be taken for words of others."""
    code = language.partition("-")[0]
    return f"{code}~" if code in _BY_THEMSELVES else ""


def ends_of(stem: str, language: str) -> set[str]:
    """The ends of `stem` that may be the last part of a compound, if `language` has compounds."""
    if language.partition("-")[0] not in _COMPOUNDING:
        return set()
    if not _COMPOUND <= len(stem) <= _LONGEST_COMPOUND:
        return set()
    return {stem[at:] for at in range(_FIRST_PART, len(stem) - SHORTEST_END + 1)}


def _stemmer(name: str) -> snowballstemmer.basestemmer.BaseStemmer:
    """A stemmer of this thread's own: it keeps the word that it is at in itself."""
    own: dict[str, snowballstemmer.basestemmer.BaseStemmer] = _OWN.__dict__
    if name not in own:
        own[name] = snowballstemmer.stemmer(name)
    return own[name]


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[0] < "\u0780"


def _is_hebrew(word: str) -> bool:
    return "\u0590" <= word[0] < "\u0600"


def _arabic(word: str) -> set[str]:
    bare = _ARABIC_ARTICLE.sub("", word)
    return {word, bare, _ARABIC_AND.sub("", word)}


def _hebrew(word: str) -> set[str]:
    found = {word}
    for at in range(1, _MOST_BEFORE + 1):
        if len(word) - at < _SHORTEST_HEBREW or word[at - 1] not in _HEBREW_BEFORE:
            break
        found.add(word[at:])
    return found


# Up to which first character of a word which languages are asked.
_OTHER_SCRIPTS = {"ar", "el", "fa", "hi", "hy", "ne", "ru", "ta"}
_LATIN = tuple(sorted(set(_SNOWBALL) - _OTHER_SCRIPTS))
_BY_SCRIPT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("\u0370", _LATIN),
    ("\u0400", ("el",)),
    ("\u0530", ("ru", "sr")),
    ("\u0590", ("hy",)),
    ("\u0600", ()),
    ("\u0780", ("ar", "fa")),
    ("\u0900", ()),
    ("\u0980", ("hi", "ne")),
    ("\u0b80", ()),
    ("\u0c00", ("ta",)),
    ("\u1e00", ()),
    ("\u1f00", _LATIN),
    ("\u2000", ("el",)),
)
