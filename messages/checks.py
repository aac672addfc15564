"""What is wrong with a translation that a program can see: what is missing, and what was changed that must not be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

from messages.catalogues import sentences

# Whatever is put in later, and the tags; a tag's attributes may be put in another order, but aren't.
_KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?[a-z]\w*[^>]*>|\|")


def missing(catalogue: Catalog) -> list[str]:
    """The sentences that aren't translated, or not in each of their plural forms."""
    return [_sentence(one) for one in sentences(catalogue) if not all(_forms(one))]


def faults(catalogue: Catalog) -> list[str]:
    """For each fault the sentence, and what is wrong with its translation."""
    return [
        f"{_sentence(message)!r}: {fault}"
        for message in sentences(catalogue)
        for fault in _faults(message)
    ]


def _faults(message: Message) -> Iterator[str]:
    asked = message.id if isinstance(message.id, list | tuple) else (message.id,)
    may_be = [_kept(one) for one in asked]
    for form in filter(None, _forms(message)):
        if _kept(form) not in may_be:
            yield f"has {_kept(form)} where the sentence has {may_be[-1]}"
        if _edges(form) != _edges(asked[0]):
            yield "begins or ends with a line break where the sentence doesn't, or the other way round"
        if not form.strip():
            yield "has nothing but blanks"
        if "'" in re.sub(r"<[^>]*>", "", form) and "'" not in asked[0]:
            yield "has a straight apostrophe"


def _kept(sentence: str) -> list[str]:
    return sorted(set(_KEPT.findall(sentence)))


def _edges(sentence: str) -> tuple[bool, bool]:
    return sentence.startswith("\n"), sentence.endswith("\n")


def _forms(message: Message) -> list[str]:
    said = message.string
    return list(said) if isinstance(said, list | tuple) else [said or ""]


def _sentence(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, list | tuple) else message.id)
