"""The sentence of a text in which words were found, with those words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from beside.index.analysis import Query, forms, guessed, words_in

_SENTENCE = re.compile(r"[^.!?…。！？؟\n]+[.!?…。！？؟”’\"»)]*")
# What the markup of letters puts before lines and around words.
_SIGNS = re.compile(r"^[ \t]*(?:[#>•–-][ \t]+)*|\*")
# Characters that a page shows of a sentence, and of those before the first word that was found.
_LONGEST, _BEFORE = 240, 80


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a sentence. `is_found`: it is a word that was looked for."""

    text: str
    is_found: bool = False


Sentence = tuple[Piece, ...]
Spots = list[tuple[int, int]]


def sentence_with(text: str, language: str, query: Query) -> Sentence | None:
    """The first sentence with the most words of `query`; None if the text hasn't all of them (any more)."""
    language = language or guessed(text)
    met: set[int] = set()
    best, most = "", set[int]()
    for sentence in _sentences(text):
        here = {number for _, _, number in _found(sentence, language, query)}
        met |= here
        if len(here) > len(most):
            best, most = sentence, here
        if len(most) == len(query):
            break
    if len(met) < len(query):
        return None
    return _marked(best, [(start, end) for start, end, _ in _found(best, language, query)])


def plain(sentence: Sentence) -> str:
    """The sentence without its marks."""
    return "".join(piece.text for piece in sentence)


def _sentences(text: str) -> Iterator[str]:
    for found in _SENTENCE.finditer(text):
        if sentence := _SIGNS.sub("", found[0]).strip():
            yield sentence


def _found(sentence: str, language: str, query: Query) -> Iterator[tuple[int, int, int]]:
    for start, end, word in words_in(sentence):
        tokens = forms(word, language)
        yield from (
            (start, end, number) for number, one in enumerate(query) if one.is_among(tokens)
        )


def _marked(sentence: str, spots: Spots) -> Sentence:
    begin = 0
    if len(sentence) > _LONGEST and spots and spots[0][0] > _BEFORE:
        # At a word's beginning, if one is near.
        begin = sentence.find(" ", spots[0][0] - _BEFORE, spots[0][0]) + 1 or spots[0][0]
    end = min(len(sentence), begin + _LONGEST)
    pieces, at = [Piece("… ")] if begin else [], begin
    for start, stop in spots:
        if at <= start < end:
            pieces += [Piece(sentence[at:start]), Piece(sentence[start:stop], is_found=True)]
            at = stop
    pieces.append(Piece(sentence[at:end] + (" …" if end < len(sentence) else "")))
    return tuple(piece for piece in pieces if piece.text)
