"""Names and other short lines: which characters they keep, and how they are put into other people's sentences.

A line keeps what people see, and the joiners that hold emoji, Persian and Indian letters together. It loses
what can only be noticed by what it does to the text around it: controls, changes of direction, blanks that
look like nothing. Longer texts, such as letters, are kept exactly as they were typed.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from beside.index.unicode_forms import normalized

# Invisible, though Unicode calls them letters or symbols: fillers of Hangul, the empty Braille cell, an empty note.
_BLANK_SIGNS = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\U0001d159"}
# Format characters that are seen: the number signs of Arabic and their like.
_SEEN = set(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
_JOINERS = "\u200c\u200d"
_JOINER_RUN = re.compile(f"[{_JOINERS}]+")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,12}\U000e007f")
_SCRIPTS_WITHOUT_JOINING = ("LATIN", "GREEK", "CYRILLIC")
# Marks on one letter. Hebrew and Tibetan need up to five; more only draw over the lines above and below.
_MOST_MARKS = 8

_TOP_LEVEL = (
    "com|net|org|edu|gov|info|biz|app|dev|xyz|site|online|shop|link|live|page|club|top|[a-z]{2}"
)
_TITLES = "dr|prof|mr|mrs|ms|st|fr|sr|jr|hr|bros"
_ADDRESS = re.compile(
    rf"@|://|\bwww\.|\b(?!(?:{_TITLES})\.)[\w-]{{2,63}}\.(?:{_TOP_LEVEL})(?![\w.])", re.IGNORECASE
)
_TELEPHONE = re.compile(r"(?:\d[\s()/.+-]{0,4}){7}")
# Parents put the days of their child into their own names.
_DATE = re.compile(
    r"\b(?:\d{1,2}[./-] ?\d{1,2}[./-] ?(?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:19|20)\d\d)\b"
)
_OWN_NAME = re.compile(r"\bbeside\b")
# The letters of other scripts that look like those of "beside".
_LOOK_ALIKES = str.maketrans("вьеѕіԁἱιı1!|ƅɡ3$5", "bbesidiiiiiibgess")

LONGEST_OF_FILE = 120
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_ISOLATE, _END = "\u2068", "\u2069"


class UnfitName(Exception):
    """A name that could pass for something else where others read it. Its text says why, kindly."""


class LooksLikeAddress(UnfitName):
    """A name with a mail address, a web address or a telephone number in it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Others read your name, so it can’t contain an address or a telephone number."
                " Just what people call you is best."
            )
        )


class HasLineBreak(UnfitName):
    """A name of more than one line."""

    def __init__(self) -> None:
        super().__init__(_("A name goes on one line. Please take out the line break."))


class LooksLikePlace(UnfitName):
    """A name that people could take for this program's own."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This place is called Beside, so people could think that you run it. What may we call you?"
            )
        )


def clean(line: str) -> str:
    """A name as it is kept: on one line, with single blanks, and without `harmless`'s characters.

    Empty if nothing of it can be seen.
    """
    kept = normalized("NFC", " ".join(harmless(line).split()))
    return kept if any(_is_visible(sign) for sign in kept) else ""


def harmless(line: str) -> str:
    """The line without characters that act on the text around it; line breaks become blanks."""
    line = " ".join(line.splitlines())
    flags = {place for found in _FLAG.finditer(line) for place in range(*found.span())}
    kept: list[str] = []
    marks = 0
    for place, sign in enumerate(line):
        category = unicodedata.category(sign)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if place in flags or (_is_harmless(sign, category) and marks <= _MOST_MARKS):
            kept.append(sign)
    return _JOINER_RUN.sub(_joiner, "".join(kept))


def of_file(path: str) -> str:
    """A file's name as it can be shown, without its folders: at most `LONGEST_OF_FILE` characters.

    It is never part of a path here.
    """
    last = path.replace("\\", "/").rpartition("/")[2]
    return harmless(last.replace("\t", " "))[:LONGEST_OF_FILE]


def require_personal(name: str) -> None:
    """Return only if `name` can stand for a person in a mail. Raises a kind of `UnfitName`."""
    if len(name.strip().splitlines()) > 1:
        raise HasLineBreak
    folded = normalized("NFKC", clean(name)).casefold()
    if _ADDRESS.search(folded) or _TELEPHONE.search(_DATE.sub("-day-", folded)):
        raise LooksLikeAddress
    bare = "".join(sign for sign in normalized("NFKD", folded) if sign.isprintable())
    without_marks = "".join(sign for sign in bare if not unicodedata.combining(sign))
    if _OWN_NAME.search(without_marks.translate(_LOOK_ALIKES)):
        raise LooksLikePlace


def isolated(line: str) -> str:
    """The line for a sentence of somebody else's: its own direction changes nothing around it.

    In a sentence from left to right a line without any letter from right to left needs no isolate, and so
    has none when it is copied.
    """
    line = harmless(line)
    has_other = any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in line)
    return f"{_ISOLATE}{line}{_END}" if line and (has_other or get_language_bidi()) else line


def _is_harmless(sign: str, category: str) -> bool:
    if category in ("Cc", "Cf", "Cs"):
        return sign == "\t" or sign in _JOINERS or sign in _SEEN
    return sign not in _BLANK_SIGNS


def _is_visible(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS"


def _joiner(found: re.Match[str]) -> str:
    """One joiner, if it does anything that can be seen between the characters around it."""
    line, start, end = found.string, found.start(), found.end()
    around = line[start - 1 : start] + line[end : end + 1]
    is_inside = len(around) == 2 and not any(map(str.isspace, around))
    return found[0][0] if is_inside and not all(map(_never_joins, around)) else ""


def _never_joins(sign: str) -> bool:
    return sign < "\u0300" or unicodedata.name(sign, "").startswith(_SCRIPTS_WITHOUT_JOINING)
