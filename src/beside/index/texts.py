"""Putting texts into the index, taking them out, and finding those with some words among given ones."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from secrets import randbelow
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from beside.index.analysis import LABEL, Query, Sought, tokens_of
from beside.index.models import IndexedText

_NAME, _NO_LANGUAGE, _ANY_TIME = "@", "und", datetime(2000, 1, 1, tzinfo=UTC)
# Letters that were published in the same millisecond have different keys nevertheless.
_PER_MILLISECOND = 4_000_000


def put_letter(
    post_id: UUID,
    text: str,
    language: str,
    *,
    labels: Collection[str] = (),
    open_since: datetime | None = None,
) -> None:
    """Index a letter by its text. With `open_since` it lies open to everybody, under these `labels` too."""
    tokens = tokens_of(text, language) | set(labels)
    _put(Q(post=post_id), {"post_id": post_id}, tokens, open_since)


def put_photograph(photo_id: UUID, text: str, language: str = "") -> None:
    """Index a photograph by what is said about it; without words it isn't in the index."""
    if text.strip():
        _put(Q(photo=photo_id), {"photo_id": photo_id}, tokens_of(text, language), None)
    else:
        IndexedText.objects.filter(photo=photo_id).delete()


def put_name(account_id: UUID, name: str, *, may_be_found: bool) -> None:
    """Index the name of somebody who may be found by everybody; nobody else's is in the index."""
    if may_be_found:
        tokens = {_NAME + one for one in tokens_of(name, _NO_LANGUAGE)}
        _put(Q(account=account_id), {"account_id": account_id}, tokens, _ANY_TIME)
    else:
        IndexedText.objects.filter(account=account_id).delete()


def is_called(name: str, query: Query) -> bool:
    """Whether a name has all of these words."""
    tokens = frozenset(tokens_of(name, _NO_LANGUAGE))
    return all(sought.is_among(tokens) for sought in query)


def as_names(query: Query) -> Query:
    """The same query for names in the index, which no letter has."""
    return tuple(Sought(_marked(sought.words), _marked(sought.beginnings)) for sought in query)


def forget_letters(posts: Collection[UUID]) -> None:
    """Take these letters out of the index, with what is said about the photographs in them."""
    IndexedText.objects.filter(post__in=list(posts)).delete()
    IndexedText.objects.filter(photo__placed__post__in=list(posts)).delete()


def shut(posts: Collection[UUID]) -> None:
    """Take these letters out of the index that everybody shares."""
    IndexedText.objects.filter(post__in=list(posts), open_key__isnull=False).update(open_key=None)


def compiled(query: Query) -> Callable[[str], bool]:
    """Whether the tokens of a text have all words of `query`. A text that hasn't is put aside after one look for each word."""
    parts = [_compiled(sought) for sought in query]
    return lambda tokens: all(has(tokens) for has in parts)


def texts() -> QuerySet[IndexedText]:
    """All texts, in no order. Whoever asks must narrow them to what somebody may see before they ask for words."""
    return IndexedText.objects.all()


def label(of: str) -> str:
    """A token that no text has, for something else by which an open letter is found."""
    return LABEL + "".join(one if one.isascii() and one.isalnum() else LABEL for one in of)


def _marked(words: frozenset[str]) -> frozenset[str]:
    return frozenset(_NAME + one for one in words)


def _compiled(sought: Sought) -> Callable[[str], bool]:
    wanted = [f" {one} " for one in sorted(sought.words)]
    wanted += [f" {one}" for one in sorted(sought.beginnings)]
    common = _beginning([_bare(one) for one in (*sought.words, *sought.beginnings)])
    return lambda tokens: common in tokens and any(one in tokens for one in wanted)


def _beginning(words: list[str]) -> str:
    """How all of these words begin."""
    first, last = min(words), max(words)
    alike = (place for place, one in enumerate(first) if last[place : place + 1] != one)
    return first[: next(alike, len(first))]


def _bare(token: str) -> str:
    """A token without the sign of its language, or that of an end."""
    return token.rpartition("~")[2].lstrip("_")


def _put(where: Q, what: dict[str, Any], tokens: set[str], open_since: datetime | None) -> None:
    row = IndexedText.objects.filter(where).first() or IndexedText(**what)
    written = f" {' '.join(sorted(tokens))} "
    is_open = open_since is not None
    if row.pk and row.tokens == written and (row.open_key is not None) == is_open:
        return
    row.tokens = written
    if open_since is None:
        row.open_key = None
    elif row.open_key is None:
        row.open_key = key_at(open_since) + randbelow(_PER_MILLISECOND)
    if row.pk:
        row.save()
    else:
        # Two pages may describe a photograph at once.
        kept = {"tokens": row.tokens, "open_key": row.open_key}
        IndexedText.objects.update_or_create(**what, defaults=kept)


def key_at(at: datetime) -> int:
    """The least key of a letter that was published at `at`."""
    return (int(at.timestamp()) * 1000 + at.microsecond // 1000) * _PER_MILLISECOND
