"""Words as they are indexed and looked for, the same on both databases.

A word is folded: lower case, without accents and marks, its letters in one form. Beside it stand its stems, and the ends
of a compound under a sign of their own. What is looked for is folded in the same way, with the stems of every language in
its script, because nobody says in which language they ask. Every step reads its text once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from beside.index.guess import language_of
from beside.index.stems import SHORTEST_END, ends_of, languages_of, sign_of, stems_of
from beside.index.unicode_forms import normalized

# Before the end of a compound, and before what isn't a word, such as a facet. No word has either.
_END, LABEL = "_", "="
LONGEST_QUERY, _MOST_WORDS, _LONGEST_WORD = 200, 12, 60
# PostgreSQL keeps at most a megabyte of words for one text.
_MOST_TOKENS = 30_000
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, and Chinese characters.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_SIGN = "\u2600-\u27bf\U0001f000-\U0001faff"
_WORD = re.compile(rf"[{_UNSPACED}]+|[{_SIGN}]|[^\W_{_UNSPACED}{_SIGN}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"}
    | {"ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ", "ς": "σ"}
)
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class Sought:
    """One word that is looked for: a text has one of `words`, or a word that begins with one of `beginnings`."""

    words: frozenset[str]
    beginnings: frozenset[str] = frozenset()

    def is_among(self, tokens: frozenset[str]) -> bool:
        """Whether it is one of these, which are few."""
        return not self.words.isdisjoint(tokens) or any(
            token.startswith(beginning) for beginning in self.beginnings for token in tokens
        )


Query = tuple[Sought, ...]


def tokens_of(text: str, language: str = "") -> set[str]:
    """What a text is found under, of its first thirty thousand forms. Without a `language` it is guessed."""
    lower = _lower(text)
    language = language or guessed(lower)
    found: set[str] = set()
    for word in _words(lower):
        if len(found) >= _MOST_TOKENS:
            break
        found |= forms(word, language)
    return found


def query_of(typed: str) -> Query:
    """What is looked for, each word of it; the last may be half a word. Empty if there is no word in it."""
    lower = _lower(typed[:LONGEST_QUERY])
    words = list(dict.fromkeys(_words(lower)))[:_MOST_WORDS]
    is_over = not lower or not _WORD.match(lower[-1])
    return tuple(_sought(word, may_go_on=not is_over and word == words[-1]) for word in words)


def words_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each word of `text`, as it was typed, begins and ends; and the word, as `forms` takes it."""
    for run in _typed().finditer(text):
        if _IS_UNSPACED.match(run[0]):
            last = max(run.end() - 1, run.start() + 1)
            yield from (
                (at, min(at + 2, run.end()), text[at : at + 2]) for at in range(run.start(), last)
            )
        else:
            yield from ((run.start(), run.end(), word) for word in _words(_lower(run[0])))


def guessed(text: str) -> str:
    """The language of a text, guessed by its words."""
    return language_of(_words(_lower(text)))


@lru_cache(maxsize=20_000)
def forms(word: str, language: str) -> frozenset[str]:
    """What one word from `words_in` is found under in a text of this language."""
    stems = stems_of(word, language)
    wholes = {_folded(one) for one in (word, *stems)}
    ends = {_END + end for whole in wholes for end in ends_of(whole, language)}
    return frozenset(one for one in _spellings(word) | _signed(stems, word, language) | ends if one)


@lru_cache(maxsize=2000)
def _sought(word: str, *, may_go_on: bool) -> Sought:
    folded = _folded(word)
    if _IS_UNSPACED.match(word):
        return Sought(frozenset({folded}))
    spelled = _spellings(word)
    for code in ("", *languages_of(word)):
        spelled |= _signed(stems_of(word, code), word, code)
    words = spelled | {_END + one for one in spelled if len(one) >= SHORTEST_END and "~" not in one}
    if not may_go_on or len(folded) < 2:
        return Sought(frozenset(words))
    beginnings = {folded} | ({_END + folded} if len(folded) >= SHORTEST_END else set())
    rest = {one for one in words if not any(one.startswith(half) for half in beginnings)}
    return Sought(frozenset(rest), frozenset(beginnings))


def _lower(text: str) -> str:
    """Lower case, with the accents that are part of a letter, and without marks and invisible signs."""
    return normalized("NFC", text).casefold().translate(_unmarked())


def _words(lower: str) -> Iterator[str]:
    for found in _WORD.finditer(lower):
        word = found[0][:_LONGEST_WORD] if not _IS_UNSPACED.match(found[0]) else found[0]
        if len(word) > 1 and _IS_UNSPACED.match(word):
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        else:
            yield word


def _spellings(word: str) -> set[str]:
    found = {_folded(word)} - {""}
    if len(word) > 1:
        found.add(_folded(word.translate(_SPELLED_OUT)))
    # A single character is looked for in scripts where a word is two of them, each in a pair.
    return found | set(word) if _IS_UNSPACED.match(word) else found


def _signed(stems: Iterable[str], word: str, language: str) -> set[str]:
    """The stems that aren't the word itself, folded, with their language's sign."""
    return {sign_of(language) + _folded(stem) for stem in stems if stem != word and _folded(stem)}


def _folded(word: str) -> str:
    plain = normalized("NFKD", word).translate(_unmarked()).translate(_ALIKE)
    return "".join(one for one in plain if one.isalnum() or _SIGN_ONLY.match(one))


_SIGN_ONLY = re.compile(f"[{_SIGN}]")


@lru_cache(maxsize=1)
def _unmarked() -> dict[int, None]:
    """Every combining mark and invisible sign, the Arabic tatweel too, as `str.translate` takes them away."""
    # Above the second plane there are only tags and variation selectors.
    places = (*range(0x20000), *range(0xE0000, 0xE01F0))
    gone = (one for one in places if unicodedata.category(chr(one)) in ("Mn", "Me", "Cf"))
    return dict.fromkeys((*gone, 0x640, *_SKIN_TONES))


@lru_cache(maxsize=1)
def _typed() -> re.Pattern[str]:
    """Words as they are typed, with their marks."""
    marks = "".join(map(re.escape, map(chr, _unmarked())))
    return re.compile(rf"[{_UNSPACED}]+|[{_SIGN}]|(?:[^\W_{_UNSPACED}{_SIGN}]|[{marks}])+")
