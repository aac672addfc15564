"""The language of a text whose authors haven't said which, guessed by the little words that every text has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_LITTLE = {
    "cs": "se na je že to byl jsem jsme ale když nebo už",
    "da": "og er det ikke jeg en til som på der havde blev også",
    "de": "und der die das ist nicht ich ein sie es war mit wir auf uns",
    "en": "the and of to was in it that we she he had not with you",
    "es": "el la de que y en los se no las por con una pero",
    "fi": "ja on ei oli hän se että minä me kun niin mutta",
    "fr": "le la les de et un une est pas que nous je elle avec dans",
    "hu": "az és nem hogy egy volt is meg de volna csak már",
    "it": "il di che e la un non per una con era gli sono mi",
    "nb": "og er det ikke jeg en til som på hadde ble også vi",
    "nl": "de het een en van ik niet dat we is met zijn was",
    "pl": "i w nie na się że to jest z do był była",
    "pt": "o a de que e não um uma os com para ela foi eu",
    "ro": "și în de la nu o un care a fost cu pe am",
    "ru": "и в не на я что он она мы с был было это",
    "sv": "och det är inte jag en att som på vi hade för också",
    "tr": "ve bir bu da de için çok ama ne gibi daha benim",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _code, _words in _LITTLE.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_code)
_ENOUGH, _LOOKED_AT = 3, 2000


def language_of(words: Iterable[str]) -> str:
    """The likeliest language of a text with these lower-case words, as a code; empty if nothing speaks for one."""
    votes: Counter[str] = Counter()
    for _, word in zip(range(_LOOKED_AT), words, strict=False):
        votes.update(_LANGUAGES_OF.get(word, ()))
    (code, most), *_ = votes.most_common(1) or [("", 0)]
    return code if most >= _ENOUGH else ""
